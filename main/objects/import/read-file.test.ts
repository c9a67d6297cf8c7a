import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { toSpki } from "../../keys/public-key.ts";
import { Failure } from "../../pkcs11/failure.ts";
import type { PrivateParts } from "./file-item.ts";
import { type ReadFile, readFile } from "./read-file.ts";

const folder = new URL("../../../test/fixtures/keys/", import.meta.url);
const fixture = (name: string): Buffer => readFileSync(new URL(name, folder));
const password = "fixture-password";

const opened: ReadFile[] = [];
afterEach(() => {
  for (const file of opened.splice(0)) file.wipe();
});
const read = (name: string, secret: string | null = null): ReadFile => {
  const file = readFile(name, fixture(name), secret);
  opened.push(file);
  return file;
};

const failureOf = (act: () => unknown) => {
  try {
    act();
  } catch (thrown) {
    if (thrown instanceof Failure) return thrown.data;
    throw thrown;
  }
  throw new Error("it did not fail");
};

/** The private value as OpenSSL (in node:crypto) knows it. */
const reference = (name: string) => {
  const key = createPrivateKey(fixture(name));
  return {
    spki: createPublicKey(key).export({ format: "der", type: "spki" }),
    der: key.export({ format: "der", type: "pkcs8" }),
  };
};

/** d of the key as it must be inside the PKCS#8 that OpenSSL writes. */
const privateValue = (parts: PrivateParts): Buffer => (parts.type === "RSA" ? parts.privateExponent : parts.value);

const expectKey = (file: ReadFile, plain: string): void => {
  const key = file.items.find((item) => item.kind === "privateKey");
  if (key?.kind !== "privateKey") throw new Error("no private key was found");
  const { spki, der } = reference(plain);
  expect(toSpki(key.publicKey).toString("hex")).toBe(spki.toString("hex"));
  expect(der.includes(privateValue(key.parts))).toBe(true);
  expect(privateValue(key.parts).length).toBeGreaterThanOrEqual(31);
};

const curves = [
  "prime256v1",
  "secp384r1",
  "secp521r1",
  "brainpoolP256r1",
  "brainpoolP384r1",
  "brainpoolP512r1",
  "secp256k1",
];

test.each([
  ["rsa.pkcs8.pem", "PEM, PRIVATE KEY"],
  ["rsa.pkcs8.der", "PKCS#8"],
  ["rsa.pkcs1.pem", "PEM, RSA PRIVATE KEY"],
  ["rsa.pkcs1.der", "PKCS#1"],
])("%s is read, with a warning that nothing protects it", (name, format) => {
  const file = read(name);
  expect(file.format).toBe(format);
  expectKey(file, "rsa.pkcs8.pem");
  expect(file.warnings).toEqual([expect.stringContaining("not protected by a password")]);
});

test.each(curves)("an EC key on %s is read from SEC 1 and PKCS#8", (curve) => {
  expectKey(read(`ec-${curve}.sec1.pem`), `ec-${curve}.pkcs8.pem`);
  expectKey(read(`ec-${curve}.pkcs8.pem`), `ec-${curve}.pkcs8.pem`);
});

test.each(["ec-nopublic.sec1.pem", "ec-compressed.sec1.pem", "ec-prime256v1.sec1.der"])(
  "%s gives the same key",
  (name) => expectKey(read(name), "ec-prime256v1.pkcs8.pem"),
);

test.each(["ed25519", "x25519"])("%s is read from PKCS#8", (name) =>
  expectKey(read(`${name}.pkcs8.pem`), `${name}.pkcs8.pem`),
);

