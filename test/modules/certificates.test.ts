import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Input } from "../../preload/contract/index.ts";
import { initialisedToken, openTestApp, type TestApp, testPins } from "../harness/app.ts";

let app: TestApp;
let at: Awaited<ReturnType<typeof initialisedToken>>;
beforeAll(async () => {
  app = await openTestApp();
  at = await initialisedToken(app, "Certificates");
});
afterAll(() => app.close());

type Spec = Input<"keys.generate">["spec"];
const specs: Spec[] = [
  { kind: "RSA", size: 2048, preset: "sign", label: "RSA" },
  ...["P-256", "P-384", "P-521", "brainpoolP256r1", "brainpoolP512r1", "secp256k1"].map(
    (curve): Spec => ({ kind: "EC", curve, preset: "sign", label: curve }),
  ),
  { kind: "Ed25519", preset: "sign", label: "Ed25519" },
];

const selfSigned = async (label: string, id: string, more: Partial<Input<"certificates.selfSign">> = {}) => {
  const key = { class: "privateKey", label, id } as const;
  const made = await app.call("certificates.selfSign", {
    ...at,
    key,
    subject: `CN=${label},O=Ada\\, Ltd`,
    days: 30,
    ...more,
  });
  const path = join(app.dataFolder, `${label}.der`);
  await writeFile(path, Buffer.from(made.content, "base64"));
  const pem = join(app.dataFolder, `${label}.pem`);
  await writeFile(pem, execFileSync("openssl", ["x509", "-inform", "DER", "-in", path]));
  return { ...made, pem };
};

test.each(specs)("OpenSSL accepts the self-signed certificate of a key on $label", async (spec) => {
  const { id } = await app.call("keys.generate", { ...at, spec });
  const { pem, subject, notAfter } = await selfSigned(spec.label, id);
  expect(subject).toBe(`CN=${spec.label},O=Ada\\, Ltd`);
  expect(
    execFileSync("openssl", ["verify", "-x509_strict", "-check_ss_sig", "-CAfile", pem, pem]).toString(),
  ).toContain(": OK");
  const text = execFileSync("openssl", [
    "x509",
    "-in",
    pem,
    "-noout",
    "-text",
    "-enddate",
    "-dateopt",
    "iso_8601",
  ]).toString();
  expect(text).toContain("Digital Signature");
  expect(text).toContain("CA:FALSE");
  expect(text).toContain(`notAfter=${notAfter.replace("T", " ").replace(".000Z", "Z")}`);
});

test("a certificate may be made for a CA, and beyond 2050", async () => {
  const { id } = await app.call("keys.generate", {
    ...at,
    spec: { kind: "EC", curve: "P-256", preset: "ca", label: "root" },
  });
  const { pem, notAfter } = await selfSigned("root", id, { ca: true, days: 36500 });
  expect(new Date(notAfter).getUTCFullYear()).toBeGreaterThan(2100);
  expect(
    execFileSync("openssl", ["verify", "-x509_strict", "-check_ss_sig", "-CAfile", pem, pem]).toString(),
  ).toContain(": OK");
  expect(execFileSync("openssl", ["x509", "-in", pem, "-noout", "-text"]).toString()).toMatch(
    /CA:TRUE[\s\S]*Certificate Sign, CRL Sign/,
  );
});

test("the certificate that was made finds its key when it is written", async () => {
  const { id } = await app.call("keys.generate", {
    ...at,
    spec: { kind: "Ed25519", preset: "sign", label: "written" },
  });
  const { content } = await selfSigned("written", id);
  const file = { ...at, fileName: "made.crt", content };
  const { items } = await app.call("objects.importPreview", file);
  expect(items[0]).toMatchObject({ id, label: "written", matches: { class: "privateKey" } });
  const { written } = await app.call("objects.import", { ...file, items: [{ index: 0 }] });
  expect(written[0]?.object).toMatchObject({ class: "certificate", id, label: "written" });
});

test("a key that asks for the PIN at each use signs with it", async () => {
  const spec: Spec = { kind: "RSA", size: 2048, preset: "sign", label: "asks", alwaysAuthenticate: true };
  const { id } = await app.call("keys.generate", { ...at, spec });
  const input = { ...at, key: { class: "privateKey", label: "asks", id }, subject: "CN=asks", days: 1 } as const;
  expect(await app.fails("certificates.selfSign", input)).toMatchObject({ code: "PIN_NEEDED" });
  expect((await app.call("certificates.selfSign", { ...input, contextPin: testPins.user })).subject).toBe("CN=asks");
});

test("a subject that cannot be read is refused in words", async () => {
  const key = { class: "privateKey", label: "RSA", id: "00" } as const;
  const error = await app.fails("certificates.selfSign", { ...at, key, subject: "Ada Lovelace", days: 1 });
  expect(error).toMatchObject({ code: "INVALID_REQUEST", where: "subject" });
  expect(error.remedy).toContain("CN=Ada");
});
