import { createPublicKey, generateKeyPairSync, X509Certificate } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SignatureAlgorithm } from "../../preload/contract/certificate-profile.ts";
import type { Input } from "../../preload/contract/index.ts";
import { initialisedToken, openTestApp, type TestApp, testPins } from "../harness/app.ts";
import { openssl, verifiedRequest } from "../harness/openssl.ts";

let app: TestApp;
let at: Awaited<ReturnType<typeof initialisedToken>>;
beforeAll(async () => {
  app = await openTestApp();
  at = await initialisedToken(app, "Requests");
});
afterAll(() => app.close());

type Spec = Input<"keys.generate">["spec"];
const generate = async (spec: Omit<Spec, "preset"> & Partial<Spec>) => {
  const { id, publicKey } = await app.call("keys.generate", { ...at, spec: { preset: "sign", ...spec } });
  return { publicKey, key: { class: "privateKey", label: spec.label, id } as const };
};

const rsa: SignatureAlgorithm[] = ["RSA-SHA256", "RSA-SHA384", "RSA-SHA512"];
const pss: SignatureAlgorithm[] = ["RSA-PSS-SHA256", "RSA-PSS-SHA384", "RSA-PSS-SHA512"];
const ecdsa: SignatureAlgorithm[] = ["ECDSA-SHA256", "ECDSA-SHA384", "ECDSA-SHA512"];
const curves = ["P-256", "P-384", "P-521", "secp256k1", "brainpoolP256r1", "brainpoolP384r1", "brainpoolP512r1"];
const signers: { spec: Omit<Spec, "preset">; algorithms: SignatureAlgorithm[] }[] = [
  { spec: { kind: "RSA", size: 2048, label: "RSA" }, algorithms: [...rsa, ...pss] },
  ...curves.map((curve) => ({ spec: { kind: "EC" as const, curve, label: curve }, algorithms: ecdsa })),
  { spec: { kind: "Ed25519", label: "Ed25519" }, algorithms: ["Ed25519"] },
];

/** What `openssl ... -text` calls a signature algorithm, and for PSS the hash that it names. */
const opensslWords = (algorithm: SignatureAlgorithm): RegExp => {
  const hash = algorithm.slice(-6).toLowerCase();
  if (algorithm === "Ed25519") return /Signature Algorithm: ED25519/;
  if (algorithm.startsWith("ECDSA")) return new RegExp(`Signature Algorithm: ecdsa-with-${hash}`, "i");
  return algorithm.startsWith("RSA-PSS")
    ? new RegExp(`rsassaPss[\\s\\S]*Hash Algorithm: ${hash}[\\s\\S]*mgf1 with ${hash}[\\s\\S]*Salt Length: 0x`)
    : new RegExp(`Signature Algorithm: ${hash}WithRSAEncryption`);
};

describe.each(signers)("a key on $spec.label", ({ spec, algorithms }) => {
  let key: Awaited<ReturnType<typeof generate>>["key"];
  beforeAll(async () => {
    ({ key } = await generate(spec));
  });

  test("is offered exactly the algorithms of its kind", async () => {
    const offer = await app.call("certificates.offer", { ...at, key });
    expect(offer.algorithms.map(({ name }) => name)).toEqual(algorithms);
    expect(algorithms).toContain(offer.usual);
    expect(offer.presets.map(({ name }) => name)).toContain("tlsServer");
  });

  test.each(algorithms)("makes a request that openssl verifies, signed with %s", async (algorithm) => {
    const profile = {
      subject: "CN=Ada Lovelace,O=Example\\, Ltd",
      san: [{ type: "dns", value: "a.example" } as const],
    };
    const made = await app.call("certificates.request", { ...at, key, profile, algorithm });
    const text = verifiedRequest(made.pem);
    expect(text).toMatch(opensslWords(algorithm));
    expect(text).toContain("DNS:a.example");
    expect(made).toMatchObject({ algorithm, verifiedBy: "software", subject: profile.subject });
    expect(Buffer.from(made.content, "base64")).toEqual(
      Buffer.from(made.pem.replace(/-----.*-----|\n/g, ""), "base64"),
    );
  });

  test.each(algorithms)("makes a self-signed certificate that openssl verifies, signed with %s", async (algorithm) => {
    const profile = { subject: "CN=Ada", basicConstraints: { ca: true }, keyUsage: ["keyCertSign" as const] };
    const { content } = await app.call("certificates.selfSign", { ...at, key, profile, algorithm, days: 2 });
    const file = join(app.dataFolder, `${spec.label}-${algorithm}.pem`);
    await writeFile(file, new X509Certificate(Buffer.from(content, "base64")).toString());
    expect(openssl(["verify", "-x509_strict", "-check_ss_sig", "-CAfile", file, file])).toContain(": OK");
    expect(openssl(["x509", "-noout", "-text", "-in", file])).toMatch(opensslWords(algorithm));
  });
});

