import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CertificateProfileInput } from "../../preload/contract/certificate-profile.ts";
import type { Input } from "../../preload/contract/index.ts";
import { initialisedToken, openTestApp, type TestApp, testPins } from "../harness/app.ts";

let app: TestApp;
let at: Awaited<ReturnType<typeof initialisedToken>>;
beforeAll(async () => {
  app = await openTestApp();
  at = await initialisedToken(app, "Authority");
});
afterAll(() => app.close());

const openssl = (...args: string[]): string =>
  execFileSync("openssl", args, { cwd: app.dataFolder, stdio: ["ignore", "pipe", "pipe"] }).toString();
const refuses = (...args: string[]): string => {
  try {
    return `accepted: ${openssl(...args)}`;
  } catch (thrown) {
    return `${(thrown as { stderr: Buffer }).stderr}${(thrown as { stdout: Buffer }).stdout}`;
  }
};
const put = (name: string, content: string | Buffer): string => {
  writeFileSync(join(app.dataFolder, name), content);
  return name;
};

type Spec = Input<"keys.generate">["spec"];
/** A CA whose key and certificate are on the token. @returns what requests need of it, and its certificate as PEM */
const makeCa = async (
  label: string,
  spec: Partial<Spec> = {},
  profile?: Partial<CertificateProfileInput>,
  days = 1000,
) => {
  const { id } = await app.call("keys.generate", {
    ...at,
    spec: { kind: "EC", curve: "P-256", preset: "ca", label, ...spec } as Spec,
  });
  const key = { class: "privateKey", label, id } as const;
  const { content } = await app.call("certificates.selfSign", {
    ...at,
    key,
    days,
    profile: {
      subject: `CN=${label},O=Ada\\, Ltd`,
      keyUsage: ["keyCertSign", "cRLSign"],
      basicConstraints: { ca: true },
      ...profile,
    },
  });
  await app.call("objects.import", { ...at, fileName: "ca.cer", content, items: [{ index: 0 }] });
  const file = put(
    `${label}.pem`,
    execFileSync("openssl", ["x509", "-inform", "DER"], { input: Buffer.from(content, "base64") }),
  );
  return { file, signing: { ...at, key, issuer: { class: "certificate", label, id } as const } };
};

