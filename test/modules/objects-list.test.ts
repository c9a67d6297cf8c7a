import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { join } from "node:path";
import graphene from "graphene-pk11";
import pkcs11js from "pkcs11js";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ObjectRow } from "../../preload/contract/objects.ts";
import { initialisedToken, testPins } from "../harness/app.ts";
import { certificateFor } from "../harness/certificate.ts";
import { softHsmLibrary } from "../harness/softhsm-writer.ts";
import { openWrittenToken } from "../harness/written-token.ts";

/** A token with every kind of object, listed by the app and by readers that share no code with it. */

const { app, module, token, writer, writeTo, list, pair, writeCertificate, close } = await openWrittenToken();
let certificate: Buffer;

beforeAll(async () => {
  const oid = (hex: string) => [{ type: pkcs11js.CKA_EC_PARAMS, value: Buffer.from(hex, "hex") }];
  pair(pkcs11js.CKM_RSA_PKCS_KEY_PAIR_GEN, "01", "rsa", [
    { type: pkcs11js.CKA_MODULUS_BITS, value: 2048 },
    { type: pkcs11js.CKA_PUBLIC_EXPONENT, value: Buffer.from("010001", "hex") },
  ]);
  pair(pkcs11js.CKM_EC_KEY_PAIR_GEN, "02", "p256", oid("06082a8648ce3d030107"), [
    { type: pkcs11js.CKA_SENSITIVE, value: true },
    { type: pkcs11js.CKA_ALWAYS_AUTHENTICATE, value: true },
  ]);
  pair(pkcs11js.CKM_EC_KEY_PAIR_GEN, "03", "k1", oid("06052b8104000a"));
  // CKM_EC_EDWARDS_KEY_PAIR_GEN
  pair(0x1055, "04", "ed25519", oid("06032b6570"));
  const secret = (mechanism: number, label: string, more: pkcs11js.Template) =>
    writer.p11.C_GenerateKey(writer.session, { mechanism }, [
      { type: pkcs11js.CKA_TOKEN, value: true },
      { type: pkcs11js.CKA_LABEL, value: label },
      ...more,
    ]);
  secret(pkcs11js.CKM_AES_KEY_GEN, "aes", [{ type: pkcs11js.CKA_VALUE_LEN, value: 32 }]);
  secret(pkcs11js.CKM_DES3_KEY_GEN, "des3", []);
  secret(pkcs11js.CKM_GENERIC_SECRET_KEY_GEN, "generic", [
    { type: pkcs11js.CKA_VALUE_LEN, value: 20 },
    { type: pkcs11js.CKA_EXTRACTABLE, value: true },
  ]);
  writer.create([
    { type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_DATA },
    { type: pkcs11js.CKA_TOKEN, value: true },
    { type: pkcs11js.CKA_PRIVATE, value: false },
    { type: pkcs11js.CKA_LABEL, value: "note" },
    { type: pkcs11js.CKA_APPLICATION, value: "tests" },
    { type: pkcs11js.CKA_OBJECT_ID, value: Buffer.from("06022a03", "hex") },
    { type: pkcs11js.CKA_VALUE, value: "hello" },
  ]);
  certificate = certificateFor("/C=DE/O=Beispiel, GmbH/CN=Zoë+UID=z1", "secp384r1");
  writeCertificate(Buffer.from("own"), "02", certificate);
  writeCertificate(Buffer.from("damaged"), "0a", Buffer.from("this is no certificate"));
  writeCertificate(Buffer.from("cut off"), "0b", certificate.subarray(0, 100));
  writeCertificate(Buffer.from([0xff, 0x41, 0x0a]), "0c", certificate);
  writeCertificate(Buffer.from("device"), "00".repeat(20), certificate);
});
afterAll(close);

/** The one row with this class and label. */
const row = (rows: ObjectRow[], objectClass: ObjectRow["class"], label: string): ObjectRow => {
  const [only, ...others] = rows.filter((each) => each.class === objectClass && each.label === label);
  if (!only || others.length > 0) throw new Error(`${others.length} rows too many for ${objectClass} ${label}`);
  return only;
};

test("keys of every kind are listed with type, size, curve and flags", async () => {
  const rows = await list();
  const facts = (objectClass: ObjectRow["class"], label: string) => {
    const { keyType, size, curve } = row(rows, objectClass, label);
    return [keyType, size, curve];
  };
  for (const half of ["publicKey", "privateKey"] as const) {
    expect(facts(half, "rsa")).toEqual(["RSA", 2048, null]);
    expect(facts(half, "p256")).toEqual(["EC", 256, "P-256"]);
    expect(facts(half, "k1")).toEqual(["EC", 256, "secp256k1"]);
    expect(facts(half, "ed25519")).toEqual(["Ed25519", 256, "Ed25519"]);
  }
  expect(facts("secretKey", "aes")).toEqual(["AES", 256, null]);
  expect(facts("secretKey", "des3")).toEqual(["3DES", 192, null]);
  expect(facts("secretKey", "generic")).toEqual(["generic", 160, null]);
  expect(row(rows, "privateKey", "p256").flags).toEqual(
    expect.arrayContaining(["private", "sensitive", "never-extractable", "always-authenticate", "local", "sign"]),
  );
  expect(row(rows, "secretKey", "generic").flags).toContain("extractable");
  expect(row(rows, "data", "note")).toMatchObject({ application: "tests", keyType: null, id: "" });
  for (const each of rows) expect(each.unreadable).toEqual([]);
});

