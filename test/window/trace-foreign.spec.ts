import { heldByWindow } from "./harness/held-by-window.ts";
import { expect, screens, test } from "./harness/window.ts";
import { TraceScreen } from "./screens/trace-screen.ts";

const log = new URL("../fixtures/opensc-spy/wrong-pin-0.23.log", import.meta.url).pathname;

test("the PIN in a log of OpenSC's spy is masked everywhere, shown on demand alone, and forgotten", async ({
  tokenglass: { page },
}) => {
  const trace = new TraceScreen(page);
  await trace.open(log);
  await trace.tab("Calls");
  await expect(page.locator(".trace-limits")).toContainText("How long a call took is not in the log");
  await trace.filterBy("fn:C_Login");
  await trace.row("C_Login").first().click();
  const pin = trace.details.getByRole("treeitem", { name: /pPin/ });
  await expect(pin).toContainText(/masked \(\d+ bytes\)/);
  await screens(page, "trace-masked");
  await pin.getByRole("button", { name: "Reveal pPin" }).click();
  await expect(trace.dialog).toContainText("may be, a secret");
  await screens(page, "trace-reveal");
  await trace.dialog.getByRole("button", { name: "Reveal it" }).click();
  const shown = trace.dialog.locator("dd").first();
  await expect(shown).not.toBeEmpty();
  const secret = ((await shown.textContent()) ?? "").trim();
  expect(secret.length).toBeGreaterThan(3);
  await trace.dialog.getByRole("button", { name: "Close" }).click();
  await expect(trace.dialog).toHaveCount(0);
  await expect.poll(() => heldByWindow(page, secret)).toEqual([]);
});

test("an export is proposed beside the log's name; what it masked is said", async ({ tokenglass }) => {
  const { page, dataFolder } = tokenglass;
  const trace = new TraceScreen(page);
  await trace.open(log);
  await page.getByRole("button", { name: "Export…" }).click();
  await trace.dialog.getByRole("textbox", { name: "Folder" }).fill(dataFolder);
  await expect(trace.dialog.getByRole("textbox", { name: "File name" })).toHaveValue("wrong-pin-0.23-masked.log");
  await screens(page, "trace-export");
  await trace.dialog.getByRole("button", { name: "Export", exact: true }).click();
  await expect(trace.dialog.getByRole("heading", { name: "Exported" })).toBeVisible();
  await expect(trace.dialog.getByText("1 time", { exact: true })).toBeVisible();
  await screens(page, "trace-exported");
});

test("a log of OpenSC shows its calls with the commands to the card, their time and what they came to", async ({
  tokenglass: { page },
}) => {
  const trace = new TraceScreen(page);
  await trace.open(new URL("../fixtures/opensc-debug/piv-wrong-pin-level9-0.23.log", import.meta.url).pathname);
  const commands = page.getByRole("region", { name: "Commands to the card" });
  await expect(commands.getByRole("row", { name: /VERIFY/ })).toContainText("ms");
  await screens(page, "trace-card-summary");
  await commands.getByRole("button", { name: "VERIFY", exact: true }).click();
  await expect(trace.counts()).toContainText("2 of");
  await expect(trace.row("63C3")).toContainText("Asked how many tries are left");
  await expect(trace.row("63C2")).toContainText("Wrong PIN: 2 tries left");
  await trace.filterBy("rv:CKR_PIN_INCORRECT OR rv:63C2");
  await expect(trace.row("C_Login")).toContainText("CKR_PIN_INCORRECT");
  // Completions stand over the chips until the filter is taken.
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Without log lines" }).click();
  await expect(trace.filter).toHaveValue("(rv:CKR_PIN_INCORRECT OR rv:63C2) is:action");
  await trace.row("63C2").click();
  await screens(page, "trace-card-calls");
});
