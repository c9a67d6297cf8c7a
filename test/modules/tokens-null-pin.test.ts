import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestApp, type TestApp } from "../harness/app.ts";
import { addMock, firstToken } from "../harness/native.ts";

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(() => app.close());

const reader = async (settings: Record<string, string> = {}) => {
  const module = await addMock(app, { "pin-pad": "strict", ...settings });
  return { module, token: (await firstToken(app, module)).ref };
};

test("a module that takes an empty PIN for a wrong one gets none at all: each call lets the reader ask", async () => {
  const { module, token } = await reader();
  const pad = { module, token };
  expect(await app.call("tokens.login", { ...pad, who: "user", pin: null })).toMatchObject({ login: "user" });
  await app.call("tokens.logout", pad);
  expect(await app.call("tokens.login", { ...pad, who: "so", pin: null })).toMatchObject({ login: "so" });
  await app.call("tokens.logout", pad);
  await app.call("tokens.setUserPin", { ...pad, soPin: null, newPin: null });
  await app.call("tokens.changePin", { ...pad, who: "user", oldPin: null, newPin: null });
  const row = await app.call("tokens.changePin", { ...pad, who: "so", oldPin: null, newPin: null });
  expect(row).toMatchObject({ userPin: { state: "on the reader" }, soPin: { state: "on the reader" } });
});

test("an SO PIN is set on the reader when a token is initialised", async () => {
  const { module, token } = await reader({ slots: "blank" });
  const row = await app.call("tokens.initialise", { module, token, label: "On the reader", soPin: null });
  expect(row).toMatchObject({ label: "On the reader", initialised: true, soPin: { state: "on the reader" } });
});

test("what the reader answers is told by its name", async () => {
  const { module, token } = await reader({ fault: "error:C_Login:0x50" });
  const error = await app.fails("tokens.login", { module, token, who: "user", pin: null });
  expect(error).toMatchObject({ code: "PKCS11", rv: "CKR_FUNCTION_CANCELED" });
  expect(error.where).toContain("C_Login");
});
