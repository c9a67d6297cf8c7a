import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TokenRow } from "../../preload/contract/tokens.ts";
import { initialisedToken, openTestApp, type TestApp, testPins } from "../harness/app.ts";

const module = "demo";
const changedPin = "user-5172-canary-changed";
const changedSoPin = "so-8834-canary-changed";
const wrongPin = "wrong-6605-canary";

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(() => app.close());

const fresh = async (label: string) => (await initialisedToken(app, label, false)).token;
const rowOf = async (token: TokenRow["ref"]) => {
  const { slots } = await app.call("tokens.slots", { module });
  const row = slots.find((slot) => slot.token?.serial === token.serial)?.token;
  if (!row) throw new Error("the token is not listed");
  return row;
};
const login = (token: TokenRow["ref"], who: "user" | "so", pin: string) =>
  app.call("tokens.login", { module, token, who, pin });

describe("logging in", () => {
  test("user and SO, one after the other; the state is in the row and in an event each time", async () => {
    const token = await fresh("Login");
    for (const who of ["user", "so"] as const) {
      expect(await login(token, who, testPins[who])).toMatchObject({ login: who, serial: token.serial });
      expect((await rowOf(token)).login).toBe(who);
      await app.event("tokens.changed", ({ slots }) =>
        slots.some((slot) => slot.token?.serial === token.serial && slot.token.login === who),
      );
      expect(await app.call("tokens.logout", { module, token })).toMatchObject({ login: "none" });
    }
    expect((await app.call("tokens.logout", { module, token })).login).toBe("none");
  });

  test("a second login is refused, since its PIN would not be looked at", async () => {
    const token = await fresh("Twice");
    await login(token, "user", testPins.user);
    const again = await app.fails("tokens.login", { module, token, who: "user", pin: wrongPin });
    expect(again).toMatchObject({ code: "REFUSED", details: { login: "user" } });
    const other = await app.fails("tokens.login", { module, token, who: "so", pin: testPins.so });
    expect(other).toMatchObject({ code: "REFUSED", details: { login: "user" } });
    expect((await rowOf(token)).login).toBe("user");
  });

  test("a wrong PIN: the CKR name, the state as the flags have it afterwards, and no login", async () => {
    const token = await fresh("Wrong");
    const error = await app.fails("tokens.login", { module, token, who: "user", pin: wrongPin });
    expect(error).toMatchObject({
      code: "PKCS11",
      rv: "CKR_PIN_INCORRECT",
      where: `C_Login as user, token Wrong (serial ${token.serial})`,
      details: { state: "some tries used" },
    });
    expect(error.message).toContain("Some tries for the user PIN are used up");
    expect(error.message).not.toMatch(/\d/);
    expect((await rowOf(token)).userPin.state).toBe("some tries used");
    expect(await app.call("tokens.pinPrompt", { module, token, who: "user" })).toMatchObject({
      mayTry: true,
      pinPad: false,
      confirmation: null,
      state: { state: "some tries used" },
      minLength: 4,
      maxLength: 255,
    });
    const row = await login(token, "user", testPins.user);
    expect(row).toMatchObject({ login: "user", userPin: { state: "set" } });
  });

  test("a PIN whose length cannot be right is not sent: no try is used", async () => {
    const token = await fresh("Length");
    const error = await app.fails("tokens.login", { module, token, who: "user", pin: "123" });
    expect(error).toMatchObject({ code: "PIN_LENGTH", details: { min: 4, max: 255 } });
    expect(error.message).toContain("It was not sent");
    expect((await rowOf(token)).userPin.state).toBe("set");
  });

  test("no PIN where no user PIN is set: the module's own answer, with what to do", async () => {
    const { slots } = await app.call("tokens.slots", { module });
    const free = slots.find(({ token }) => token && !token.initialised)?.token?.ref;
    if (!free) throw new Error("SoftHSM shows no free slot");
    const { ref } = await app.call("tokens.initialise", { module, token: free, label: "Bare", soPin: testPins.so });
    expect(await app.call("tokens.pinPrompt", { module, token: ref, who: "user" })).toMatchObject({ mayTry: false });
    const error = await app.fails("tokens.login", { module, token: ref, who: "user", pin: testPins.user });
    expect(error).toMatchObject({ rv: "CKR_USER_PIN_NOT_INITIALIZED" });
    expect(error.remedy).toContain("SO PIN");
  });
});

