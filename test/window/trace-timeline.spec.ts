import { expect, screens, test } from "./harness/window.ts";
import { recording, TraceScreen } from "./screens/trace-screen.ts";

test("a timeline has a lane for each thread, is worked with by keyboard, and leads to the call", async ({
  tokenglass: { page },
}) => {
  const trace = new TraceScreen(page);
  await trace.open(recording("threads"));
  await trace.tab("Timeline");
  const lanes = page.getByRole("list", { name: "Threads" }).getByRole("listitem");
  await expect(lanes).not.toHaveCount(0);
  await expect(lanes.first()).toContainText("call");
  const area = page.getByRole("application", { name: /Timeline of/ });
  const foot = page.locator(".timeline-foot [role=status]");
  const whole = await foot.textContent();
  await area.focus();
  await page.keyboard.press("w");
  await page.keyboard.press("w");
  await expect(foot).not.toHaveText(whole ?? "");
  await page.keyboard.press("d");
  await page.keyboard.press("0");
  await expect(foot).toHaveText(whole ?? "");
  await page.keyboard.press("ArrowRight");
  await expect(foot).toContainText("row");
  await page.keyboard.press("ArrowRight");
  await screens(page, "trace-timeline");
  const name = (await foot.locator("strong").textContent()) ?? "";
  await area.focus();
  await page.keyboard.press("Enter");
  await expect(trace.details.getByRole("heading", { level: 2 })).toHaveText(name);
});

test("a log with another one beside it: the first call that differs is shown", async ({ tokenglass: { page } }) => {
  const trace = new TraceScreen(page);
  await trace.open(recording("change-pin"));
  await trace.tab("Compare");
  await expect(page.getByRole("heading", { name: "Nothing to compare with" })).toBeVisible();
  await trace.open(recording("wrong-pin"));
  await trace.tab("Compare");
  await expect(page.getByText("The two part here")).toBeVisible();
  const first = page.locator(".compare-table .first");
  await expect(first).toHaveCount(1);
  await screens(page, "trace-compare");
  await first.getByRole("button").first().click();
  await expect(trace.details.getByRole("heading", { level: 2 })).toBeVisible();
});
