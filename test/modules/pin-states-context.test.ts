import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestApp, type TestApp } from "../harness/app.ts";
import { addMock, firstToken, mockPins, type Settings } from "../harness/native.ts";

/** Keys with CKA_ALWAYS_AUTHENTICATE, which want the PIN again for each use, and signatures that are wrong. */

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp({ callSeconds: 10 });
});
afterAll(() => app.close());

const loggedIn = async (settings: Settings) => {
  const module = await addMock(app, settings);
  const { ref: token } = await firstToken(app, module);
  const pin = settings["pin-pad"] ? null : mockPins.user;
  await app.call("tokens.login", { module, token, who: "user", pin });
  const { rows } = await app.call("objects.list", { module, token });
  const key = rows.find((row) => row.class === "privateKey");
  if (!key) throw new Error("no private key is listed");
  const object = { handle: key.handle, class: key.class, label: key.label, id: key.id };
  return { key, request: { module, token, object } };
};

test("a key's signature is verified in software with the public key", async () => {
  const { request } = await loggedIn({});
  expect(await app.call("keys.testSignature", request)).toMatchObject({ verified: true });
});

test("a signature that is wrong is found out", async () => {
  const { request } = await loggedIn({ sign: "bad" });
  expect(await app.fails("keys.testSignature", request)).toMatchObject({ code: "TEST_SIGNATURE_FAILED" });
});

test("an always-authenticate key asks for the PIN before it is used, and takes it for one use", async () => {
  const { key, request } = await loggedIn({ "always-auth": 1 });
  expect(key.flags.join(" ")).toMatch(/always.authenticate/i);
  expect(await app.fails("keys.testSignature", request)).toMatchObject({ code: "PIN_NEEDED" });
  const used = await app.call("keys.testSignature", { ...request, contextPin: mockPins.user });
  expect(used.verified).toBe(true);
  expect(await app.fails("keys.testSignature", request)).toMatchObject({ code: "PIN_NEEDED" });
});

test("a wrong PIN for one use counts as a try, is told so, and leaves the key usable with the right one", async () => {
  const { request } = await loggedIn({ "always-auth": 1 });
  const error = await app.fails("keys.testSignature", { ...request, contextPin: "not-the-mock-pin" });
  expect(error).toMatchObject({ rv: "CKR_PIN_INCORRECT", details: { state: "some tries used" } });
  expect(JSON.stringify(error)).not.toContain("not-the-mock-pin");
  expect((await firstToken(app, request.module)).userPin.state).toBe("some tries used");
  const used = await app.call("keys.testSignature", { ...request, contextPin: mockPins.user });
  expect(used.verified).toBe(true);
});

test("the last try of the PIN for one use wants the token's name typed, and is made then", async () => {
  const { request } = await loggedIn({ "always-auth": 1 });
  const wrong = { ...request, contextPin: "not-the-mock-pin" };
  for (let tries = 0; (await firstToken(app, request.module)).userPin.state !== "final try"; tries++) {
    if (tries > 10) throw new Error("the last try does not come");
    await app.fails("keys.testSignature", wrong);
  }
  const right = { ...request, contextPin: mockPins.user };
  expect(await app.fails("keys.testSignature", right)).toMatchObject({ code: "CONFIRMATION_NEEDED" });
  const { module, token } = request;
  const { confirmation } = await app.call("tokens.pinPrompt", { module, token, who: "user" });
  if (confirmation === null) throw new Error("no text is asked for");
  expect((await app.call("keys.testSignature", { ...right, confirmation })).verified).toBe(true);
});

test("on a reader with a PIN pad the PIN for one use is entered there", async () => {
  const { request } = await loggedIn({ "always-auth": 1, "pin-pad": "strict" });
  const used = await app.call("keys.testSignature", { ...request, contextPin: null });
  expect(used.verified).toBe(true);
});
