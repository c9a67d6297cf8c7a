import { expect, screens, test } from "./harness/window.ts";
import { recording, TraceScreen } from "./screens/trace-screen.ts";

test("a recording of a wrong PIN: the failed login, what it means, and its bytes", async ({ tokenglass: { page } }) => {
  const trace = new TraceScreen(page);
  await trace.open(recording("wrong-pin"));
  await trace.tab("Calls");
  await expect(trace.row("C_Login")).toContainText("CKR_PIN_INCORRECT");
  await trace.list.focus();
  await page.keyboard.press("e");
  await expect(trace.details.getByRole("heading", { name: "C_Login" })).toBeVisible();
  await expect(trace.details).toContainText("CKR_PIN_INCORRECT");
  await expect(trace.details.getByRole("treeitem").first()).toBeVisible();
  await screens(page, "trace-calls");
});
