import { createPublicKey, verify, X509Certificate } from "node:crypto";
import pkcs11js from "pkcs11js";
import { afterAll, beforeEach, expect, test } from "vitest";
import { declarationOf } from "../../preload/contract/index.ts";
import type { ObjectRow } from "../../preload/contract/objects.ts";
import type { ObjectRef } from "../../preload/contract/shared.ts";
import { testPins } from "../harness/app.ts";
import { certificateFor } from "../harness/certificate.ts";
import { openWrittenToken } from "../harness/written-token.ts";

/** Looking into objects, changing, copying, deleting them and reading them out, on a SoftHSM token. */

const { app, module, token, writer, list, pair, writeCertificate, data, close } = await openWrittenToken();
/** Certificate of a key that is not on the token. */
const foreign = certificateFor("CN=Foreign");

const rsaPair = (id: string, label: string, more: pkcs11js.Template = []) =>
  pair(pkcs11js.CKM_RSA_PKCS_KEY_PAIR_GEN, id, label, [{ type: pkcs11js.CKA_MODULUS_BITS, value: 2048 }], more);

const ref = ({ handle, class: objectClass, label, id }: ObjectRow): ObjectRef => ({
  handle,
  class: objectClass,
  label,
  id,
});
const one = async (objectClass: ObjectRow["class"], label: string): Promise<ObjectRef> => {
  const [only, ...others] = (await list()).filter((each) => each.class === objectClass && each.label === label);
  if (!only || others.length > 0) throw new Error(`not exactly one ${objectClass} ${label}`);
  return ref(only);
};
const hex = (text: string) => Buffer.from(text).toString("hex");

beforeEach(async () => {
  for (const handle of allHandles()) writer.p11.C_DestroyObject(writer.session, handle);
  app.events.length = 0;
});
afterAll(close);

const allHandles = () => {
  writer.p11.C_FindObjectsInit(writer.session, []);
  const handles = writer.p11.C_FindObjects(writer.session, 1000);
  writer.p11.C_FindObjectsFinal(writer.session);
  return handles;
};

test("the lens shows what SoftHSM gives, says why it does not give the rest, and never shows a private key's parts", async () => {
  rsaPair("01", "open", [
    { type: pkcs11js.CKA_SENSITIVE, value: false },
    { type: pkcs11js.CKA_EXTRACTABLE, value: true },
  ]);
  const { attributes } = await app.call("objects.attributes", {
    module,
    token,
    object: await one("privateKey", "open"),
  });
  const byName = Object.fromEntries(attributes.map((row) => [row.name, row]));
  expect(byName.CKA_CLASS).toMatchObject({ decoded: "CKO_PRIVATE_KEY", editable: false, rv: null });
  expect(byName.CKA_LABEL).toMatchObject({ decoded: "open", hex: hex("open"), editable: true });
  expect(byName.CKA_EXTRACTABLE).toMatchObject({ decoded: "yes", editable: true });
  expect(byName.CKA_KEY_GEN_MECHANISM?.decoded).toBe("CKM_RSA_PKCS_KEY_PAIR_GEN");
  expect(byName.CKA_START_DATE).toMatchObject({ decoded: "not set", hex: "", rv: null });
  expect(byName.CKA_UNIQUE_ID).toMatchObject({ hex: null, rv: "CKR_ATTRIBUTE_TYPE_INVALID" });
  for (const name of ["CKA_PRIVATE_EXPONENT", "CKA_PRIME_1", "CKA_PRIME_2", "CKA_EXPONENT_1", "CKA_COEFFICIENT"])
    expect(byName[name]).toMatchObject({ kind: "secret", hex: null, length: null, decoded: "not shown" });
  expect(attributes.some(({ name }) => name.startsWith("CKA_NSS"))).toBe(false);
});

test("a label is changed, read back, and told to the window", async () => {
  data("before", "x");
  const done = await app.call("objects.set", {
    module,
    token,
    object: await one("data", "before"),
    changes: [{ attribute: "CKA_LABEL", hex: hex("nachher ä") }],
  });
  expect(done).toMatchObject({ object: { label: "nachher ä" }, compared: ["CKA_LABEL"], warnings: [] });
  await app.event("objects.changed", (event) => event.token.serial === token.serial);
  expect((await list()).map(({ label }) => label)).toEqual(["nachher ä"]);
});

test("many objects that one request deletes are one event", async () => {
  for (let i = 0; i < 20; i++) data(`many ${i}`, "x");
  const objects = (await list()).map(ref);
  const before = app.events.length;
  const { confirmation } = await app.call("objects.deletePreview", { module, token, objects });
  await app.call("objects.delete", { module, token, objects, confirmation: confirmation ?? undefined });
  await app.call("tokens.slots", { module });
  expect(app.events.slice(before).filter(({ name }) => name === "objects.changed")).toHaveLength(1);
});

