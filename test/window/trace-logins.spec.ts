import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { heldByWindow } from "./harness/held-by-window.ts";
import { expect, screens, test } from "./harness/window.ts";
import { RecordingScreen } from "./screens/recording-screen.ts";
import { pins, TokenScreen } from "./screens/token-screen.ts";
import { recording as fixture, TraceScreen } from "./screens/trace-screen.ts";

const wrongPin = "wrong-8830-canary";

test("the app records itself: a wrong and a right PIN are seen live, with their meaning, and no PIN is anywhere", async ({
  tokenglass,
}) => {
  const { page, dataFolder } = tokenglass;
  const token = new TokenScreen(page);
  await token.initialise("Ada's token");
  await token.setUserPin();
  const recording = new RecordingScreen(page);
  const trace = new TraceScreen(page);
  await recording.startOwn();
  await recording.main.getByRole("button", { name: "Watch live" }).first().click();
  await trace.tab("Logins");

  await token.open(/Ada's token/);
  await token.logIn(wrongPin);
  await expect(token.dialog.getByRole("alert")).toContainText("CKR_PIN_INCORRECT");
  await token.field("User PIN").fill(pins.user);
  await page.keyboard.press("Enter");
  await expect(page.locator(".work-head").getByText("logged in as user")).toBeVisible();

  await page.getByRole("button", { name: /^Trace/ }).click();
  await expect(trace.logins()).toHaveCount(2);
  const [wrong, right] = [trace.logins().nth(0), trace.logins().nth(1)];
  await expect(wrong).toContainText("CKR_PIN_INCORRECT");
  await expect(wrong).toContainText("user, by PIN");
  await expect(right).toContainText("CKR_OK");
  await expect(page.getByRole("list", { name: "Who locked the token" })).toContainText("Ada's token");
  await screens(page, "trace-logins-live");

  await token.open(/Ada's token/);
  await page.getByRole("button", { name: "Log out" }).click();
  await page.getByRole("button", { name: /^Trace/ }).click();
  await expect(trace.logins()).toHaveCount(3);
  await expect(trace.logins().nth(2)).toContainText("C_Logout");

  await page
    .getByRole("button", { name: /^Show row \d+: C_Login$/ })
    .first()
    .click();
  await expect(page.getByRole("tab", { name: "Calls", exact: true })).toHaveAttribute("aria-selected", "true");

  const shown = await page.evaluate(() => document.documentElement.outerHTML);
  const folder = join(dataFolder, "traces");
  const recorded = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), "utf8")));
  expect(recorded.join("\n")).toContain('"C_Login"');
  for (const pin of [wrongPin, pins.user]) {
    expect(shown).not.toContain(pin);
    expect(await heldByWindow(page, pin)).toEqual([]);
    expect(recorded.join("\n")).not.toContain(pin);
    expect(recorded.join("\n")).not.toContain(Buffer.from(pin).toString("hex"));
  }
});

test("a recording of wrong PINs tells who it was; a mark on the line leads to its row", async ({ tokenglass }) => {
  const { page } = tokenglass;
  const trace = new TraceScreen(page);
  await trace.open(fixture("wrong-pin"));
  await trace.tab("Logins");
  await expect(trace.logins().first()).toContainText("CKR_PIN_INCORRECT");
  await expect(trace.logins().first()).toContainText("pkcs11-tool");
  await screens(page, "trace-logins");
  await page
    .getByRole("group", { name: /^Events of/ })
    .getByRole("button")
    .first()
    .click();
  await expect(page.getByRole("tab", { name: "Calls", exact: true })).toHaveAttribute("aria-selected", "true");
});

test("the summary has programs, functions with their times, return codes in words and findings", async ({
  tokenglass,
}) => {
  const { page } = tokenglass;
  const trace = new TraceScreen(page);
  await trace.open(fixture("test-level-2"));
  const functions = trace.panel().getByRole("region", { name: "Functions" });
  await expect(functions.getByRole("row").nth(1)).toContainText(/C_\w+/);
  await screens(page, "trace-summary");
  await functions.getByRole("button", { name: "Function" }).click();
  await expect(functions.getByRole("columnheader", { name: "Function" })).toHaveAttribute("aria-sort", "ascending");
  const names = await functions.locator("tbody tr td:first-child").allTextContents();
  expect(names).toEqual([...names].sort((a, b) => a.localeCompare(b)));
  await expect(trace.panel().getByRole("region", { name: "Return codes" })).toContainText("The call succeeded.");
  await expect(trace.panel().getByRole("region", { name: "Programs and threads" })).toContainText("pkcs11-tool");
  await functions.getByRole("button", { name: "C_Sign", exact: true }).click();
  await expect(page.getByRole("tab", { name: "Calls", exact: true })).toHaveAttribute("aria-selected", "true");
});

test("findings lead to their rows", async ({ tokenglass }) => {
  const { page } = tokenglass;
  const trace = new TraceScreen(page);
  await trace.open(fixture("p11tool-list"));
  const findings = trace.panel().getByRole("region", { name: "Findings" });
  await screens(page, "trace-findings");
  const link = findings.getByRole("button", { name: /^Show row/ }).first();
  const number = (await link.textContent())?.replace("Row ", "") ?? "";
  await link.click();
  await expect(page.getByRole("tab", { name: "Calls", exact: true })).toHaveAttribute("aria-selected", "true");
  // The list counts as texts about it do.
  await expect(trace.list.locator('[aria-selected="true"] .c-number')).toHaveText(number);
});