test.each([
  ["rsa.pbes2-aes256.pem", "rsa.pkcs8.pem"],
  ["rsa.pbes2-aes128-sha1.pem", "rsa.pkcs8.pem"],
  ["rsa.pbes2-des3.pem", "rsa.pkcs8.pem"],
  ["rsa.pbes1-sha1-3des.pem", "rsa.pkcs8.pem"],
  ["rsa.pbes1-sha1-rc2-40.pem", "rsa.pkcs8.pem"],
  ["rsa.pbes1-md5-des.pem", "rsa.pkcs8.pem"],
  ["rsa.pbes1-sha1-des.pem", "rsa.pkcs8.pem"],
  ["rsa.pkcs1-aes256.pem", "rsa.pkcs8.pem"],
  ["rsa.pkcs1-des3.pem", "rsa.pkcs8.pem"],
  ["ec.pbes2-scrypt.pem", "ec-prime256v1.pkcs8.pem"],
  ["ec.sec1-aes128.pem", "ec-prime256v1.pkcs8.pem"],
  ["ec-brainpool.pbes2.der", "ec-brainpoolP384r1.pkcs8.pem"],
  ["ed25519.pbes2.pem", "ed25519.pkcs8.pem"],
])("%s opens with its password, and only with it", (name, plain) => {
  const file = read(name, password);
  expectKey(file, plain);
  expect(file.warnings).toEqual([]);
  expect(failureOf(() => read(name))).toMatchObject({ code: "PASSWORD_NEEDED" });
  for (const wrong of ["wrong", "fixture-passwore", "FIXTURE-PASSWORD"])
    expect(failureOf(() => read(name, wrong))).toMatchObject({ code: "PASSWORD_WRONG" });
});

test.each([
  ["rsa.aes.p12", "rsa.pkcs8.pem", "Ada's key ✓"],
  ["rsa.legacy.p12", "rsa.pkcs8.pem", "Ada's key ✓"],
  ["ec.aes.p12", "ec-prime256v1.pkcs8.pem", "ec key"],
  ["ec.legacy.p12", "ec-prime256v1.pkcs8.pem", "ec key"],
  ["ed25519.aes.p12", "ed25519.pkcs8.pem", null],
])("%s opens with its password, with key, certificates and name", (name, plain, friendlyName) => {
  const file = read(name, password);
  expect(file.format).toBe("PKCS#12");
  expectKey(file, plain);
  expect(file.items.map(({ kind }) => kind).sort()).toEqual(
    name.startsWith("rsa") ? ["certificate", "certificate", "privateKey"] : ["certificate", "privateKey"],
  );
  expect(file.items.find(({ kind }) => kind === "privateKey")?.name).toBe(friendlyName);
  expect(failureOf(() => read(name))).toMatchObject({ code: "PASSWORD_NEEDED" });
  expect(failureOf(() => read(name, "wrong"))).toMatchObject({ code: "PASSWORD_WRONG" });
  expect(file.warnings).toEqual([]);
});

test.each(["rsa.empty-password.p12", "rsa.empty-password-legacy.p12"])(
  "%s needs no password, and is called unprotected",
  (name) => {
    const file = read(name);
    expectKey(file, "rsa.pkcs8.pem");
    expect(file.warnings).toEqual([expect.stringContaining("not protected by a password")]);
  },
);

test("a PKCS#12 file without checksum tells a wrong password all the same", () => {
  expectKey(read("rsa.no-mac.p12", password), "rsa.pkcs8.pem");
  expect(read("rsa.no-mac.p12", password).warnings).toEqual([expect.stringContaining("no checksum")]);
  expect(failureOf(() => read("rsa.no-mac.p12", "wrong"))).toMatchObject({ code: "PASSWORD_WRONG" });
});

test("a PKCS#12 file whose key is not encrypted is called unprotected, although it has a password", () => {
  const file = read("rsa.unencrypted.p12", password);
  expectKey(file, "rsa.pkcs8.pem");
  expect(file.warnings).toEqual([expect.stringContaining("not protected")]);
});

test.each(["rsa.cert.pem", "rsa.cert.der", "rsa.trusted-cert.pem"])("%s is the certificate, byte for byte", (name) => {
  expect(read(name).items).toEqual([
    { kind: "certificate", name: null, der: new X509Certificate(fixture("rsa.cert.pem")).raw },
  ]);
});

test.each(["chain.p7b", "chain.der.p7b", "signed.ber.p7m"])("%s gives both certificates of the chain", (name) => {
  const names = read(name).items.map((item) =>
    item.kind === "certificate" ? new X509Certificate(item.der).subject : "?",
  );
  expect(names.map((one) => /CN=(.*)/.exec(one)?.[1]).sort()).toEqual(["Fixture CA", "RSA leaf"]);
});

test("a bundle with text around its blocks gives everything in it, in its order", () => {
  const file = read("bundle.pem");
  expect(file.items.map(({ kind }) => kind)).toEqual(["certificate", "certificate", "privateKey"]);
  expect(file.warnings).toEqual([expect.stringContaining("not protected")]);
});

