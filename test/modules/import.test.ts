import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Module, ObjectClass } from "graphene-pk11";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Input, Output } from "../../preload/contract/index.ts";
import { initialisedToken, openTestApp, type TestApp, testPins } from "../harness/app.ts";

let app: TestApp;
let at: Awaited<ReturnType<typeof initialisedToken>>;
let number = 0;
beforeAll(async () => {
  app = await openTestApp();
});
beforeEach(async () => {
  at = await initialisedToken(app, `Import ${++number}`);
});
afterAll(() => app.close());

const password = "fixture-password";
const fixture = (name: string): Buffer => readFileSync(new URL(`../fixtures/keys/${name}`, import.meta.url));
const file = (name: string, secret?: string) => ({
  ...at,
  fileName: name,
  content: fixture(name).toString("base64"),
  ...(secret === undefined ? {} : { password: secret }),
});
const preview = (name: string, secret?: string): Promise<Output<"objects.importPreview">> =>
  app.call("objects.importPreview", file(name, secret));
type Items = Input<"objects.import">["items"];
const write = async (name: string, items: Items, secret?: string): Promise<Output<"objects.import">["written"]> =>
  (await app.call("objects.import", { ...file(name, secret), items })).written;
const spki = (name: string): Buffer =>
  execFileSync("openssl", [
    "pkey",
    "-in",
    new URL(`../fixtures/keys/${name}`, import.meta.url).pathname,
    "-pubout",
    "-outform",
    "DER",
  ]);

const conf = () => join(app.dataFolder, "softhsm", "softhsm2.conf");
const pkcs11Tool = (...args: string[]): Buffer =>
  execFileSync(
    "pkcs11-tool",
    ["--module", "/usr/lib/softhsm/libsofthsm2.so", "--token-label", at.token.label, ...args],
    { env: { ...process.env, SOFTHSM2_CONF: conf() }, stdio: ["ignore", "pipe", "ignore"] },
  );

/** Values of an object as graphene-pk11 reads them after a login of its own. */
const byGraphene = (objectClass: ObjectClass, id: string, names: string[]): unknown[] => {
  process.env.SOFTHSM2_CONF = conf();
  const module = Module.load("/usr/lib/softhsm/libsofthsm2.so");
  module.initialize();
  try {
    const slots = module.getSlots(true);
    const slot = [...Array(slots.length).keys()]
      .map((i) => slots.items(i))
      .find((one) => one.getToken().label === at.token.label);
    const session = slot?.open();
    session?.login(testPins.user);
    const object = session?.find({ class: objectClass, id: Buffer.from(id, "hex") }).items(0);
    return names.map((name) => object?.getAttribute(name));
  } finally {
    module.finalize();
  }
};

const keyFiles: [string, string, string][] = [
  ["rsa.pkcs8.pem", "", "RSA"],
  ["rsa.pkcs1.der", "", "RSA"],
  ["rsa.pbes1-sha1-rc2-40.pem", password, "RSA"],
  ...["prime256v1", "secp384r1", "secp521r1", "brainpoolP256r1", "brainpoolP384r1", "brainpoolP512r1", "secp256k1"].map(
    (curve): [string, string, string] => [`ec-${curve}.sec1.pem`, "", "EC"],
  ),
  ["ec.pbes2-scrypt.pem", password, "EC"],
  ["ed25519.pkcs8.pem", "", "Ed25519"],
];

test.each(keyFiles)(
  "the private key in %s signs on the token, with its public half beside it",
  async (name, secret, type) => {
    const { items } = await preview(name, secret || undefined);
    expect(items.map(({ kind, keyType, offered, matches }) => [kind, keyType, offered, matches])).toEqual([
      ["privateKey", type, true, null],
      ["publicKey", type, true, null],
    ]);
    const [key, publicKey] = await write(name, [{ index: 0 }, { index: 1 }], secret || undefined);
    expect(key?.object).toMatchObject({ class: "privateKey", onToken: true, private: true, id: items[0]?.id });
    expect(key?.object.flags).toContain("sensitive");
    expect(key?.object.flags).not.toContain("extractable");
    expect(key?.compared).toEqual(
      expect.arrayContaining(["CKA_TOKEN", "CKA_SENSITIVE", "CKA_EXTRACTABLE", "CKA_ID", "test signature"]),
    );
    expect(key?.warnings).toEqual([]);
    expect(publicKey?.warnings).toEqual([]);
    expect(publicKey?.object.id).toBe(key?.object.id);

    const object = { class: "privateKey", label: key?.object.label ?? "", id: key?.object.id ?? "" } as const;
    expect(await app.call("keys.testSignature", { ...at, object })).toMatchObject({ verified: true });
    expect(byGraphene(ObjectClass.PRIVATE_KEY, object.id, ["sensitive", "extractable", "token", "local"])).toEqual([
      true,
      false,
      true,
      false,
    ]);
  },
);

