import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ObjectRow } from "../../preload/contract/objects.ts";
import type { ObjectRef } from "../../preload/contract/shared.ts";
import { openTestApp, type TestApp } from "../harness/app.ts";
import { addMock, addNative, firstToken, mockPins, type Settings } from "../harness/native.ts";

/** Objects of modules that are not like SoftHSM. */

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(() => app.close());

const opened = async (settings: Settings) => {
  const module = await addMock(app, settings);
  const { ref: token } = await firstToken(app, module);
  await app.call("tokens.login", { module, token, who: "user", pin: mockPins.user });
  const list = async () => (await app.call("objects.list", { module, token })).rows;
  const one = async (objectClass: ObjectRow["class"]): Promise<ObjectRef> => {
    const row = (await list()).find((each) => each.class === objectClass);
    if (!row) throw new Error(`no ${objectClass}`);
    return { handle: row.handle, class: row.class, label: row.label, id: row.id };
  };
  return { module, token, list, one };
};

const sha256 = async (path: string) =>
  createHash("sha256")
    .update(await readFile(path))
    .digest("hex");

const words = (rows: ObjectRow[]) => rows.map(({ class: objectClass, label }) => `${objectClass} ${label}`).sort();

test("private keys are listed also by a module that gives them only when asked for them", async () => {
  const usual = await opened({ pairs: 2 });
  const odd = await opened({ pairs: 2, "private-search": "class" });
  expect(words(await odd.list())).toEqual(words(await usual.list()));
  const onlyCertificates = await opened({ pairs: 1, data: 0, objects: 0, "private-search": "class" });
  expect((await onlyCertificates.list()).filter((row) => row.class === "privateKey")).toHaveLength(1);
});

test("unknown classes and vendor attributes are shown, by number where they have no name", async () => {
  const { module, token, list } = await opened({ exotic: 1 });
  const others = (await list()).filter((row) => row.class === "other");
  expect(others.map(({ className }) => className)).toEqual(expect.arrayContaining(["CKO_PROFILE"]));
  expect(others.some(({ className }) => className.startsWith("CKO 0x8"))).toBe(true);
  for (const row of others) {
    const object = { handle: row.handle, class: row.class, label: row.label, id: row.id };
    const { attributes } = await app.call("objects.attributes", { module, token, object });
    expect(attributes.find(({ name }) => name === "CKA_CLASS")?.rv).toBeNull();
  }
});

test("a module that fails a whole template for one attribute is read attribute by attribute", async () => {
  const { module, token, list, one } = await opened({ strict: 1, "attr-fail": "0x170:0x12" });
  for (const row of await list()) {
    expect(row.class).not.toBe("other");
    expect(row.unreadable.map(({ attribute }) => attribute)).toContain("CKA_MODIFIABLE");
  }
  const { attributes } = await app.call("objects.attributes", { module, token, object: await one("privateKey") });
  expect(attributes.find(({ name }) => name === "CKA_MODIFIABLE")).toMatchObject({ rv: "CKR_ATTRIBUTE_TYPE_INVALID" });
  expect(attributes.find(({ name }) => name === "CKA_LABEL")?.rv).toBeNull();
});

test("an object of which nothing can be read is still listed, with its handle", async () => {
  const every = ["0x0", "0x1", "0x2", "0x3", "0x170"].map((type) => `${type}:0x5`);
  const { list } = await opened({ "attr-fail": every });
  const rows = await list();
  expect(rows.length).toBeGreaterThan(3);
  for (const row of rows) {
    expect(row).toMatchObject({ class: "other", className: "class not readable" });
    expect(row.unreadable).toContainEqual({ attribute: "CKA_CLASS", rv: "CKR_GENERAL_ERROR" });
  }
});

test("what a token keeps although it reported success is found by reading back", async () => {
  const { module, token, one } = await opened({ "attr-lie": "0x3:shorter" });
  const object = await one("data");
  const changes = [{ attribute: "CKA_LABEL", hex: Buffer.from("longer label").toString("hex") }];
  const error = await app.fails("objects.set", { module, token, object, changes });
  expect(error).toMatchObject({ code: "READ_BACK_DIFFERS", details: { attribute: "CKA_LABEL" } });
});

test("a token that wants a login for a change says so", async () => {
  const { module, token, one } = await opened({ fault: "error:C_SetAttributeValue:0x101" });
  const changes = [{ attribute: "CKA_LABEL", hex: "61" }];
  const error = await app.fails("objects.set", { module, token, object: await one("data"), changes });
  expect(error).toMatchObject({ code: "LOGIN_NEEDED", rv: "CKR_USER_NOT_LOGGED_IN" });
});

