import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestApp, type TestApp } from "../harness/app.ts";
import { addMock, firstToken, mockPins, type Settings } from "../harness/native.ts";

/**
 * What the app does in every state that a PIN can be in. Where a try must not be made, the module is told to crash
 * in the function that would make it: a host that lives on was not asked.
 */

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp({ callSeconds: 10 });
});
afterAll(() => app.close());

const wrong = "not-the-mock-pin";
let files = 0;
/** Words without the standard's own number. */
const plain = (words: string) => words.replaceAll("PKCS#11", "");
/** A file in which the mock keeps its counters, as a device does. */
const stateFile = () => join(app.dataFolder, `pins-${++files}`);

const tokenWith = async (settings: Settings) => {
  const module = await addMock(app, settings);
  const { ref, ...row } = await firstToken(app, module);
  const address = { module, token: ref };
  return {
    address,
    row,
    now: () => firstToken(app, module),
    login: (pin: string | null, confirmation?: string) =>
      app.call("tokens.login", { ...address, who: "user", pin, confirmation }),
    loginFails: (pin: string | null, confirmation?: string) =>
      app.fails("tokens.login", { ...address, who: "user", pin, confirmation }),
  };
};

const states = [
  { settings: {}, state: "set" },
  { settings: { "user-pin": "unset" }, state: "not set" },
  { settings: { "user-pin": "low" }, state: "some tries used" },
  { settings: { "user-pin": "final" }, state: "final try" },
  { settings: { "user-pin": "locked" }, state: "locked" },
  { settings: { "user-pin": "change" }, state: "must be changed" },
  { settings: { "pin-pad": 1 }, state: "on the reader" },
];

test.each(states)("the flags say $state, and the words name no number of tries", async ({ settings, state }) => {
  const { address, row } = await tokenWith(settings);
  expect(row.userPin.state).toBe(state);
  expect(plain(row.userPin.words)).not.toMatch(/\d/);
  const prompt = await app.call("tokens.pinPrompt", { ...address, who: "user" });
  expect(prompt.state.state).toBe(state);
  expect(prompt.mayTry).toBe(!["not set", "locked"].includes(state));
  expect(prompt.confirmation).toBe(state === "final try" ? "Mock token" : null);
});

test.each(states.slice(2, 5))("the SO PIN's flags say $state apart from the user's", async ({ settings, state }) => {
  const { row } = await tokenWith({ "so-pin": Object.values(settings)[0] });
  expect(row.soPin.state).toBe(state);
  expect(plain(row.soPin.words)).not.toMatch(/\d/);
  expect(row.userPin.state).toBe("set");
});

test("each wrong PIN is told with the state after it, until the PIN is locked; a restart changes nothing", async () => {
  const { address, loginFails, now } = await tokenWith({ state: stateFile() });
  expect(await loginFails(wrong)).toMatchObject({
    code: "PKCS11",
    rv: "CKR_PIN_INCORRECT",
    details: { state: "some tries used" },
  });
  expect(await loginFails(wrong)).toMatchObject({ rv: "CKR_PIN_INCORRECT", details: { state: "final try" } });

  await app.call("modules.restart", { module: address.module });
  expect((await now()).userPin.state).toBe("final try");
  const last = await loginFails(wrong, "Mock token");
  expect(last).toMatchObject({ code: "PIN_LOCKED", details: { state: "locked" } });
  expect(last.remedy).toContain("SO PIN");

  await app.call("modules.restart", { module: address.module });
  expect((await now()).userPin.state).toBe("locked");
});

test("a wrong PIN is tried once and is in no error and no event", async () => {
  const { loginFails, now } = await tokenWith({ fault: "segv:C_Login@2+" });
  const error = await loginFails(wrong);
  expect(error).toMatchObject({ rv: "CKR_PIN_INCORRECT" });
  expect((await now()).userPin.state).toBe("some tries used");
  expect(JSON.stringify([error, app.events])).not.toContain(wrong);
});

test("the right PIN restores the tries", async () => {
  const { login, now } = await tokenWith({ "user-pin": "low" });
  expect(await login(mockPins.user)).toMatchObject({ login: "user", userPin: { state: "set" } });
  expect((await now()).userPin.state).toBe("set");
});