test.each(["rsa.pkcs8.pem", "ec-prime256v1.sec1.pem"])(
  "pkcs11-tool and OpenSSL read the public half of %s as it was",
  async (name) => {
    const [written] = await write(name, [{ index: 1 }]);
    expect(pkcs11Tool("--read-object", "--type", "pubkey", "--id", written?.object.id ?? "").equals(spki(name))).toBe(
      true,
    );
  },
);

test("an X25519 key is written as SoftHSM wants it, which is said, and derives what software derives", async () => {
  const [key] = await write("x25519.pkcs8.pem", [{ index: 0 }]);
  expect(key?.object).toMatchObject({ keyType: "X25519", onToken: true });
  expect(key?.compared).toContain("shared secret");
  expect(key?.warnings).toEqual([expect.stringContaining("CKK_EC_EDWARDS")]);
});

test("a certificate gets CKA_ID and label of the key with its public key bytes, not of one with its name", async () => {
  const own = await write("rsa.pkcs8.pem", [
    { index: 0, label: "my server", id: "c0ffee" },
    { index: 1, label: "my server", id: "c0ffee" },
  ]);
  // A key of the certificate's name that is not its key.
  await write("ec-prime256v1.sec1.pem", [{ index: 0, label: "RSA leaf" }]);
  const { items } = await preview("rsa.cert.pem");
  expect(items[0]).toMatchObject({
    kind: "certificate",
    subject: "CN=RSA leaf,O=Tokenglass fixtures",
    label: "my server",
    id: "c0ffee",
    matches: { class: "privateKey", handle: own[0]?.object.handle },
  });
  const [certificate] = await write("rsa.cert.pem", [{ index: 0 }]);
  expect(certificate?.object).toMatchObject({
    class: "certificate",
    label: "my server",
    id: "c0ffee",
    private: false,
    onToken: true,
  });
  expect(certificate?.compared).toEqual([
    "CKA_CLASS",
    "CKA_TOKEN",
    "CKA_PRIVATE",
    "CKA_LABEL",
    "CKA_ID",
    "CKA_CERTIFICATE_TYPE",
    "CKA_SUBJECT",
    "CKA_ISSUER",
    "CKA_SERIAL_NUMBER",
    "CKA_VALUE",
  ]);
  expect(
    pkcs11Tool("--read-object", "--type", "cert", "--id", "c0ffee").equals(
      new X509Certificate(fixture("rsa.cert.pem")).raw,
    ),
  ).toBe(true);
  const [serial] = byGraphene(ObjectClass.CERTIFICATE, "c0ffee", ["serial"]);
  // DER INTEGER with the zero that keeps it positive (the fixture's serial number begins with 0xf1).
  expect((serial as Buffer).toString("hex")).toBe("020900f1f2f3f4f5f6f7f8");
});

test("an EC certificate finds its private key through the public key object, and without one the key's certificate", async () => {
  await write("ec-prime256v1.sec1.pem", [{ index: 0, label: "ec", id: "0e" }]);
  expect((await preview("ec.cert.pem")).items[0]?.matches).toBeNull();
  await write("ec-prime256v1.sec1.pem", [{ index: 1, label: "ec", id: "0e" }]);
  expect((await preview("ec.cert.pem")).items[0]).toMatchObject({
    id: "0e",
    matches: { class: "privateKey", label: "ec" },
  });
  await write("ec.cert.pem", [{ index: 0 }]);
  const again = (await preview("ec-prime256v1.sec1.pem")).items;
  expect(again.map(({ kind, alreadyThere, offered }) => [kind, alreadyThere?.label, offered])).toEqual([
    ["privateKey", "ec", false],
    ["publicKey", "ec", false],
  ]);
});