test("a removed device ends the listing with the number of objects that were read, which have been shown", async () => {
  const { module, token } = await opened({ objects: 300, fault: "error:C_GetAttributeValue:0x32@401+" });
  const shown: ObjectRow[] = [];
  const reply = await app.app.dispatch("objects.list", { module, token, stream: true }, (value) =>
    shown.push(...(value as { rows: ObjectRow[] }).rows),
  );
  if (reply.ok) throw new Error("the listing was expected to fail");
  expect(reply.error).toMatchObject({ code: "PKCS11", rv: "CKR_DEVICE_REMOVED", details: { read: 200 } });
  expect(shown).toHaveLength(200);
});

test("the device's own key is marked, and its deletion wants a typed text although it is a public key", async () => {
  const { module, token, list } = await opened({ "device-key": 1 });
  const own = (await list()).filter(({ devicesOwn }) => devicesOwn);
  expect(own.map(({ class: objectClass }) => objectClass).sort()).toEqual(["privateKey", "publicKey"]);
  for (const row of own) {
    const object = { handle: row.handle, class: row.class, label: row.label, id: row.id };
    const preview = await app.call("objects.deletePreview", { module, token, objects: [object] });
    expect(preview.confirmation).toBe(`delete ${row.label} from ${token.label} ${token.serial}`);
    expect(preview.warnings.join()).toMatch("the device's own");
  }
});

test.each(["der", "raw", "bits", "compressed"])(
  "a public key whose EC_POINT is %s is read out as a key",
  async (ec) => {
    const { module, token, list } = await opened({ ec });
    const row = (await list()).find((each) => each.class === "publicKey" && each.keyType === "EC");
    if (!row) throw new Error("no EC key");
    const object = { handle: row.handle, class: row.class, label: row.label, id: row.id };
    const { text } = await app.call("objects.read", { module, token, object, format: "openssh" });
    expect(text).toMatch(/^ecdsa-sha2-nistp256 /);
  },
);

test.each(["truncated", "odd", "empty"])("a public key whose EC_POINT is %s is refused, not guessed", async (ec) => {
  const { module, token, list } = await opened({ ec });
  const row = (await list()).find((each) => each.class === "publicKey" && each.keyType === "EC");
  if (!row) throw new Error("no EC key");
  const object = { handle: row.handle, class: row.class, label: row.label, id: row.id };
  expect(await app.fails("objects.read", { module, token, object, format: "pem" })).toMatchObject({ code: "BAD_FILE" });
});

test("a listing of certificates makes two calls an object, counted by OpenSC's spy", async () => {
  const spy = "/usr/lib/x86_64-linux-gnu/pkcs11-spy.so";
  const log = join(app.dataFolder, "spy.log");
  const { path } = await addNative(app, "mock", { objects: 500, pairs: 0, data: 0 });
  const { id: module } = await app.call("modules.add", {
    path: spy,
    sha256: await sha256(spy),
    environment: { PKCS11SPY: path, PKCS11SPY_OUTPUT: log, TOKENGLASS_MOCK: "objects=500;pairs=0;data=0" },
  });
  const { ref: token } = await firstToken(app, module);
  const calls = async () => ((await readFile(log, "utf8")).match(/^\d+: C_/gm) ?? []).length;
  const before = await calls();
  const { count } = await app.call("objects.list", { module, token });
  expect(count).toBe(500);
  expect(((await calls()) - before) / count).toBeLessThanOrEqual(2.1);
});

const trust = "/usr/lib/x86_64-linux-gnu/pkcs11/p11-kit-trust.so";

test.runIf(existsSync(trust))(
  "p11-kit's trust module: as many objects as pkcs11-tool shows, every certificate is read",
  async () => {
    const { id: module } = await app.call("modules.add", { path: trust, sha256: await sha256(trust) });
    const { ref: token } = await firstToken(app, module);
    const { rows } = await app.call("objects.list", { module, token });
    const shown = execFileSync("pkcs11-tool", ["--module", trust, "--token-label", token.label, "-O"], {
      encoding: "utf8",
      maxBuffer: 1 << 26,
      stdio: ["ignore", "pipe", "ignore"],
    });
    expect(rows).toHaveLength(shown.match(/^(Certificate Object;|Object \d+, type)/gm)?.length ?? 0);
    const certificates = rows.filter((row) => row.class === "certificate");
    expect(certificates.length).toBeGreaterThan(50);
    for (const row of certificates) expect(row).toMatchObject({ subject: expect.stringMatching(/=/), unreadable: [] });
  },
);
