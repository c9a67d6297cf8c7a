import { expect, screens, test } from "./harness/window.ts";
import { pins, TokenScreen } from "./screens/token-screen.ts";

test("a new token is listed, initialised, given a user PIN, logged in to and out of", async ({ tokenglass }) => {
  const { page } = tokenglass;
  const token = new TokenScreen(page);
  await expect(token.title()).toHaveText("New token, not initialised");
  await expect(page.getByRole("main")).toContainText("This token is new");
  await screens(page, "token-new");

  await token.initialise("Ada's token");
  await expect(token.title()).toHaveText("Ada's token");
  await expect(page.locator(".work-head").getByText("no user PIN yet")).toBeVisible();
  await expect(token.entry("Ada's token")).toHaveAttribute("aria-current", "page");

  await token.setUserPin();
  await expect(page.locator(".work-head").getByText("no user PIN yet")).toBeHidden();
  await token.logIn();
  await expect(page.getByRole("banner").or(page.locator(".work-head")).getByText("logged in as user")).toBeVisible();
  await expect(token.sidebar).toContainText("logged in");

  await page.getByRole("button", { name: "Log out" }).click();
  await expect(page.locator(".work-head").getByText("not logged in")).toBeVisible();
});

test("a wrong PIN is explained with its CKR name, and the dialog stays", async ({ tokenglass }) => {
  const { page } = tokenglass;
  const token = new TokenScreen(page);
  await token.initialise("Wrong PIN");
  await token.setUserPin();
  await token.logIn("not-the-pin");
  const alert = token.dialog.getByRole("alert");
  await expect(alert).toContainText("CKR_PIN_INCORRECT");
  await expect(alert).toContainText("The PIN is wrong");
  await expect(token.field("User PIN")).toHaveValue("");
  await screens(page, "login-wrong-pin");
  await token.field("User PIN").fill(pins.user);
  await page.keyboard.press("Enter");
  await expect(page.locator(".work-head").getByText("logged in as user")).toBeVisible();
});

test("initialising a used token names what is lost and wants its label typed", async ({ tokenglass }) => {
  const { page, call } = tokenglass;
  const token = new TokenScreen(page);
  await token.initialise("Keep me");
  await token.setUserPin();
  await token.logIn();
  const ref = await refOf(call, "Keep me");
  await call("objects.writeData", {
    module: "demo",
    token: ref,
    label: "note",
    content: btoa("hello"),
    private: false,
  });

  await token.menu(/Initialise the token/);
  await expect(token.dialog).toContainText("Everything on Keep me");
  await expect(token.dialog).toContainText("1 object can be seen now: 1 data object");
  const action = token.dialog.getByRole("button", { name: "Destroy everything and initialise" });
  await token.field("Label").fill("Fresh");
  await token.field("SO PIN of this token").fill(pins.so);
  await token.field("SO PIN again").fill(pins.so);
  await expect(action).toBeDisabled();
  await screens(page, "initialise-again");
  const typed = token.dialog.getByRole("textbox", { name: /^Type "Keep me .+" to confirm$/ });
  await typed.fill("Keep me");
  await expect(action).toBeDisabled();
  await typed.fill(`Keep me ${ref.serial}`);
  await expect(action).toBeDisabled();
  await token.dialog.getByText("What is still needed from it is kept elsewhere.").click();
  await action.click();
  await expect(token.title()).toHaveText("Fresh");
  const fresh = await refOf(call, "Fresh");
  expect((await call("objects.list", { module: "demo", token: fresh })).count).toBe(0);
});

test("a label that is too long for the token is refused while it is typed", async ({ tokenglass }) => {
  const { page } = tokenglass;
  const token = new TokenScreen(page);
  await page.getByRole("button", { name: "Initialise this token" }).click();
  await token.field("Label").fill("ü".repeat(17));
  await expect(token.dialog).toContainText("34 of at most 32 bytes");
  await expect(token.dialog.getByRole("button", { name: "Initialise", exact: true })).toBeDisabled();
  await page.keyboard.press("Escape");
  await expect(token.dialog).toBeHidden();
});

test("user PIN and SO PIN are changed, and a forgotten user PIN is set anew with the SO PIN", async ({
  tokenglass,
}) => {
  const { page } = tokenglass;
  const token = new TokenScreen(page);
  await token.initialise("PINs");
  await token.setUserPin();

  await token.menu(/Change the user PIN/);
  await token.field("Old user PIN").fill(pins.user);
  await token.field("New user PIN").fill(pins.newUser);
  await token.field("New user PIN again").fill(pins.newUser);
  await screens(page, "change-pin");
  await token.dialog.getByRole("button", { name: "Change PIN" }).click();
  await expect(token.dialog).toBeHidden();
  await token.logIn(pins.newUser);
  await expect(page.locator(".work-head").getByText("logged in as user")).toBeVisible();
  await page.getByRole("button", { name: "Log out" }).click();

  await token.menu(/Unblock/);
  await token.field("SO PIN").fill(pins.so);
  await token.field("New user PIN").fill(pins.user);
  await token.field("New user PIN again").fill(pins.user);
  await token.dialog.getByRole("button", { name: "Set user PIN" }).click();
  await expect(token.dialog).toBeHidden();
  await token.logIn();
  await expect(page.locator(".work-head").getByText("logged in as user")).toBeVisible();
});

test("token information and mechanisms are shown in words", async ({ tokenglass }) => {
  const { page } = tokenglass;
  const token = new TokenScreen(page);
  await token.initialise("Facts");
  await page.getByRole("tab", { name: "Token" }).click();
  await expect(page.getByRole("tabpanel")).toContainText("SoftHSM project");
  await expect(page.getByRole("tabpanel")).toContainText("not reported");
  await screens(page, "token-facts");
  await page.getByRole("tab", { name: "Mechanisms" }).click();
  await page.getByRole("searchbox", { name: "Filter mechanisms" }).fill("ecdsa sign");
  await expect(page.getByRole("cell", { name: "CKM_ECDSA", exact: true })).toBeVisible();
  await screens(page, "mechanisms");
});

test("everything is reachable by keyboard: palette, log in, theme", async ({ tokenglass }) => {
  const { page } = tokenglass;
  const token = new TokenScreen(page);
  await token.initialise("Keys only");
  await token.setUserPin();
  await page.keyboard.press("Control+l");
  await page.keyboard.type(pins.user);
  await page.keyboard.press("Enter");
  await expect(page.locator(".work-head").getByText("logged in as user")).toBeVisible();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("theme dark");
  await screens(page, "palette");
  await page.keyboard.press("Enter");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("log out");
  await page.keyboard.press("Enter");
  await expect(page.locator(".work-head").getByText("not logged in")).toBeVisible();
});

const refOf = async (call: import("./harness/window.ts").Tokenglass["call"], label: string) => {
  const { slots } = await call("tokens.slots", { module: "demo" });
  const token = slots.find(({ token }) => token?.label === label)?.token;
  if (!token) throw new Error(`no token ${label}`);
  return token.ref;
};