test("a certificate is listed with what OpenSSL reads in it", async () => {
  const own = row(await list(), "certificate", "own");
  const parsed = new X509Certificate(certificate);
  expect(own).toMatchObject({
    subject: "CN=Zoë+UID=z1,O=Beispiel\\, GmbH,C=DE",
    issuer: own.subject,
    serialNumber: parsed.serialNumber.toLowerCase(),
    notAfter: new Date(parsed.validTo).toISOString().replace(".000Z", "Z"),
    keyType: "EC",
    curve: "P-384",
    size: 384,
  });
});

test("a damaged certificate is listed and marked, not hidden", async () => {
  const rows = await list();
  for (const label of ["damaged", "cut off"])
    expect(row(rows, "certificate", label)).toMatchObject({ subject: null, flags: ["value is not a certificate"] });
});

test("an odd label is escaped and its bytes are given", async () => {
  expect(row(await list(), "certificate", "\\xffA\\n")).toMatchObject({ labelHex: "ff410a", id: "0c" });
});

test("an object under 20 zero bytes is marked as the device's own", async () => {
  const own = (await list()).filter(({ devicesOwn }) => devicesOwn);
  expect(own.map(({ label }) => label)).toEqual(["device"]);
});

test("every object has an RFC 7512 URI that p11tool finds it by", async () => {
  const { uri } = row(await list(), "publicKey", "k1");
  expect(uri).toBe(
    `pkcs11:model=SoftHSM%20v2;manufacturer=SoftHSM%20project;serial=${token.serial};token=Test%20token;id=%03;object=k1;type=public`,
  );
  const printed = execFileSync("p11tool", ["--provider", softHsmLibrary, "--list-all", "--only-urls", uri], {
    encoding: "utf8",
    env: { ...process.env, SOFTHSM2_CONF: join(app.dataFolder, "softhsm", "softhsm2.conf") },
  });
  expect(printed.trim()).toBe(uri);
});

test("graphene, which shares no code with the app, sees the same objects", async () => {
  const rows = await list();
  const library = graphene.Module.load(softHsmLibrary, "SoftHSM");
  // The library is initialised already, by this process's writer.
  const slots = library.getSlots(true);
  const found: string[] = [];
  for (let i = 0; i < slots.length; i++) {
    const slot = slots.items(i);
    if (slot.getToken().serialNumber.trim() !== token.serial) continue;
    const session = slot.open();
    const objects = session.find();
    for (let at = 0; at < objects.length; at++) {
      const each = objects.items(at);
      const read = (type: number) => {
        try {
          return each.getAttribute(type).toString("hex");
        } catch {
          return "";
        }
      };
      const objectClass = Buffer.from(read(pkcs11js.CKA_CLASS), "hex").readUInt32LE();
      found.push([objectClass, read(pkcs11js.CKA_LABEL), read(pkcs11js.CKA_ID)].join(" "));
    }
    session.close();
  }
  const numbers = { data: 0, certificate: 1, publicKey: 2, privateKey: 3, secretKey: 4, other: -1 };
  const ours = rows.map((each) =>
    [numbers[each.class], each.labelHex ?? Buffer.from(each.label).toString("hex"), each.id].join(" "),
  );
  expect(ours.sort()).toEqual(found.sort());
});

test("pages of a streamed listing hold the same rows as one that is not streamed", async () => {
  const rows: ObjectRow[] = [];
  const reply = await app.call("objects.list", { module, token, stream: true }, (value) =>
    rows.push(...(value as { rows: ObjectRow[] }).rows),
  );
  expect(reply).toMatchObject({ rows: [], count: rows.length, privateIncluded: true });
  expect(rows).toEqual(await list());
});

test("without login private objects are not there, and the reply says so", async () => {
  await app.call("tokens.logout", { module, token });
  try {
    const { rows, privateIncluded } = await app.call("objects.list", { module, token });
    expect(privateIncluded).toBe(false);
    expect(rows.filter((each) => each.private)).toEqual([]);
    expect(rows.some(({ class: objectClass }) => objectClass === "publicKey")).toBe(true);
  } finally {
    await app.call("tokens.login", { module, token, who: "user", pin: testPins.user });
  }
});

test("1,000 certificates come in pages, the first of them small", async () => {
  const other = await initialisedToken(app, "Many");
  const many = openWriterFor(other.token);
  for (let i = 0; i < 1000; i++) many(i);
  const pages: number[] = [];
  const { count } = await app.call("objects.list", { ...other, stream: true }, (value) =>
    pages.push((value as { rows: ObjectRow[] }).rows.length),
  );
  expect(count).toBe(1000);
  expect(pages).toEqual([100, 500, 400]);
});

/** Writes certificates to another token through the same open library. */
const openWriterFor = (ref: typeof token) => {
  writeTo(ref);
  return (i: number) => writeCertificate(Buffer.from(`cert ${i}`), i.toString(16).padStart(4, "0"), certificate);
};
