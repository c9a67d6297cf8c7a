import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { writeRecording } from "./harness/long-recording.ts";
import { expect, screens, test } from "./harness/window.ts";
import { TraceScreen } from "./screens/trace-screen.ts";

const line = (s: number) =>
  `{"s":${s},"t":${1764000000_000000000n + BigInt(s) * 20_000n},"d":1500,"T":4711,"f":"C_GetSessionInfo","h":1,"i":{},"o":{}}\n`;
const lines = (from: number, count: number) => Array.from({ length: count }, (_, i) => line(from + i)).join("");

test("live rows are followed; scrolling up pauses and counts what comes; 100,000 rows that arrive are all there", async ({
  tokenglass,
}) => {
  test.setTimeout(120_000);
  const { page } = tokenglass;
  const { folder } = await tokenglass.call("recording.state", {});
  // Of a process that is there and was when it began: what has ended is no longer live.
  const now = new Date().toISOString().replace(/[-:.]/g, "");
  const path = join(folder, `${now}-${process.pid}-signer.p11.jsonl`);
  await writeRecording(path, 2000);
  const trace = new TraceScreen(page);
  await trace.show();
  await page.getByRole("button", { name: "Watch live" }).first().click();
  await trace.tab("Calls");
  await expect(trace.counts()).toContainText("2,001 rows");
  await expect(trace.row("2,000")).toBeVisible();

  await appendFile(path, lines(2000, 10));
  await expect(trace.row("2,010")).toContainText("C_GetSessionInfo");

  await trace.list.hover();
  await page.mouse.wheel(0, -600);
  await expect(page.getByRole("button", { name: "Follow" })).toBeVisible();
  await appendFile(path, lines(2010, 25));
  await expect(page.locator(".follow")).toContainText("25 new rows");
  await expect(trace.row("2,035")).toHaveCount(0);
  await screens(page, "trace-live-paused");
  await page.getByRole("button", { name: "Follow" }).click();
  await expect(trace.row("2,035")).toBeVisible();

  await trace.list.hover();
  await page.mouse.wheel(0, -600);
  await expect(page.getByRole("button", { name: "Follow" })).toBeVisible();
  for (let from = 2035; from < 102_035; from += 5000) await appendFile(path, lines(from, 5000));
  await expect(trace.counts()).toContainText("102,036 rows", { timeout: 20_000 });
  await page.getByRole("button", { name: "Follow" }).click();
  await expect(trace.row("102,035")).toBeVisible();
});
