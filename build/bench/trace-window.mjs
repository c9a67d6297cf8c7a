import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureDisplay } from "./display.mjs";
import { fling } from "./in-page.mjs";
import { openWindow } from "./window.mjs";

const flingMilliseconds = 6000;

/**
 * Opens a log in the product's own window, waits until all of it is indexed, and flings its list of calls.
 * @param {string} log @returns {Promise<{ frames: number, longestMs: number, over50: number, lastRow: boolean }>}
 */
export const flingThrough = async (log) => {
  const dataFolder = mkdtempSync(join(tmpdir(), "tokenglass-bench-"));
  const endDisplay = await ensureDisplay();
  try {
    const window = await openWindow({ dataFolder, count: 0 });
    try {
      const { page } = window;
      await page.getByRole("button", { name: /^Trace/ }).click();
      await page.locator(".trace").waitFor();
      await page.keyboard.press("Control+o");
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("textbox", { name: "Or the path of a log" }).fill(log);
      await dialog.getByRole("button", { name: "Open", exact: true }).click();
      await page.getByRole("tablist", { name: "Trace", exact: true }).getByRole("tab", { name: "Calls" }).click();
      const counts = page.locator(".calls-foot [role=status]");
      const rows = await allRows(counts);
      const list = page.getByRole("grid", { name: "Calls" });
      const frames = await list.evaluate(fling, flingMilliseconds);
      await list.focus();
      await page.keyboard.press("End");
      const last = list.locator('[aria-selected="true"]').filter({ hasText: (rows - 1).toLocaleString("en") });
      const lastRow = await last.waitFor({ timeout: 10_000 }).then(
        () => true,
        () => false,
      );
      return { ...frames, lastRow };
    } finally {
      await window.close();
    }
  } finally {
    endDisplay();
    rmSync(dataFolder, { recursive: true, force: true, maxRetries: 5 });
  }
};

/** Waits until the number of rows stays as it is. @param {import("@playwright/test").Locator} counts */
const allRows = async (counts) => {
  for (let before = ""; ; ) {
    const text = (await counts.textContent()) ?? "";
    if (text === before && /of [\d,]+ rows/.test(text))
      return Number(/of ([\d,]+) rows/.exec(text)?.[1]?.replaceAll(",", ""));
    before = text;
    await new Promise((resolve) => setTimeout(resolve, 2000));
  }
};
