import { expect, screens, test } from "./harness/window.ts";
import { recording, TraceScreen } from "./screens/trace-screen.ts";

test("a recording of a wrong PIN: the failed login, what it means, its arguments and its bytes", async ({
  tokenglass: { page },
}) => {
  const trace = new TraceScreen(page);
  await trace.open(recording("wrong-pin"));
  await trace.tab("Calls");
  await expect(trace.row("C_Login")).toContainText("CKR_PIN_INCORRECT");
  await trace.list.focus();
  await page.keyboard.press("e");
  await expect(trace.details.getByRole("heading", { name: "C_Login" })).toBeVisible();
  await expect(trace.details.getByRole("region", { name: "Explanation" })).toContainText("The PIN is wrong");
  await screens(page, "trace-calls");

  const user = trace.details.getByRole("treeitem", { name: /userType/ });
  await user.hover();
  await expect(trace.details.locator(".piece.linked")).toContainText("CKU_USER");
  await trace.details.locator(".piece", { hasText: "redacted" }).first().hover();
  await expect(trace.details.getByRole("treeitem", { name: /pPin/ })).toHaveAttribute("aria-selected", "true");
  await trace.details.getByRole("radio", { name: "Hex" }).click();
  await expect(trace.details.locator(".hex-row").first()).toContainText("000000");
  await expect(trace.details.locator(".hex-row").first()).toContainText("7b 22");
});

test("a filter is checked while it is typed, completed by the keyboard, and put together from chips and the menu", async ({
  tokenglass: { page },
}) => {
  const trace = new TraceScreen(page);
  await trace.open(recording("test"));
  await trace.tab("Calls");
  await expect(trace.counts()).toHaveText(/^([\d,]+) of \1 rows$/);

  await trace.filterBy("fnn:");
  await expect(page.locator(".filter-field")).toHaveClass(/invalid/);
  await expect(page.locator(".filter-message")).toContainText("There is no fnn");
  await trace.filter.fill("fn:C_SignI");
  await expect(page.getByRole("option", { name: /C_SignInit/ })).toBeVisible();
  await screens(page, "trace-filter");
  await trace.filter.focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(trace.filter).toHaveValue("fn:C_SignInit");
  await expect(page.locator(".filter-field")).toHaveClass(/ valid/);
  await expect(trace.row("C_GetSlotList")).toHaveCount(0);
  await expect(trace.row("C_SignInit").first()).toBeVisible();

  await page.keyboard.press("Escape");
  await expect(trace.filter).toHaveValue("");
  await trace.chip("Errors").click();
  await expect(trace.filter).toHaveValue("is:error");
  await trace.chip("Errors").click();
  await expect(trace.filter).toHaveValue("");

  await trace.row("C_GetSlotList").first().click({ button: "right" });
  await page
    .getByRole("menuitem", { name: /^Function C_GetSlotList/ })
    .first()
    .click();
  await expect(trace.filter).toHaveValue("fn:C_GetSlotList");
  await expect(trace.row("C_SignInit")).toHaveCount(0);
});

test("operations are folded, and what belongs to a call is a step away", async ({ tokenglass: { page } }) => {
  const trace = new TraceScreen(page);
  await trace.open(recording("objects"));
  await trace.tab("Calls");
  await trace.filterBy("fn:C_FindObjects*");
  await trace.row("C_FindObjectsFinal").first().click();
  await expect(trace.details.getByRole("heading", { name: "Operation" })).toBeVisible();
  await screens(page, "trace-operation");
  await trace.details
    .getByRole("button", { name: /C_FindObjectsInit/ })
    .first()
    .click();
  await expect(trace.details.getByRole("heading", { level: 2 })).toHaveText("C_FindObjectsInit");
  await expect(trace.list.locator('[aria-selected="true"]')).toContainText("C_FindObjectsInit");
  await trace.filter.fill("fn:C_FindObjects*");
  await trace.chip("Fold operations").click();
  await expect(trace.row("C_FindObjectsFinal")).toHaveCount(0);
  await expect(trace.row("C_FindObjectsInit").first()).toBeVisible();
});

test("text pasted from a page is read as far as it can be, and a text that is no log is refused with a reason", async ({
  tokenglass: { page },
}) => {
  const trace = new TraceScreen(page);
  await trace.show();
  await page.getByRole("button", { name: "Paste text…" }).click();
  await trace.dialog.getByRole("textbox").fill("Once upon a time there was no log.");
  await trace.dialog.getByRole("button", { name: "Open", exact: true }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await screens(page, "trace-refused");
});