describe("a key on P-256", () => {
  let key: Awaited<ReturnType<typeof generate>>["key"];
  let publicKey: Awaited<ReturnType<typeof generate>>["publicKey"];
  beforeAll(async () => {
    ({ key, publicKey } = await generate({ kind: "EC", curve: "P-256", label: "whole" }));
  });
  const asked = (profile: Input<"certificates.request">["profile"]) =>
    app.call("certificates.request", { ...at, key, profile });

  test("asks for everything that a profile can say, as openssl reads it", async () => {
    const { pem } = await asked({
      subject: "CN=Ada+UID=ada,OU=Engines,DC=example,DC=org,C=GB",
      san: [
        { type: "dns", value: "*.example.org" },
        { type: "dns", value: "bücher.example" },
        { type: "ip", value: "192.0.2.7" },
        { type: "ip", value: "2001:DB8::ffff:192.0.2.1" },
        { type: "email", value: "ada@example.org" },
        { type: "uri", value: "https://example.org/ada?x=1,2" },
        { type: "upn", value: "adä@corp.example" },
      ],
      keyUsage: ["digitalSignature", "keyAgreement", "decipherOnly"],
      extendedKeyUsage: ["clientAuth", "smartcardLogon", "1.2.3.4.5"],
      basicConstraints: { ca: false },
      critical: ["keyUsage", "extendedKeyUsage"],
      extensions: [{ oid: "1.2.3.4", critical: true, value: "0c026869" }],
    });
    const text = verifiedRequest(pem);
    expect(text).toContain("C = GB, DC = org, DC = example, OU = Engines, CN = Ada + UID = ada");
    expect(text).toMatch(
      /DNS:\*\.example\.org, DNS:xn--bcher-kva\.example, IP Address:192\.0\.2\.7, IP Address:2001:DB8:0:0:0:FFFF:C000:201, email:ada@example\.org, URI:https:\/\/example\.org\/ada\?x=1,2, othername: UPN::adä@corp\.example/,
    );
    expect(text).toMatch(/Key Usage: critical\n\s*Digital Signature, Key Agreement, Decipher Only/);
    expect(text).toMatch(
      /Extended Key Usage: critical\n.*TLS Web Client Authentication, Microsoft Smartcard Login, 1\.2\.3\.4\.5/,
    );
    expect(text).toMatch(/Basic Constraints: *\n\s*CA:FALSE/);
    expect(text).toMatch(/1\.2\.3\.4: critical\n\s*\.\.hi/);
  });

  test("may leave the subject empty beside an alternative name, which is critical then", async () => {
    const { pem, subject } = await asked({ subject: "", san: [{ type: "email", value: "ada@example.org" }] });
    expect(subject).toBe("");
    expect(verifiedRequest(pem)).toMatch(/Alternative Name: critical/);
  });

  test("makes a batch of requests, each with its own subject, all verified", async () => {
    const subjects = Array.from({ length: 70 }, (_, i) => `CN=device ${i}`);
    const made = await app.call("certificates.requestBatch", {
      ...at,
      key,
      profiles: subjects.map((subject) => ({ subject })),
    });
    expect(made.requests.map(({ subject }) => subject)).toEqual(subjects);
    for (const i of [0, 1, 69])
      verifiedRequest(openssl(["req", "-inform", "DER"], Buffer.from(made.requests[i]?.content ?? "", "base64")));
  });

  test("is not believed to belong to another public key: nothing is made", async () => {
    const other = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
    const publicKey = other.publicKey.export({ type: "spki", format: "pem" }).toString();
    const input = { ...at, key, publicKey, profile: { subject: "CN=x" } };
    for (const error of [
      await app.fails("certificates.request", input),
      await app.fails("certificates.selfSign", { ...input, days: 1 }),
    ])
      expect(error).toMatchObject({ code: "TEST_SIGNATURE_FAILED", message: expect.stringContaining("not a pair") });
    const secret = other.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const refused = await app.fails("certificates.request", { ...input, publicKey: secret });
    expect(refused).toMatchObject({ code: "BAD_FILE", message: expect.stringContaining("private key") });
  });

  test("refuses an algorithm of another kind of key by name", async () => {
    const error = await app.fails("certificates.request", {
      ...at,
      key,
      profile: { subject: "CN=x" },
      algorithm: "RSA-SHA256",
    });
    expect(error).toMatchObject({
      code: "NOT_OFFERED",
      message: expect.stringContaining("RSA-SHA256 is for RSA keys"),
    });
  });

  test("without its public key on the token asks for it, and takes it as PEM, DER or certificate", async () => {
    const spki = await app.call("objects.read", { ...at, object: refOf(publicKey), format: "pem" });
    const certificate = await app.call("certificates.selfSign", { ...at, key, subject: "CN=whole", days: 1 });
    await app.call("objects.delete", { ...at, objects: [refOf(publicKey)] });
    const profile = { subject: "CN=bare" };
    expect(await app.call("certificates.offer", { ...at, key })).toMatchObject({ key: null, algorithms: [] });
    const error = await app.fails("certificates.request", { ...at, key, profile });
    expect(error).toMatchObject({ code: "OBJECT_GONE", message: expect.stringContaining("no public key") });
    const der = createPublicKey(spki.text ?? "").export({ type: "spki", format: "der" });
    for (const given of [spki.text ?? "", der.toString("base64"), certificate.content]) {
      const made = await app.call("certificates.request", { ...at, key, profile, publicKey: given });
      expect(made.publicKeyFrom).toBe("what was given");
      verifiedRequest(made.pem);
    }
  });
});

