import { afterAll, beforeAll, expect, test } from "vitest";
import type { TokenRow } from "../../preload/contract/tokens.ts";
import { openTestApp, type TestApp } from "../harness/app.ts";
import { addMock, firstToken } from "../harness/native.ts";

let app: TestApp;
let module: string;
let token: TokenRow["ref"];
beforeAll(async () => {
  app = await openTestApp();
  module = await addMock(app, { "smartcard-hsm": 1 });
  token = (await firstToken(app, module)).ref;
});
afterAll(() => app.close());

test("the SO PIN is never tried by C_Login alone, which would seem to succeed with any", async () => {
  const error = await app.fails("tokens.login", { module, token, who: "so", pin: "3537363231383830" });
  expect(error).toMatchObject({ code: "REFUSED", message: expect.stringContaining("no SO login") });
  expect(await app.call("tokens.pinPrompt", { module, token, who: "so" })).toMatchObject({
    loginRefused: expect.stringContaining("no SO login"),
  });
  expect(await app.call("tokens.pinPrompt", { module, token, who: "user" })).toMatchObject({ loginRefused: null });
  const { slots } = await app.call("tokens.slots", { module });
  expect(slots[0]?.token?.soPin.state).toBe("set");
});

test("the SO PIN has 16 digits, whatever lengths the token gives for the user PIN", async () => {
  const prompt = { module, token };
  expect(await app.call("tokens.pinPrompt", { ...prompt, who: "so" })).toMatchObject({ minLength: 16, maxLength: 16 });
  expect(await app.call("tokens.pinPrompt", { ...prompt, who: "user" })).toMatchObject({ minLength: 6, maxLength: 15 });
  const short = { ...prompt, soPin: "35373632", newPin: "648219" };
  expect(await app.fails("tokens.setUserPin", short)).toMatchObject({
    code: "PIN_LENGTH",
    details: { min: 16, max: 16 },
  });
});