describe("changing PINs", () => {
  test("the user PIN, with nobody logged in and with the user logged in", async () => {
    const token = await fresh("Change");
    const change = { module, token, who: "user" as const };
    await app.call("tokens.changePin", { ...change, oldPin: testPins.user, newPin: changedPin });
    expect(await login(token, "user", changedPin)).toMatchObject({ login: "user" });
    const row = await app.call("tokens.changePin", { ...change, oldPin: changedPin, newPin: testPins.user });
    expect(row.login).toBe("user");
    await app.call("tokens.logout", { module, token });
    expect(await app.fails("tokens.login", { ...change, pin: changedPin })).toMatchObject({ rv: "CKR_PIN_INCORRECT" });
    await login(token, "user", testPins.user);
  });

  test("a wrong old PIN changes nothing, and a new one of the wrong length is not sent", async () => {
    const token = await fresh("Keep");
    const change = { module, token, who: "user" as const };
    const wrong = await app.fails("tokens.changePin", { ...change, oldPin: wrongPin, newPin: changedPin });
    expect(wrong).toMatchObject({ rv: "CKR_PIN_INCORRECT", message: expect.stringContaining("nothing was changed") });
    const short = await app.fails("tokens.changePin", { ...change, oldPin: testPins.user, newPin: "123" });
    expect(short).toMatchObject({ code: "PIN_LENGTH", message: expect.stringContaining("new user PIN") });
    await login(token, "user", testPins.user);
  });

  test("the SO PIN, which then is the one for a new user PIN", async () => {
    const token = await fresh("Change SO");
    const row = await app.call("tokens.changePin", {
      module,
      token,
      who: "so",
      oldPin: testPins.so,
      newPin: changedSoPin,
    });
    expect(row.login).toBe("none");
    const old = await app.fails("tokens.setUserPin", { module, token, soPin: testPins.so, newPin: changedPin });
    expect(old).toMatchObject({ rv: "CKR_PIN_INCORRECT", message: expect.stringContaining("SO PIN is wrong") });
    await app.call("tokens.setUserPin", { module, token, soPin: changedSoPin, newPin: changedPin });
    await login(token, "user", changedPin);
  });

  test("a new user PIN with the SO PIN ends the user's login, and leaves an SO logged in", async () => {
    const token = await fresh("Unblock");
    await login(token, "user", testPins.user);
    const set = { module, token, soPin: testPins.so, newPin: changedPin };
    expect((await app.call("tokens.setUserPin", set)).login).toBe("none");
    await login(token, "so", testPins.so);
    expect((await app.call("tokens.setUserPin", set)).login).toBe("so");
    await app.call("tokens.logout", { module, token });
    await login(token, "user", changedPin);
  });
});

test("no PIN is in the data folder, in an event or in an error", async () => {
  const pins = [testPins.so, testPins.user, changedPin, changedSoPin, wrongPin];
  const token = await fresh("Canary");
  const errors = [
    await app.fails("tokens.login", { module, token, who: "user", pin: wrongPin }),
    await app.fails("tokens.login", { module, token, who: "so", pin: wrongPin }),
    await app.fails("tokens.setUserPin", { module, token, soPin: wrongPin, newPin: changedPin }),
    await app.fails("tokens.login", { module, token, who: "user", pin: 5 as unknown as string }),
  ];
  const files = await readdir(app.dataFolder, { recursive: true, withFileTypes: true });
  const contents = await Promise.all(
    files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name), "latin1")),
  );
  const everything = [JSON.stringify(errors), JSON.stringify(app.events), ...contents].join("\n");
  expect(contents.length).toBeGreaterThan(3);
  for (const pin of pins) expect(everything.includes(pin), pin).toBe(false);
});