test("a PKCS#12 file gives key, certificate and chain, with one CKA_ID for what belongs together", async () => {
  const { items, format } = await preview("rsa.legacy.p12", password);
  expect(format).toBe("PKCS#12");
  const of = (kind: string, subject?: string) =>
    items.find((item) => item.kind === kind && (!subject || item.subject?.includes(subject)));
  const [key, leaf, ca] = [of("privateKey"), of("certificate", "RSA leaf"), of("certificate", "Fixture CA")];
  expect(key).toMatchObject({ label: "Ada's key ✓" });
  expect(leaf?.id).toBe(key?.id);
  expect(ca).toMatchObject({ label: "Fixture CA" });
  expect(ca?.id).not.toBe(key?.id);
  const written = await write(
    "rsa.legacy.p12",
    items.map(({ index }) => ({ index })),
    password,
  );
  expect(written.map(({ object }) => object.class).sort()).toEqual([
    "certificate",
    "certificate",
    "privateKey",
    "publicKey",
  ]);
  const { rows } = await app.call("objects.list", at);
  expect(rows).toHaveLength(4);
  expect(rows.filter(({ label }) => label === "Ada's key ✓").every(({ id }) => id === key?.id)).toBe(true);
});

test("a chain in PKCS#7 is written item by item, and what is there is not offered again", async () => {
  const progress: unknown[] = [];
  const before = app.events.length;
  await app.call("objects.import", { ...file("chain.p7b"), items: [{ index: 0 }, { index: 1 }] }, (value) =>
    progress.push(value),
  );
  expect(progress).toEqual([
    { done: 0, of: 2 },
    { done: 1, of: 2 },
    { done: 2, of: 2 },
  ]);
  const { items } = await preview("chain.der.p7b");
  expect(items.map(({ offered, notOfferedWhy }) => [offered, notOfferedWhy])).toEqual([
    [false, 'It is on the token already, as "RSA leaf".'],
    [false, 'It is on the token already, as "Fixture CA".'],
  ]);
  expect(await app.fails("objects.import", { ...file("chain.p7b"), items: [{ index: 0 }] })).toMatchObject({
    code: "ALREADY_USED",
  });
  // Two objects, one request, one event; the refused one changed nothing.
  expect(app.events.slice(before).filter(({ name }) => name === "objects.changed")).toHaveLength(1);
});

test("a certificate under the CKA_ID of another key is refused unless wanted", async () => {
  await write("ec-prime256v1.sec1.pem", [{ index: 1, label: "ec", id: "e1" }]);
  const error = await app.fails("objects.import", { ...file("rsa.cert.pem"), items: [{ index: 0, id: "e1" }] });
  expect(error).toMatchObject({ code: "ALREADY_USED" });
  expect(error.message).toContain("belongs to another key");
  const { written } = await app.call("objects.import", {
    ...file("rsa.cert.pem"),
    items: [{ index: 0, id: "e1" }],
    allowDuplicate: true,
  });
  expect(written[0]?.warnings).toEqual([expect.stringContaining("belongs to another key")]);
});

test("items are checked before the first is written: nothing is written half", async () => {
  await app.call("tokens.logout", at);
  const locked = await app.fails("objects.import", { ...file("bundle.pem"), items: [{ index: 0 }, { index: 2 }] });
  expect(locked).toMatchObject({ code: "LOGIN_NEEDED", details: { written: 0, of: 2 } });
  const unknown = await app.fails("objects.import", { ...file("chain.p7b"), items: [{ index: 0 }, { index: 7 }] });
  expect(unknown).toMatchObject({ code: "INVALID_REQUEST" });
  expect((await app.call("objects.list", at)).count).toBe(0);
});

test("what is wrong with a file is said, and no private byte or password with it", async () => {
  const errors = [
    await app.fails("objects.importPreview", file("rsa.aes.p12")),
    await app.fails("objects.importPreview", file("rsa.aes.p12", "not-the-password")),
    await app.fails("objects.importPreview", {
      ...file("rsa.cert.der"),
      content: fixture("rsa.cert.der").subarray(0, 100).toString("base64"),
    }),
    await app.fails("objects.importPreview", file("ed448.pkcs8.pem")),
  ];
  expect(errors.map(({ code }) => code)).toEqual(["PASSWORD_NEEDED", "PASSWORD_WRONG", "BAD_FILE", "BAD_FILE"]);
  expect(JSON.stringify(errors)).not.toMatch(/not-the-password|MII|BEGIN/);
  expect(errors.every(({ where, remedy }) => where !== "" && remedy !== "")).toBe(true);
});

