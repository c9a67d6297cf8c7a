import { rm } from "node:fs/promises";
import { join } from "node:path";
import { writeRecording } from "./harness/long-recording.ts";
import { expect, screens, test } from "./harness/window.ts";
import { TraceScreen } from "./screens/trace-screen.ts";

test("a log that is deleted while it is read, and one whose reading is stopped, say how far they were read", async ({
  tokenglass,
}) => {
  test.setTimeout(240_000);
  const { page, dataFolder } = tokenglass;
  const path = join(dataFolder, "long.p11.jsonl");
  await writeRecording(path, 3_000_000);
  const trace = new TraceScreen(page);
  await trace.open(path);
  await page.getByRole("button", { name: "Stop reading the log" }).click();
  await expect(page.getByText(/^stopped at .* of /)).toBeVisible();
  await expect(trace.panel()).toContainText("Reading was stopped: this is of the first");
  await screens(page, "trace-stopped");

  await trace.open(path);
  await rm(path);
  await expect(page.getByText(/^failed at .* of /)).toBeVisible();
  await expect(page.getByText("The log is gone")).toBeVisible();
  await expect(trace.panel()).toContainText("Reading failed: this is of the first");
  await screens(page, "trace-failed");
});
