import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestApp, type TestApp } from "../harness/app.ts";
import { addMock, firstToken, mockPins, type Settings } from "../harness/native.ts";

/** Readers with keys of their own (CKF_PROTECTED_AUTHENTICATION_PATH), and their opposite. */

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp({ callSeconds: 10 });
});
afterAll(() => app.close());

const tokenWith = async (settings: Settings) => {
  const module = await addMock(app, settings);
  const { ref: token, pinPad } = await firstToken(app, module);
  return { module, token, pinPad };
};

test("the PIN is left to the reader, and its keys are waited for", async () => {
  const { module, token, pinPad } = await tokenWith({ "pin-pad": "strict" });
  expect(pinPad).toBe(true);
  expect(await app.call("tokens.pinPrompt", { module, token, who: "user" })).toMatchObject({
    pinPad: true,
    mayTry: true,
  });
  const start = performance.now();
  expect((await app.call("tokens.login", { module, token, who: "user", pin: null })).login).toBe("user");
  expect(performance.now() - start).toBeGreaterThan(190);
});

test("a PIN given to a token with a PIN pad is not handed to its module", async () => {
  const { module, token } = await tokenWith({ "pin-pad": "strict", fault: "segv:C_Login" });
  const error = await app.fails("tokens.login", { module, token, who: "user", pin: mockPins.user });
  expect(error).toMatchObject({ code: "REFUSED" });
  expect(JSON.stringify(error)).not.toContain(mockPins.user);
  expect((await firstToken(app, module)).login).toBe("none");
});

test("user PIN set, user PIN and SO PIN changed, all on the reader", async () => {
  const { module, token } = await tokenWith({ "pin-pad": "strict", "user-pin": "locked" });
  expect(await app.call("tokens.setUserPin", { module, token, soPin: null, newPin: null })).toMatchObject({
    userPin: { state: "on the reader" },
    login: "none",
  });
  for (const who of ["user", "so"] as const)
    expect((await app.call("tokens.changePin", { module, token, who, oldPin: null, newPin: null })).pinPad).toBe(true);
});

test("giving up on the reader's keys is told as what it is, and nobody is logged in", async () => {
  const { module, token } = await tokenWith({ "pin-pad": "strict", fault: "error:C_Login:0x50" });
  const error = await app.fails("tokens.login", { module, token, who: "user", pin: null });
  expect(error).toMatchObject({ code: "PKCS11", rv: "CKR_FUNCTION_CANCELED" });
  expect((await firstToken(app, module)).login).toBe("none");
});

test("the final try on the reader wants the typed label as well", async () => {
  const { module, token } = await tokenWith({ "pin-pad": "strict", "user-pin": "final" });
  const login = { module, token, who: "user", pin: null } as const;
  expect(await app.fails("tokens.login", login)).toMatchObject({ code: "CONFIRMATION_NEEDED" });
  expect((await app.call("tokens.login", { ...login, confirmation: "Mock token" })).login).toBe("user");
});

test("without a PIN pad a PIN is needed, and none is made up", async () => {
  const { module, token } = await tokenWith({ fault: "segv:C_Login" });
  expect(await app.fails("tokens.login", { module, token, who: "user", pin: null })).toMatchObject({
    code: "PIN_NEEDED",
  });
});