test("without login a certificate can be written, and the preview says that keys are hidden", async () => {
  await app.call("tokens.logout", at);
  const { warnings } = await preview("ca.pem");
  expect(warnings).toEqual([expect.stringContaining("not logged in")]);
  expect(await app.fails("objects.import", { ...file("rsa.pkcs8.pem"), items: [{ index: 0 }] })).toMatchObject({
    code: "LOGIN_NEEDED",
  });
  const [ca] = await write("ca.pem", [{ index: 0 }]);
  expect(ca?.object.subject).toBe("CN=Fixture CA,O=Tokenglass fixtures");
});

test("a file that was opened with its password is written without it, and not any more once it is closed", async () => {
  const name = "ec.pbes2-scrypt.pem";
  const { opened, items } = await app.call("objects.importPreview", { ...file(name, password), keepOpen: true });
  if (opened === null) throw new Error("it was not kept open");
  expect(items.map(({ kind }) => kind)).toContain("privateKey");
  const again = { ...at, fileName: name, opened };
  expect((await app.call("objects.importPreview", again)).items).toEqual(items);
  const { written } = await app.call("objects.import", { ...again, items: [{ index: 0 }] });
  expect(written.map(({ object }) => object.class)).toEqual(["privateKey"]);
  expect(await app.fails("objects.importPreview", { ...again, fileName: "other.pem" })).toMatchObject({
    code: "PASSWORD_NEEDED",
  });
  await app.call("objects.importClose", { module: at.module, opened });
  const error = await app.fails("objects.import", { ...again, items: [{ index: 1 }] });
  expect(error.code).toBe("PASSWORD_NEEDED");
  expect(error.message).toContain("The file was closed");
});

test("a file that is not to be kept open is not, and one without content is refused", async () => {
  expect(await preview("ec.pbes2-scrypt.pem", password)).toMatchObject({ opened: null });
  const error = await app.fails("objects.importPreview", { ...at, fileName: "nothing.pem" });
  expect(error).toMatchObject({ code: "INVALID_REQUEST", where: "nothing.pem" });
});

test("a key may be made extractable if that is wanted", async () => {
  const [key] = await write("ed25519.pkcs8.pem", [{ index: 0, sensitive: false, extractable: true }]);
  expect(key?.object.flags).toContain("extractable");
  expect(key?.object.flags).not.toContain("sensitive");
});

test("a data object comes back as it was written", async () => {
  const content = Buffer.from("some data\u0000\u00ff");
  const written = await app.call("objects.writeData", {
    ...at,
    label: "notes",
    application: "tokenglass",
    objectId: "1.3.6.1.4.1.99999.1",
    content: content.toString("base64"),
  });
  expect(written.object).toMatchObject({
    class: "data",
    label: "notes",
    application: "tokenglass",
    private: true,
    onToken: true,
  });
  expect(written.compared).toEqual(expect.arrayContaining(["CKA_VALUE", "CKA_OBJECT_ID", "CKA_TOKEN"]));
  const read = await app.call("objects.read", {
    ...at,
    object: { class: "data", label: "notes", id: "" },
    format: "raw",
  });
  expect(Buffer.from(read.content, "base64").equals(content)).toBe(true);
  expect(await app.fails("objects.writeData", { ...at, label: "notes", content: "" })).toMatchObject({
    code: "ALREADY_USED",
  });
  await app.call("objects.writeData", { ...at, label: "open", content: content.toString("base64"), private: false });
  expect(pkcs11Tool("--read-object", "--type", "data", "--label", "open").equals(content)).toBe(true);
  await app.call("tokens.logout", at);
  expect(await app.fails("objects.writeData", { ...at, label: "late", content: "" })).toMatchObject({
    code: "LOGIN_NEEDED",
  });
});

test("a secret key is proven on the token with the bytes that were given", async () => {
  const value = "000102030405060708090a0b0c0d0e0f";
  const aes = await app.call("objects.writeSecretKey", { ...at, keyType: "AES", value, label: "aes" });
  expect(aes.object).toMatchObject({ class: "secretKey", keyType: "AES", size: 128, onToken: true });
  expect(aes.object.flags).toContain("sensitive");
  expect(aes.warnings).toEqual([]);
  const mac = await app.call("objects.writeSecretKey", {
    ...at,
    keyType: "generic",
    value: `${value}${value}`,
    label: "mac",
  });
  expect(mac.warnings).toEqual([]);
  const error = await app.fails("objects.writeSecretKey", { ...at, keyType: "AES", value: "0102", label: "short" });
  expect(error).toMatchObject({ code: "INVALID_REQUEST" });
  expect(JSON.stringify([aes, mac, error])).not.toContain(value);
});
