import { join } from "node:path";
import { writeRecording } from "./harness/long-recording.ts";
import { expect, test } from "./harness/window.ts";
import { TraceScreen } from "./screens/trace-screen.ts";

const rows = 200_000;

test("any row of a long trace can be reached, and few of them are in the document", async ({ tokenglass }) => {
  test.setTimeout(180_000);
  const { page, dataFolder } = tokenglass;
  const path = join(dataFolder, "long.p11.jsonl");
  await writeRecording(path, rows);
  const trace = new TraceScreen(page);
  await trace.open(path);
  await trace.tab("Calls");
  const words = (rows + 1).toLocaleString("en");
  await expect(trace.counts()).toHaveText(`${words} of ${words} rows`, { timeout: 60_000 });

  await trace.list.focus();
  await page.keyboard.press("End");
  await expect(trace.list.locator('[aria-selected="true"]')).toContainText(rows.toLocaleString("en"));
  await page.keyboard.press("ArrowUp");
  await expect(trace.details).toContainText(`Row ${(rows - 1).toLocaleString("en")}`);
  await page.keyboard.press("Home");
  await expect(trace.list.locator('[aria-selected="true"]')).toContainText("header");
  await page.keyboard.press("e");
  await expect(trace.details).toContainText("Row 1,000");
  await trace.filter.fill("is:error");
  await expect(trace.counts()).toHaveText(`${(rows / 1000).toLocaleString("en")} of ${words} rows`);
  await page.setViewportSize({ width: 760, height: 820 });
  await trace.filter.fill("");
  await expect(trace.counts()).toHaveText(`${words} of ${words} rows`);
  expect(await trace.rows().count(), "rows in the document").toBeLessThan(60);
  const height = await trace.list.evaluate((element) => element.scrollHeight);
  expect(height).toBeLessThan(4_000_000);
});