/** A request made by OpenSSL, with a key of its own. @returns PEM */
const requestFor = (subject: string, ...more: string[]): string =>
  openssl(
    ...["req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "leaf.key"],
    ...["-subj", subject, ...more],
  );
const given = (pem: string) => ({ fileName: "request.csr", content: Buffer.from(pem).toString("base64") });
const plain = (days = 90, profile: Partial<CertificateProfileInput> = {}): Input<"authority.issue">["issuing"] => ({
  days,
  profile: { subject: "CN=leaf", keyUsage: ["digitalSignature"], extendedKeyUsage: ["clientAuth"], ...profile },
});

test("what a request asks for is read extension by extension, and can be taken over as it is", async () => {
  const pem = requestFor(
    "/CN=www.example.com/O=Example",
    ...["-addext", "subjectAltName=DNS:www.example.com,IP:192.0.2.1,email:a@example.com,URI:https://example.com/x"],
    ...["-addext", "keyUsage=critical,digitalSignature,keyAgreement", "-addext", "extendedKeyUsage=serverAuth,1.2.3.4"],
    ...["-addext", "1.2.3.5=ASN1:UTF8String:hello", "-addext", "subjectKeyIdentifier=hash"],
  );
  const read = await app.call("certificates.readRequest", { module: at.module, ...given(pem) });
  expect(read).toMatchObject({ subject: "O=Example,CN=www.example.com", keyWords: "EC P-256" });
  expect(read.profile).toMatchObject({
    san: [
      { type: "dns", value: "www.example.com" },
      { type: "ip", value: "192.0.2.1" },
      { type: "email", value: "a@example.com" },
      { type: "uri", value: "https://example.com/x" },
    ],
    keyUsage: ["digitalSignature", "keyAgreement"],
    extendedKeyUsage: ["serverAuth", "1.2.3.4"],
    critical: ["keyUsage"],
    extensions: [{ oid: "1.2.3.5", critical: false, value: "0c0568656c6c6f" }],
  });
  expect(read.extensions.filter(({ part }) => part === null).map(({ name }) => name)).toEqual([
    "Subject key identifier",
  ]);
  const ca = await makeCa("takes-over");
  const made = await app.call("authority.issue", {
    ...ca.signing,
    ...given(pem),
    issuing: { days: 30, profile: read.profile },
  });
  const file = put("taken.pem", made.pem);
  expect(openssl("verify", "-x509_strict", "-CAfile", ca.file, file)).toContain(": OK");
  const text = openssl("x509", "-in", file, "-noout", "-text");
  expect(text).toContain("DNS:www.example.com, IP Address:192.0.2.1, email:a@example.com, URI:https://example.com/x");
  expect(text).toMatch(/Key Usage: critical\s+Digital Signature, Key Agreement/);
  expect(text).toMatch(/1.2.3.5: \s+..hello/);
});

test.each<[string, Partial<Spec>]>([
  ["RSA", { kind: "RSA", size: 2048 } as Partial<Spec>],
  ["P-384", { curve: "P-384" } as Partial<Spec>],
  ["Ed25519", { kind: "Ed25519" } as Partial<Spec>],
])(
  "a CA with a key %s issues certificates and lists that OpenSSL verifies, and a revoked one is refused",
  async (name, spec) => {
    const ca = await makeCa(`ca-${name}`, spec);
    const issue = (subject: string) =>
      app.call("authority.issue", {
        ...ca.signing,
        ...given(requestFor("/CN=any")),
        issuing: {
          ...plain(90, { subject }),
          caIssuers: ["http://ca.example/ca.cer"],
          ocsp: ["http://ocsp.example"],
          crl: ["http://ca.example/ca.crl"],
        },
      });
    const [good, bad] = [await issue("CN=good"), await issue("CN=bad")];
    const [goodFile, badFile] = [put("good.pem", good.pem), put("bad.pem", bad.pem)];
    const verify = ["verify", "-x509_strict", "-CAfile", ca.file];
    for (const file of [goodFile, badFile]) expect(openssl(...verify, file)).toContain(": OK");
    const text = openssl("x509", "-in", goodFile, "-noout", "-text");
    for (const part of [
      "CA Issuers - URI:http://ca.example/ca.cer",
      "OCSP - URI:http://ocsp.example",
      "URI:http://ca.example/ca.crl",
    ])
      expect(text).toContain(part);
    expect(text).toMatch(/Authority Key Identifier/);
    expect(good.certificate.serialNumber).toMatch(/^[4-7][0-9a-f]{31}$/);
    expect(good.certificate.serialNumber).not.toBe(bad.certificate.serialNumber);

    const { id } = bad.authority;
    await app.call("authority.revoke", { id, serialNumber: bad.certificate.serialNumber, reason: "keyCompromise" });
    const list = await app.call("authority.revocationList", { id, ...ca.signing, days: 7 });
    const listFile = put("list.pem", list.pem);
    // The verdict of openssl crl stands on standard error.
    expect(
      execFileSync("sh", ["-c", `openssl crl -in ${listFile} -verify -CAfile ${ca.file} -noout 2>&1`], {
        cwd: app.dataFolder,
      }).toString(),
    ).toContain("verify OK");
    expect(openssl("crl", "-in", listFile, "-noout", "-text")).toMatch(/CRL Number: \s+1\b[\s\S]*Key Compromise/);
    const checked = [...verify, "-crl_check", "-CRLfile", listFile];
    expect(openssl(...checked, goodFile)).toContain(": OK");
    expect(refuses(...checked, badFile)).toContain("certificate revoked");
    const second = await app.call("authority.revocationList", { id, ...ca.signing, days: 7 });
    expect(second.number).toBe(2);
  },
);

describe("what the CA's certificate does not allow is refused before anything is signed", () => {
  const issue = async (ca: Awaited<ReturnType<typeof makeCa>>, issuing: Input<"authority.issue">["issuing"]) =>
    app.fails("authority.issue", { ...ca.signing, ...given(requestFor("/CN=x")), issuing });

  test("a certificate that is no CA's, or without keyCertSign", async () => {
    const leaf = await makeCa("no-ca", {}, { basicConstraints: { ca: false }, keyUsage: ["digitalSignature"] });
    expect(await issue(leaf, plain())).toMatchObject({
      code: "REFUSED",
      message: expect.stringContaining("does not let it sign"),
    });
    const lists = await makeCa("lists-only", {}, { keyUsage: ["cRLSign"] });
    expect(await issue(lists, plain())).toMatchObject({ code: "REFUSED" });
  });

  test("a CA below one with path length 0, or with too long a path", async () => {
    const last = await makeCa("path-0", {}, { basicConstraints: { ca: true, pathLength: 0 } });
    const below = (pathLength?: number) =>
      plain(90, {
        keyUsage: ["keyCertSign"],
        extendedKeyUsage: [],
        basicConstraints: { ca: true, ...(pathLength === undefined ? {} : { pathLength }) },
      });
    expect(await issue(last, below(0))).toMatchObject({ message: expect.stringContaining("no CA below it") });
    const two = await makeCa("path-2", {}, { basicConstraints: { ca: true, pathLength: 2 } });
    expect(await issue(two, below())).toMatchObject({ message: expect.stringContaining("at most 1") });
    expect(await issue(two, below(2))).toMatchObject({ code: "REFUSED" });
    const made = await app.call("authority.issue", {
      ...two.signing,
      ...given(requestFor("/CN=sub")),
      issuing: below(1),
    });
    expect(openssl("verify", "-x509_strict", "-CAfile", two.file, put("sub.pem", made.pem))).toContain(": OK");
  });

  test("an end after the CA's own, unless that is wanted", async () => {
    const short = await makeCa("short", {}, {}, 10);
    expect(await issue(short, plain(11))).toMatchObject({
      code: "REFUSED",
      message: expect.stringContaining("outlive"),
    });
    const made = await app.call("authority.issue", {
      ...short.signing,
      ...given(requestFor("/CN=x")),
      issuing: { ...plain(11), beyondIssuer: true },
    });
    expect(made.warnings.join()).toContain("outlives");
  });

  test("a certificate of another key than the one that signs", async () => {
    const [one, other] = [await makeCa("one"), await makeCa("other")];
    const mixed = { ...one, signing: { ...one.signing, issuer: other.signing.issuer } };
    expect(await issue(mixed, plain())).toMatchObject({ code: "TEST_SIGNATURE_FAILED" });
    const { authorities } = await app.call("authority.list", {});
    expect(authorities.map(({ subject }) => subject).filter((subject) => /CN=(one|other|no-ca)/.test(subject))).toEqual(
      [],
    );
  });
});

describe("a request that cannot be trusted is refused in words", () => {
  const read = (content: string | Buffer) =>
    app.fails("certificates.readRequest", {
      module: at.module,
      fileName: "r.csr",
      content: Buffer.from(content).toString("base64"),
    });
  const der = () =>
    execFileSync("openssl", ["req", "-outform", "DER"], { input: requestFor("/CN=x"), cwd: app.dataFolder });
  const changed = (): Buffer => {
    const bytes = Buffer.from(der());
    bytes[bytes.indexOf("x", bytes.indexOf(Buffer.from([0x55, 0x04, 0x03])))] = 0x79;
    return bytes;
  };
  const unknown = (): Buffer => {
    const bytes = Buffer.from(der());
    const ecdsa = Buffer.from("06082a8648ce3d040302", "hex");
    bytes[bytes.indexOf(ecdsa) + ecdsa.length - 1] = 0x7f;
    return bytes;
  };
  test.each<[string, () => string | Buffer, RegExp]>([
    ["changed after it was signed", changed, /does not fit its key/],
    ["signed with an unknown algorithm", unknown, /cannot be checked/],
    ["truncated", () => der().subarray(0, 100), /cut off/],
    ["a certificate", () => readFileSync(join(app.dataFolder, "one.pem")), /no certificate request/],
    ["empty", () => "", /empty/],
    ["10 MB", () => Buffer.alloc(10_000_000, 0x30), /10 MB/],
    ["deeply nested", () => Buffer.alloc(60_000, Buffer.from([0x30, 0x80])), /nested/],
    ["prose", () => "please sign my key", /./],
  ])("%s", async (_, content, message) => {
    const error = await read(content());
    expect(error).toMatchObject({ code: "BAD_FILE", message: expect.stringMatching(message) });
  });
});

describe("the register", () => {
  test("knows what was issued; a hold can be ended, a revocation cannot", async () => {
    const ca = await makeCa("register");
    const issue = (subject: string) =>
      app.call("authority.issue", { ...ca.signing, ...given(requestFor("/CN=x")), issuing: plain(90, { subject }) });
    const first = await issue("CN=first");
    await issue("CN=second");
    const { id } = first.authority;
    const serialNumber = first.certificate.serialNumber;
    const { certificates } = await app.call("authority.register", { id });
    expect(certificates.map(({ subject }) => subject)).toEqual(["CN=second", "CN=first"]);
    await app.call("authority.revoke", { id, serialNumber, reason: "certificateHold" });
    expect((await app.call("authority.release", { id, serialNumber })).revoked).toBeNull();
    await app.call("authority.revoke", { id, serialNumber, reason: "superseded" });
    expect(await app.fails("authority.release", { id, serialNumber })).toMatchObject({ code: "REFUSED" });
    expect(await app.fails("authority.revoke", { id, serialNumber, reason: "keyCompromise" })).toMatchObject({
      code: "REFUSED",
    });
    const { authority } = await app.call("authority.register", { id });
    expect(authority).toMatchObject({ issued: 2, revoked: 1, listStale: true, list: null });
    await app.call("authority.revocationList", { id, ...ca.signing, days: 7 });
    expect((await app.call("authority.register", { id })).authority).toMatchObject({
      listStale: false,
      list: { number: 1 },
    });
    const { text } = await app.call("authority.exportCertificate", { id, serialNumber, chain: true });
    expect(text?.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
    expect((await app.call("authority.exportList", { id, format: "der" })).fileName).toMatch(/\.crl$/);
  });

  test("keeps every certificate when many are issued at once, each with a serial number of its own", async () => {
    const ca = await makeCa("at-once");
    const request = given(requestFor("/CN=x"));
    const made = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        app.call("authority.issue", { ...ca.signing, ...request, issuing: plain(90, { subject: `CN=n${i}` }) }),
      ),
    );
    const { certificates } = await app.call("authority.register", { id: made[0]?.authority.id ?? "" });
    expect(certificates).toHaveLength(12);
    expect(new Set(certificates.map((one) => one.serialNumber)).size).toBe(12);
  });

  test("one that is damaged is left as it is, and nothing is issued with it", async () => {
    const ca = await makeCa("damaged");
    const request = { ...ca.signing, ...given(requestFor("/CN=x")), issuing: plain() };
    const { authority } = await app.call("authority.issue", request);
    const whole = readFileSync(authority.file);
    writeFileSync(authority.file, whole.subarray(0, whole.length / 2));
    expect(await app.fails("authority.issue", request)).toMatchObject({ code: "FILE_FAILED", where: authority.file });
    expect(await app.fails("authority.list", {})).toMatchObject({ code: "FILE_FAILED" });
    expect(readFileSync(authority.file)).toEqual(whole.subarray(0, whole.length / 2));
    writeFileSync(authority.file, whole);
    expect((await app.call("authority.register", { id: authority.id })).certificates).toHaveLength(1);
  });

  test("a wrong PIN in the middle leaves no trace in it", async () => {
    const ca = await makeCa("asks", { alwaysAuthenticate: true } as Partial<Spec>).catch(() => null);
    expect(ca).toBeNull();
    const { id } = await app.call("keys.generate", {
      ...at,
      spec: { kind: "RSA", size: 2048, preset: "ca", label: "asks-2", alwaysAuthenticate: true },
    });
    const key = { class: "privateKey", label: "asks-2", id } as const;
    const profile = { subject: "CN=asks-2", keyUsage: ["keyCertSign" as const], basicConstraints: { ca: true } };
    const own = await app.call("certificates.selfSign", { ...at, key, days: 100, profile, contextPin: testPins.user });
    await app.call("objects.import", { ...at, fileName: "c.cer", content: own.content, items: [{ index: 0 }] });
    const issuer = { class: "certificate", label: "asks-2", id } as const;
    const request = { ...at, key, issuer, ...given(requestFor("/CN=x")), issuing: plain() };
    const before = readdirSync(join(app.dataFolder, "authorities"));
    expect(await app.fails("authority.issue", { ...request, contextPin: "wrong-pin-canary" })).toMatchObject({
      rv: "CKR_PIN_INCORRECT",
    });
    expect(readdirSync(join(app.dataFolder, "authorities"))).toEqual(before);
    const made = await app.call("authority.issue", { ...request, contextPin: testPins.user });
    const text = readFileSync(made.authority.file, "utf8");
    expect(text).not.toContain(testPins.user);
    expect(made.authority.issued).toBe(1);
  });
});