test.each([
  ["rsa.public.pem", "rsa.public.pem"],
  ["rsa.public.der", "rsa.public.pem"],
  ["rsa.pkcs1-public.pem", "rsa.public.pem"],
  ["rsa.openssh.pub", "rsa.public.pem"],
  ...curves.map((curve): [string, string] => [`ec-${curve}.public.pem`, `ec-${curve}.public.pem`]),
  ["ec-compressed.public.pem", "ec-prime256v1.public.pem"],
  ["ec-prime256v1.openssh.pub", "ec-prime256v1.public.pem"],
  ["ed25519.public.pem", "ed25519.public.pem"],
  ["x25519.public.pem", "x25519.public.pem"],
])("%s is the public key in %s", (name, plain) => {
  const [item] = read(name).items;
  if (item?.kind !== "publicKey") throw new Error("no public key was found");
  const spki = createPublicKey(fixture(plain)).export({ format: "der", type: "spki" });
  expect(toSpki(item.publicKey).toString("hex")).toBe(spki.toString("hex"));
});

test("the comment of an OpenSSH line is the key's name", () => {
  expect(read("ed25519.openssh.pub").items).toMatchObject([{ kind: "publicKey", name: "ada@example" }]);
});

test.each([
  ["ed448.pkcs8.pem", /1\.3\.101\.113 are not known/, "ed448.pkcs8.pem, block 1 (PRIVATE KEY)"],
  ["ed25519.openssh.private", /OPENSSH PRIVATE KEY/, "ed25519.openssh.private"],
])("%s is refused with its reason", (name, message, where) => {
  const error = failureOf(() => read(name));
  expect(error).toMatchObject({ code: "BAD_FILE", where });
  expect(error.message).toMatch(message);
});

test("garbage, an empty file, 10 MB and half a block are BAD_FILE, each in its own words", () => {
  const bad = (content: Buffer) => failureOf(() => readFile("file", content, null));
  expect(bad(Buffer.from("hello, this is a letter")).message).toMatch(/no PEM, DER/);
  expect(bad(Buffer.alloc(0)).message).toMatch(/empty/);
  expect(bad(Buffer.alloc(10_000_000, 0x30)).message).toMatch(/10 MB/);
  const pem = fixture("rsa.cert.pem");
  expect(bad(pem.subarray(0, pem.length / 2)).message).toMatch(/has no end: the file is cut off/);
  expect(bad(Buffer.from("-----BEGIN CERTIFICATE-----\nMII\u00e9\n-----END CERTIFICATE-----"))).toMatchObject({
    code: "BAD_FILE",
    where: "file, block 1 (CERTIFICATE)",
    message: "Line 2 is not base64.",
  });
  const cut = fixture("rsa.cert.der");
  expect(bad(cut.subarray(0, 300)).message).toMatch(/cut off: \d+ bytes are announced at byte 0, but only 300/);
});

test.each(readdirSync(folder).filter((name) => /\.(der|p12|p7b|p7m)$/.test(name)))(
  "%s, cut off or with one byte changed, is a clear failure or the same kind of thing, never a fault",
  (name) => {
    const whole = fixture(name);
    for (let length = 0; length < whole.length; length += 97)
      expect(failureOf(() => readFile(name, Buffer.from(whole.subarray(0, length)), password)).code).toMatch(
        /BAD_FILE|PASSWORD_WRONG/,
      );
    for (let at = 0; at < Math.min(whole.length, 200); at += 3) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 0xff;
      try {
        readFile(name, changed, password);
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(Failure);
      }
    }
  },
);

test("private bytes are zeroed once the file is let go", () => {
  for (const [name, secret] of [
    ["rsa.pkcs8.der", null],
    ["ec.pbes2-scrypt.pem", password],
    ["rsa.legacy.p12", password],
    ["ed25519.pkcs8.pem", null],
  ] as const) {
    const content = fixture(name);
    const file = readFile(name, content, secret);
    const key = file.items.find((item) => item.kind === "privateKey");
    if (key?.kind !== "privateKey") throw new Error("no key");
    const value = privateValue(key.parts);
    expect(value.some((byte) => byte !== 0)).toBe(true);
    file.wipe();
    expect(value.every((byte) => byte === 0)).toBe(true);
    expect(content.every((byte) => byte === 0)).toBe(true);
  }
});