test.each([undefined, "", "mock token", "MOCK0001"])(
  "the last try is not made with the confirmation %j; the module is not asked",
  async (confirmation) => {
    const { loginFails, now } = await tokenWith({ "user-pin": "final", fault: "segv:C_Login" });
    expect(await loginFails(mockPins.user, confirmation)).toMatchObject({
      code: "CONFIRMATION_NEEDED",
      details: { expected: "Mock token", state: "final try" },
    });
    expect((await now()).userPin.state).toBe("final try");
  },
);

test("the last try is made when the token's label was typed", async () => {
  const { login } = await tokenWith({ "user-pin": "final" });
  expect(await login(mockPins.user, "Mock token")).toMatchObject({ login: "user", userPin: { state: "set" } });
});

test("the flags are read right before the try: tries that another program used up are seen", async () => {
  const state = stateFile();
  const [ours, theirs] = [await tokenWith({ state }), await tokenWith({ state, objects: 1 })];
  expect(ours.row.userPin.state).toBe("set");
  await theirs.loginFails(wrong);
  await theirs.loginFails(wrong);
  expect(await ours.loginFails(mockPins.user)).toMatchObject({ code: "CONFIRMATION_NEEDED" });
});

test("a locked user PIN is not tried, and the SO PIN sets a new one without touching the objects", async () => {
  const { address, loginFails, login } = await tokenWith({ "user-pin": "locked" });
  const before = await app.call("objects.list", address);
  const error = await loginFails(mockPins.user);
  expect(error).toMatchObject({ code: "PIN_LOCKED" });
  expect(error.rv).toBeUndefined();
  expect(error.remedy).toContain("SO PIN");
  const row = await app.call("tokens.setUserPin", { ...address, soPin: mockPins.so, newPin: "fresh-user-pin" });
  expect(row).toMatchObject({ userPin: { state: "set" }, login: "none" });
  expect((await app.call("objects.list", address)).rows).toEqual(before.rows);
  expect((await login("fresh-user-pin")).login).toBe("user");
});

test("a locked SO PIN is not tried, and the way out says what it destroys", async () => {
  const { address } = await tokenWith({ "so-pin": "locked", fault: "segv:C_Login" });
  const error = await app.fails("tokens.setUserPin", { ...address, soPin: mockPins.so, newPin: "fresh-user-pin" });
  expect(error).toMatchObject({ code: "PIN_LOCKED" });
  expect(error.remedy).toMatch(/destroys every object/);
});

test("the SO PIN's last try needs the label too: unblocking, changing, initialising", async () => {
  const { address, now } = await tokenWith({
    "so-pin": "final",
    fault: ["segv:C_Login", "segv:C_InitToken", "segv:C_SetPIN"],
  });
  const { so, user } = mockPins;
  const refused = { code: "CONFIRMATION_NEEDED" };
  expect(await app.fails("tokens.setUserPin", { ...address, soPin: so, newPin: user })).toMatchObject(refused);
  expect(
    await app.fails("tokens.changePin", { ...address, who: "so", oldPin: so, newPin: "fresh-so-pin" }),
  ).toMatchObject(refused);
  expect(await app.fails("tokens.initialise", { ...address, label: "New", soPin: so })).toMatchObject(refused);
  expect((await now()).soPin.state).toBe("final try");
});

test("a PIN of a wrong length is not sent", async () => {
  const { loginFails, now } = await tokenWith({ "smartcard-hsm": 1, fault: "segv:C_Login" });
  expect(await loginFails("12345")).toMatchObject({ code: "PIN_LENGTH", details: { min: 6, max: 15 } });
  expect(await loginFails("1234567890123456")).toMatchObject({ code: "PIN_LENGTH" });
  // Eight characters, but sixteen bytes of UTF-8.
  expect(await loginFails("ääääääää")).toMatchObject({ code: "PIN_LENGTH" });
  expect((await now()).userPin.state).toBe("set");
});

test("a token that sets no flags is not said to have tries to spare", async () => {
  const { loginFails } = await tokenWith({ "pin-flags": "never" });
  const error = await loginFails(wrong);
  expect(error.rv).toBe("CKR_PIN_INCORRECT");
  expect(error.message).toMatch(/do not tell whether tries are used up/);
});

test("a PIN that must be changed is said so, and changing it ends that", async () => {
  const { address, row } = await tokenWith({ "user-pin": "change" });
  expect(row.userPin.words).toMatch(/must be changed/);
  const changed = await app.call("tokens.changePin", {
    ...address,
    who: "user",
    oldPin: mockPins.user,
    newPin: "fresh-user-pin",
  });
  expect(changed.userPin.state).toBe("set");
});