test("an attribute goes by number too", async () => {
  data("before", "x");
  const object = await one("data", "before");
  const done = await app.call("objects.set", {
    module,
    token,
    object,
    changes: [{ attribute: "0x3", hex: hex("after") }],
  });
  expect(done.object.label).toBe("after");
});

test("a label or CKA_ID that another object of the class has is refused unless it is wanted", async () => {
  rsaPair("01", "first");
  rsaPair("02", "second");
  const object = await one("privateKey", "second");
  for (const change of [
    { attribute: "CKA_ID", hex: "01" },
    { attribute: "CKA_LABEL", hex: hex("first") },
  ]) {
    const error = await app.fails("objects.set", { module, token, object, changes: [change] });
    expect(error).toMatchObject({
      code: "ALREADY_USED",
      details: { attribute: change.attribute === "CKA_ID" ? "CKA_ID" : "label" },
    });
  }
  expect(await one("privateKey", "second")).toEqual(object);
  const changes = [{ attribute: "CKA_ID", hex: "01" }];
  const done = await app.call("objects.set", { module, token, object, changes, allowDuplicate: true });
  expect(done.object.id).toBe("01");
  expect(done.warnings).toHaveLength(1);
});

test("the CKA_ID of a private key may be given to its public key: that is how they belong together", async () => {
  rsaPair("01", "pair");
  const [object, key] = [await one("publicKey", "pair"), await one("privateKey", "pair")];
  for (const [each, id] of [
    [key, "0a"],
    [object, "0a"],
  ] as const) {
    const changes = [{ attribute: "CKA_ID", hex: id }];
    expect(await app.call("objects.set", { module, token, object: each, changes })).toMatchObject({ warnings: [] });
  }
});

test("a certificate is not put under the CKA_ID of a key that is not its own", async () => {
  rsaPair("01", "key");
  writeCertificate("foreign", "77", foreign);
  const object = await one("certificate", "foreign");
  const changes = [{ attribute: "CKA_ID", hex: "01" }];
  const error = await app.fails("objects.set", { module, token, object, changes });
  expect(error.code).toBe("ALREADY_USED");
  expect(error.message).toMatch("public keys differ");
  const done = await app.call("objects.set", { module, token, object, changes, allowDuplicate: true });
  expect(done.warnings.join()).toMatch("public keys differ");
});

test("what the token does not let be changed is explained", async () => {
  data("note", "x");
  const object = await one("data", "note");
  const changes = [{ attribute: "CKA_TOKEN", hex: "00" }];
  const error = await app.fails("objects.set", { module, token, object, changes });
  expect(error).toMatchObject({ code: "PKCS11", rv: "CKR_ATTRIBUTE_READ_ONLY" });
  expect(error.message).toMatch("does not let this attribute be changed");
});

test("an object that is not modifiable and a private key's value are left alone", async () => {
  data("fixed", "x", [{ type: pkcs11js.CKA_MODIFIABLE, value: false }]);
  rsaPair("01", "key");
  const fixed = await app.fails("objects.set", {
    module,
    token,
    object: await one("data", "fixed"),
    changes: [{ attribute: "CKA_LABEL", hex: hex("new") }],
  });
  expect(fixed.code).toBe("REFUSED");
  const secret = await app.fails("objects.set", {
    module,
    token,
    object: await one("privateKey", "key"),
    changes: [{ attribute: "CKA_PRIVATE_EXPONENT", hex: "01" }],
  });
  expect(secret.code).toBe("REFUSED");
});

test.each([
  ["CKA_SIGN", "02", "boolean"],
  ["CKA_NONSENSE", "00", "no attribute"],
  ["CKA_LABEL", "ff", "UTF-8"],
])("%s = %s is refused before the token is asked", async (attribute, value, words) => {
  rsaPair("01", "key");
  const object = await one("privateKey", "key");
  const error = await app.fails("objects.set", { module, token, object, changes: [{ attribute, hex: value }] });
  expect(error.code).toBe("INVALID_REQUEST");
  expect(error.message).toMatch(words);
});

test("a copy has its own label and CKA_ID and is kept on the token", async () => {
  data("original", "x");
  const { object, compared } = await app.call("objects.copy", {
    module,
    token,
    object: await one("data", "original"),
    label: "copy",
  });
  expect(object).toMatchObject({ label: "copy", onToken: true, private: false });
  expect(compared).toEqual(["CKA_LABEL", "CKA_TOKEN", "CKA_PRIVATE"]);
  expect((await list()).map(({ label }) => label).sort()).toEqual(["copy", "original"]);
});

