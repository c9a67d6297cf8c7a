import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestApp, type TestApp } from "../harness/app.ts";
import { addMock, firstToken, mockPins, type Settings } from "../harness/native.ts";

/** Tokens and objects that are not what the standard says, or rarely seen. */

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp({ callSeconds: 30 });
});
afterAll(() => app.close());

const hex = (text: string) => Buffer.from(text, "latin1").toString("hex");

const listed = async (settings: Settings, login = false) => {
  const module = await addMock(app, settings);
  const { ref: token } = await firstToken(app, module);
  if (login) await app.call("tokens.login", { module, token, who: "user", pin: mockPins.user });
  return { module, token, ...(await app.call("objects.list", { module, token })) };
};

test.each([
  ["bytes that are not UTF-8", "\xff\xfeKey", "\\xff\\xfeKey"],
  ["a NUL in the middle", "a\0b", "a\\x00b"],
  ["a line break", "two\nlines", "two\\nlines"],
])("an object label with %s is shown escaped, with its bytes", async (_what, bytes, shown) => {
  const { rows, module, token } = await listed({ "object-label": hex(bytes) });
  const row = rows.find(({ labelHex }) => labelHex === hex(bytes));
  expect(row?.label).toBe(shown);
  expect(rows).toHaveLength(5);
  // The escaped label still addresses the object.
  if (!row) throw new Error("no such row");
  const { attributes } = await app.call("objects.attributes", {
    module,
    token,
    object: { handle: row.handle, class: row.class, label: row.label, id: row.id },
  });
  expect(attributes.find(({ name }) => name === "CKA_LABEL")?.hex).toBe(hex(bytes));
});

test.each([
  ["bytes that are not UTF-8", "\xffToken"],
  ["a NUL in the middle", "a\0b"],
  ["a line break", "two\nlines"],
])("a token label with %s is shown without control characters and the token can be used", async (_what, bytes) => {
  const module = await addMock(app, { label: hex(bytes) });
  const token = await firstToken(app, module);
  expect(token.label).not.toMatch(/[\x00-\x1f\x7f]/);
  expect((await app.call("objects.list", { module, token: token.ref })).count).toBe(5);
});

const unreadable = [
  {
    what: "CKA_ID cannot be read",
    settings: { "attr-fail": "0x102:0x12" },
    attribute: "CKA_ID",
    rv: "CKR_ATTRIBUTE_TYPE_INVALID",
  },
  {
    what: "CKA_VALUE is sensitive",
    settings: { "attr-fail": "0x11:0x11" },
    attribute: "CKA_VALUE",
    rv: "CKR_ATTRIBUTE_SENSITIVE",
  },
  {
    what: "CKA_LABEL fails with a general error",
    settings: { "attr-fail": "0x3:0x5" },
    attribute: "CKA_LABEL",
    rv: "CKR_GENERAL_ERROR",
  },
  {
    what: "one attribute spoils the whole template",
    settings: { "attr-fail": "0x102:0x12", strict: 1 },
    attribute: "CKA_ID",
    rv: "CKR_ATTRIBUTE_TYPE_INVALID",
  },
];

test.each(unreadable)(
  "$what: every object is listed and says what could not be read",
  async ({ settings, attribute, rv }) => {
    const { rows } = await listed(settings);
    expect(rows.map(({ class: kind }) => kind).sort()).toEqual([
      "certificate",
      "certificate",
      "certificate",
      "data",
      "publicKey",
    ]);
    const certificates = rows.filter((row) => row.class === "certificate");
    for (const row of certificates) expect(row.unreadable).toContainEqual({ attribute, rv });
    // What can be read is still there.
    if (attribute !== "CKA_LABEL") expect(certificates[0]?.label).toBe("certificate 1");
    if (attribute !== "CKA_VALUE") expect(certificates[0]?.subject).toContain("mock.example");
  },
);

test.each([
  ["longer than it is", "longer", null],
  ["shorter than it is", "shorter", "CKR_BUFFER_TOO_SMALL"],
  ["not available, with CKR_OK", "unavailable", "CK_UNAVAILABLE_INFORMATION"],
])("a length of CKA_ID that is said to be %s hides no object and makes up no value", async (_what, how, unreadable) => {
  const { rows } = await listed({ "attr-lie": `0x102:${how}` });
  expect(rows).toHaveLength(5);
  expect(rows[0]?.label).toBe("certificate 1");
  if (unreadable) expect(rows[0]?.unreadable).toContainEqual({ attribute: "CKA_ID", rv: unreadable });
  else expect(rows[0]?.id).toBe("0001");
});

test.each(["der", "raw", "bits", "compressed", "truncated", "odd", "empty"])(
  "a public key whose CKA_EC_POINT is %s is listed and its attributes can be read",
  async (how) => {
    const { rows, module, token } = await listed({ ec: how });
    const row = rows.find(({ label }) => label === "EC key");
    expect(row).toMatchObject({ class: "publicKey", keyType: "EC", curve: "P-256", size: 256 });
    if (!row) throw new Error("not listed");
    const object = { handle: row.handle, class: row.class, label: row.label, id: row.id };
    const { attributes } = await app.call("objects.attributes", { module, token, object });
    expect(attributes.find(({ name }) => name === "CKA_EC_POINT")).toMatchObject({ rv: null });
    const read = app.app.dispatch("objects.read", { module, token, object, format: "pem" });
    const reply = await read;
    const usable = ["der", "raw", "bits", "compressed"].includes(how);
    if (usable) expect(reply.ok).toBe(true);
    // A point that is none must not become a key file.
    else expect(reply).toMatchObject({ ok: false, error: { code: expect.not.stringMatching("INTERNAL") } });
  },
);

