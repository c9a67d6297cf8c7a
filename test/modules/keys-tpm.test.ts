import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openTestApp, type TestApp } from "../harness/app.ts";
import { verifiedRequest } from "../harness/openssl.ts";
import { needsTpm, tpmInstalled, tpmToken } from "../harness/tpm.ts";

const file = (name: string) => ({
  fileName: name,
  content: readFileSync(new URL(`../fixtures/keys/${name}`, import.meta.url)).toString("base64"),
});

/** Another real module than SoftHSM, which takes templates less kindly. A TPM without resource manager holds three keys at once, so each test has its own. */
describe.skipIf(!tpmInstalled)("a virtual TPM", needsTpm, () => {
  let app: TestApp;
  let tpm: Awaited<ReturnType<typeof tpmToken>>;
  beforeEach(async () => {
    app = await openTestApp();
    tpm = await tpmToken(app);
  });
  afterEach(async () => {
    await app.close();
    tpm.stop();
  });

  test.each([
    { kind: "EC", curve: "P-256", preset: "sign", label: "ec" },
    { kind: "EC", curve: "P-384", preset: "sign", label: "ec" },
    { kind: "RSA", size: 2048, preset: "sign", label: "rsa" },
  ] as const)("makes a key ($kind $curve $size) that signs and may do nothing else", async (spec) => {
    const made = await app.call("keys.generate", { ...tpm.at, spec });
    expect(made.test).toMatchObject({ verified: true });
    expect(made.warnings).toEqual([expect.stringContaining("mixes up the usage flags of public keys")]);
    expect([made.key.id, made.publicKey?.id]).toEqual([made.id, made.id]);
    expect(made.key.flags).toEqual(expect.arrayContaining(["sensitive", "sign"]));
    for (const flag of ["decrypt", "extractable", "derive"]) expect(made.key.flags).not.toContain(flag);
  });

  test.each([
    { kind: "EC", curve: "P-256", preset: "sign", label: "ec" },
    { kind: "EC", curve: "P-384", preset: "sign", label: "ec" },
    { kind: "RSA", size: 2048, preset: "sign", label: "rsa" },
  ] as const)("makes requests ($kind $curve $size) with every algorithm that it offers, all verified", async (spec) => {
    const { id } = await app.call("keys.generate", { ...tpm.at, spec });
    const key = { class: "privateKey", label: spec.label, id } as const;
    const { algorithms, notOffered } = await app.call("certificates.offer", { ...tpm.at, key });
    expect(algorithms.map(({ name }) => name)).toEqual(
      ["SHA256", "SHA384", "SHA512"].map((hash) => `${spec.kind === "EC" ? "ECDSA" : "RSA"}-${hash}`),
    );
    // This module has no PSS.
    expect(notOffered.map(({ why }) => why)).toEqual(
      spec.kind === "EC" ? [] : Array(3).fill("is not in the token's mechanism list"),
    );
    for (const { name } of algorithms) {
      const made = await app.call("certificates.request", {
        ...tpm.at,
        key,
        profile: { subject: "CN=tpm" },
        algorithm: name,
      });
      verifiedRequest(made.pem);
    }
  });

  test("signs its own certificate, which finds its key again", async () => {
    const spec = { kind: "EC", curve: "P-256", preset: "sign", label: "tpm key" } as const;
    const { id } = await app.call("keys.generate", { ...tpm.at, spec });
    const key = { class: "privateKey", label: "tpm key", id } as const;
    const { content } = await app.call("certificates.selfSign", { ...tpm.at, key, subject: "CN=tpm", days: 1 });
    const { written } = await app.call("objects.import", {
      ...tpm.at,
      fileName: "own.crt",
      content,
      items: [{ index: 0 }],
    });
    expect(written[0]?.object).toMatchObject({ class: "certificate", label: "tpm key", id });
  });

  test("refuses a curve that it does not know by name, and nothing is left", async () => {
    const spec = { kind: "EC", curve: "brainpoolP256r1", preset: "sign", label: "bp" } as const;
    expect(await app.fails("keys.generate", { ...tpm.at, spec })).toMatchObject({
      code: "NOT_OFFERED",
      rv: "CKR_CURVE_NOT_SUPPORTED",
      message: expect.stringContaining("brainpoolP256r1"),
    });
    expect((await app.call("objects.list", tpm.at)).count).toBe(0);
  });

  test("takes certificates and data objects, but no keys from outside: the error names the tool that can", async () => {
    const write = (name: string) => ({ ...tpm.at, ...file(name), items: [{ index: 0 }] });
    for (const name of ["rsa.pkcs8.pem", "ec-prime256v1.public.pem"])
      expect(await app.fails("objects.import", write(name))).toMatchObject({
        code: "NOT_OFFERED",
        remedy: expect.stringContaining("tpm2_ptool import"),
      });
    const { written } = await app.call("objects.import", write("rsa.cert.pem"));
    expect(written[0]?.warnings).toEqual([]);
    const data = await app.call("objects.writeData", { ...tpm.at, label: "data", content: "AAEC" });
    expect(data.compared).toContain("CKA_VALUE");
  });
});