test("a copy of a key under the same CKA_ID is refused unless it is wanted", async () => {
  rsaPair("01", "key");
  const object = await one("publicKey", "key");
  expect(await app.fails("objects.copy", { module, token, object, label: "copy" })).toMatchObject({
    code: "ALREADY_USED",
  });
  const other = await app.call("objects.copy", { module, token, object, label: "copy", id: "02" });
  expect(other.object).toMatchObject({ label: "copy", id: "02", class: "publicKey" });
});

test("an object that was changed meanwhile is neither changed nor deleted", async () => {
  const handle = data("before", "x");
  const object = await one("data", "before");
  writer.p11.C_SetAttributeValue(writer.session, handle, [
    { type: pkcs11js.CKA_LABEL, value: Buffer.from("meanwhile") },
  ]);
  expect(await app.fails("objects.delete", { module, token, objects: [object] })).toMatchObject({
    code: "OBJECT_CHANGED",
  });
  expect(await app.fails("objects.deletePreview", { module, token, objects: [object] })).toMatchObject({
    code: "OBJECT_CHANGED",
  });
  writer.p11.C_DestroyObject(writer.session, handle);
  expect(await app.fails("objects.delete", { module, token, objects: [object] })).toMatchObject({
    code: "OBJECT_GONE",
  });
});

test("without a handle, class, label and CKA_ID must fit exactly one object", async () => {
  data("twin", "1");
  data("twin", "2");
  data("single", "3");
  const named = (label: string): ObjectRef => ({ class: "data", label, id: "" });
  const twin = await app.fails("objects.delete", { module, token, objects: [named("twin")] });
  expect(twin.code).toBe("OBJECT_AMBIGUOUS");
  expect(await app.fails("objects.delete", { module, token, objects: [named("nobody")] })).toMatchObject({
    code: "OBJECT_GONE",
  });
  const { deleted } = await app.call("objects.delete", { module, token, objects: [named("single")] });
  expect(deleted).toHaveLength(1);
  expect(await list()).toHaveLength(2);
});

test("before login a private key is told to be hidden, not to be gone", async () => {
  rsaPair("01", "hidden");
  const object = await one("privateKey", "hidden");
  await app.call("tokens.logout", { module, token });
  const changes = [{ attribute: "CKA_LABEL", hex: hex("x") }];
  const error = await app.fails("objects.set", { module, token, object, changes });
  expect(error).toMatchObject({ code: "LOGIN_NEEDED", rv: "CKR_USER_NOT_LOGGED_IN" });
  await app.call("tokens.login", { module, token, who: "user", pin: testPins.user });
});

test("deleting a private key names what depends on it and wants its label typed, with the token's label and serial", async () => {
  rsaPair("01", "ca key");
  writeCertificate("ca", "01", foreign);
  const object = await one("privateKey", "ca key");
  const preview = await app.call("objects.deletePreview", { module, token, objects: [object] });
  const asked = `delete ca key from Test token ${token.serial}`;
  expect(preview.confirmation).toBe(asked);
  const words = preview.warnings.join("\n");
  expect(words).toMatch('certificate "ca" (CKA_ID 01) stays on the token');
  expect(words).toMatch('public key "ca key" (CKA_ID 01) stays on the token');
  expect(words).toMatch("cannot be read out of the token");
  for (const confirmation of [undefined, "ca key", ""])
    expect(
      await app.fails("objects.delete", {
        module,
        token,
        objects: [object],
        ...(confirmation === undefined ? {} : { confirmation }),
      }),
    ).toMatchObject({
      code: "CONFIRMATION_NEEDED",
      details: { confirmation: asked },
    });
  expect(await list()).toHaveLength(3);
  const result = await app.call("objects.delete", { module, token, objects: [object], confirmation: asked });
  expect(result).toEqual({ deleted: [object], failed: null });
  expect(declarationOf("objects.delete")?.leftUndone?.(result)).toBe(false);
  expect(await list()).toHaveLength(2);
});

test("several objects want their number and the token's label and serial typed, with a key among them or not", async () => {
  rsaPair("01", "pair");
  const objects = [await one("privateKey", "pair"), await one("publicKey", "pair")];
  const asked = `delete 2 objects from Test token ${token.serial}`;
  expect((await app.call("objects.deletePreview", { module, token, objects })).confirmation).toBe(asked);
  writeCertificate("a", "02", foreign);
  writeCertificate("b", "03", foreign);
  const certificates = [await one("certificate", "a"), await one("certificate", "b")];
  expect(await app.fails("objects.delete", { module, token, objects: certificates })).toMatchObject({
    code: "CONFIRMATION_NEEDED",
    details: { confirmation: asked },
  });
  expect(await list()).toHaveLength(4);
  const progress: unknown[] = [];
  const input = { module, token, objects, confirmation: asked };
  const { deleted } = await app.call("objects.delete", input, (value) => progress.push(value));
  expect(deleted).toHaveLength(2);
  expect(progress).toEqual([
    { done: 1, of: 2 },
    { done: 2, of: 2 },
  ]);
});