test("5,000 certificates are listed, each once", async () => {
  const { rows, count } = await listed({ objects: 5000, pairs: 0, data: 0 });
  expect(count).toBe(5000);
  expect(new Set(rows.map(({ handle }) => handle)).size).toBe(5000);
  expect(rows.every((row) => row.subject?.includes("mock.example"))).toBe(true);
});

test("classes and attributes that nobody knows are shown by number, and the device's own key is marked", async () => {
  const { rows } = await listed({ exotic: 1, "device-key": 1 });
  expect(rows.filter((row) => row.class === "other")).toHaveLength(2);
  expect(rows.find(({ label }) => label === "vendor object")?.className).toMatch(/80004711/);
  expect(rows.filter((row) => row.devicesOwn).map(({ class: kind }) => kind)).toEqual(["publicKey", "privateKey"]);
});

test.each([
  ["grows", 3],
  ["shrinks", 2],
])("a slot list that %s between two calls is read again", async (how, expected) => {
  const module = await addMock(app, { slots: "token,token,token", "slot-list": how });
  for (let i = 0; i < 5; i++) expect((await app.call("tokens.slots", { module })).slots).toHaveLength(expected);
});

test("a slot list that grows for ever is an error with its name, not an endless loop", async () => {
  const module = await addMock(app, { slots: "token,token", "slot-list": "grows-always" });
  expect(await app.fails("tokens.slots", { module })).toMatchObject({ code: "PKCS11", rv: "CKR_BUFFER_TOO_SMALL" });
});

test("slots that are empty, uninitialised, unrecognised or broken hide no other slot", async () => {
  const module = await addMock(app, { slots: "empty,blank,unrecognised,broken,token", "slot-ids": "0x100000001" });
  const { slots } = await app.call("tokens.slots", { module });
  expect(slots.map(({ slot }) => slot)).toEqual([0, 1, 2, 3, 4].map((n) => 0x100000001 + n));
  const [empty, blank, unrecognised, broken, good] = slots;
  expect(empty).toMatchObject({ token: null, error: null });
  expect(blank?.token).toMatchObject({ initialised: false, userPin: { state: "not set" } });
  expect(unrecognised?.token).toBeNull();
  expect(broken).toMatchObject({ token: null, error: { rv: "CKR_DEVICE_ERROR" } });
  if (!good?.token) throw new Error("the good token is not there");
  expect((await app.call("objects.list", { module, token: good.token.ref })).count).toBe(5);
});

test("two tokens with the same serial and label are told apart by slot, and never guessed", async () => {
  const module = await addMock(app, { slots: "token,token", twins: 1 });
  const { slots } = await app.call("tokens.slots", { module });
  const [first, second] = slots.map(({ token }) => token?.ref);
  if (!first || !second) throw new Error("two tokens were expected");
  const { serial, label } = first;
  expect(await app.fails("objects.list", { module, token: { serial, label } })).toMatchObject({
    code: "TOKEN_AMBIGUOUS",
  });
  await app.call("tokens.login", { module, token: { ...second, slot: 1 }, who: "user", pin: mockPins.user });
  const after = (await app.call("tokens.slots", { module })).slots.map(({ token }) => token?.login);
  expect(after).toEqual(["none", "user"]);
});

test("a token that is pulled out and put back appears and disappears without a restart", async () => {
  const present = join(app.dataFolder, "present");
  const module = await addMock(app, { present });
  const shows = async () => (await app.call("tokens.slots", { module })).slots[0]?.token?.label ?? null;
  expect(await shows()).toBeNull();
  await writeFile(present, "");
  expect(await shows()).toBe("Mock token");
  const { ref: token } = await firstToken(app, module);
  await app.call("tokens.login", { module, token, who: "user", pin: mockPins.user });
  await rm(present);
  expect(await app.fails("objects.list", { module, token })).toMatchObject({ code: "TOKEN_GONE" });
  await writeFile(present, "");
  expect((await firstToken(app, module)).login).toBe("none");
  expect((await app.call("objects.list", { module, token })).privateIncluded).toBe(false);
});

test.each(["0.0", "3.2", "1.255"])("a module that says it is version %s is taken as it is", async (version) => {
  const module = await addMock(app, { version });
  const row = (await app.call("modules.list", {})).modules.find(({ id }) => id === module);
  expect(row?.info?.cryptokiVersion).toBe(version);
});

test("a SmartCard-HSM's oddities: sizes not reported, label kept as it is, device key marked", async () => {
  const module = await addMock(app, { "smartcard-hsm": 1 });
  const token = await firstToken(app, module);
  expect(token.memory).toEqual({ publicTotal: null, publicFree: null, privateTotal: null, privateFree: null });
  expect(token.label).toBe("SmartCard-HSM (UserPIN)");
  expect(token.pinLength).toEqual({ min: 6, max: 15 });
  const { rows } = await app.call("objects.list", { module, token: token.ref });
  expect(rows.some((row) => row.devicesOwn)).toBe(true);
  const { serial } = token.ref;
  const bare = await app.call("objects.list", { module, token: { serial, label: "SmartCard-HSM" } });
  expect(bare.count).toBe(rows.length);
});