const refOf = (row: { handle: string; class: string; label: string; id: string } | null) => {
  if (!row) throw new Error("no public key was made");
  const { handle, label, id } = row;
  return { handle, class: "publicKey" as const, label, id };
};

test("a wrong PIN for one use makes nothing, leaves the token as it was and is in no log; the right one signs", async () => {
  const { key } = await generate({ kind: "RSA", size: 2048, label: "asks", alwaysAuthenticate: true });
  const before = await app.call("objects.list", at);
  const input = { ...at, key, profile: { subject: "CN=asks" } };
  expect(await app.fails("certificates.request", input)).toMatchObject({ code: "PIN_NEEDED" });
  const wrong = await app.fails("certificates.request", { ...input, contextPin: "wrong-pin-canary" });
  expect(wrong).toMatchObject({ rv: "CKR_PIN_INCORRECT" });
  expect(JSON.stringify([wrong, app.events])).not.toMatch(/wrong-pin-canary/);
  expect((await app.call("objects.list", at)).rows).toEqual(before.rows);
  const made = await app.call("certificates.request", { ...input, contextPin: testPins.user });
  verifiedRequest(made.pem);
  const profiles = [input.profile, input.profile];
  const batch = { ...at, key, profiles, contextPin: testPins.user };
  expect(await app.fails("certificates.requestBatch", batch)).toMatchObject({ code: "REFUSED" });
});