test("a certificate is read out as PEM, DER and OpenSSH line, and the same bytes come back", async () => {
  writeCertificate("My cert/1", "01", foreign);
  const object = await one("certificate", "My cert/1");
  const pem = await app.call("objects.read", { module, token, object, format: "pem" });
  expect(pem.fileName).toBe("My-cert-1.pem");
  expect(new X509Certificate(pem.text ?? "").raw).toEqual(foreign);
  const der = await app.call("objects.read", { module, token, object, format: "der" });
  expect(Buffer.from(der.content, "base64")).toEqual(foreign);
  const ssh = await app.call("objects.read", { module, token, object, format: "openssh" });
  expect(ssh.text).toMatch(/^ecdsa-sha2-nistp256 \S+ My cert\/1\n$/);
});

test("a public key is read out as the key that the token's private key signs for", async () => {
  const { privateKey } = rsaPair("01", "signer");
  const object = await one("publicKey", "signer");
  const { text } = await app.call("objects.read", { module, token, object, format: "pem" });
  const { p11, session } = writer;
  p11.C_SignInit(session, { mechanism: pkcs11js.CKM_SHA256_RSA_PKCS }, privateKey);
  const signature = p11.C_Sign(session, Buffer.from("text"), Buffer.alloc(256));
  expect(verify("sha256", Buffer.from("text"), createPublicKey(text ?? ""), signature)).toBe(true);
  const ssh = await app.call("objects.read", { module, token, object, format: "openssh" });
  expect(ssh.fileName).toBe("signer.pub");
});

test("private and secret keys are never read out, even extractable ones", async () => {
  rsaPair("01", "open", [
    { type: pkcs11js.CKA_SENSITIVE, value: false },
    { type: pkcs11js.CKA_EXTRACTABLE, value: true },
  ]);
  const object = await one("privateKey", "open");
  for (const format of ["pem", "der", "openssh", "raw"] as const) {
    const error = await app.fails("objects.read", { module, token, object, format });
    expect(error.code).toBe("REFUSED");
    expect(error.remedy).toMatch("public key");
  }
});

test("a data object is read out as it is", async () => {
  data("note", "line 1\nline 2");
  const object = await one("data", "note");
  const out = await app.call("objects.read", { module, token, object, format: "raw" });
  expect(out).toMatchObject({ fileName: "note.txt", mediaType: "text/plain", text: "line 1\nline 2" });
  expect(await app.fails("objects.read", { module, token, object, format: "pem" })).toMatchObject({ code: "REFUSED" });
});

test("the inventory has one line an object, and no label becomes a formula", async () => {
  data("=cmd|' /C calc'!A0", "x");
  data('with "quotes", and comma', "x");
  const csv = await app.call("objects.inventory", { module, token, format: "csv" });
  expect(csv).toMatchObject({ count: 2, fileName: "Test-token-objects.csv", mediaType: "text/csv" });
  const lines = csv.text.trimEnd().split("\r\n");
  expect(lines).toHaveLength(3);
  expect(csv.text).toContain("CKO_DATA,'=cmd|' /C calc'!A0,");
  expect(csv.text).toContain('"with ""quotes"", and comma"');
  const json = JSON.parse((await app.call("objects.inventory", { module, token, format: "json" })).text);
  expect(json).toMatchObject({ token: { label: "Test token", serial: token.serial }, privateIncluded: true, count: 2 });
  expect(json.objects).toEqual(await list());
});

/** The last one: the object that cannot be deleted stays. */
test("deleting stops at the first object that the token keeps, and says what is gone", async () => {
  data("first", "1");
  data("kept", "2", [{ type: pkcs11js.CKA_DESTROYABLE, value: false }]);
  data("third", "3");
  const objects = [await one("data", "first"), await one("data", "kept"), await one("data", "third")];
  const preview = await app.call("objects.deletePreview", { module, token, objects });
  expect(preview.warnings.join()).toMatch("not destroyable");
  const confirmation = preview.confirmation ?? "";
  const result = await app.call("objects.delete", { module, token, objects, confirmation });
  expect(result.deleted).toEqual([objects[0]]);
  expect(result.failed).toMatchObject({ object: objects[1], error: { code: "PKCS11", rv: "CKR_ACTION_PROHIBITED" } });
  // Then the command line ends with an error.
  expect(declarationOf("objects.delete")?.leftUndone?.(result)).toBe(true);
  expect((await list()).map(({ label }) => label).sort()).toEqual(["kept", "third"]);
});
