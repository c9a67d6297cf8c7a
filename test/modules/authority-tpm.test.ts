import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openTestApp, type TestApp } from "../harness/app.ts";
import { opensslCa } from "../harness/openssl-ca.ts";
import { needsTpm, tpmInstalled, tpmToken } from "../harness/tpm.ts";

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

  test("takes the reply for its key with the chain, and a renewed one in its place", async () => {
    const ca = opensslCa();
    try {
      const spec = { kind: "EC", curve: "P-256", preset: "sign", label: "web" } as const;
      const { id } = await app.call("keys.generate", { ...tpm.at, spec });
      const object = { class: "publicKey", label: "web", id } as const;
      const { text } = await app.call("objects.read", { ...tpm.at, object, format: "pem" });
      const reply = (pem: string) => ({ ...tpm.at, fileName: "r.pem", content: Buffer.from(pem).toString("base64") });
      const first = reply([ca.issue(text ?? "", "/CN=old"), ca.intermediate].join(""));
      const { certificates } = await app.call("certificates.replyPreview", first);
      expect(certificates.map(({ role, label }) => [role, label])).toEqual([
        ["own", "web"],
        ["issuer", "Test Issuing CA"],
      ]);
      await app.call("certificates.replyWrite", { ...first, certificates: [{ index: 0 }, { index: 1 }] });
      const renewed = reply(ca.issue(text ?? "", "/CN=new"));
      const { certificates: again } = await app.call("certificates.replyPreview", renewed);
      const replaces = (again[0]?.sameKey ?? []).map(({ handle, label, id }) => ({
        handle,
        class: "certificate" as const,
        label,
        id,
      }));
      const { failed } = await app.call("certificates.replyWrite", {
        ...renewed,
        certificates: [{ index: 0, existing: "replace", replaces }],
      });
      expect(failed).toBeNull();
      const { rows } = await app.call("objects.list", tpm.at);
      expect(rows.flatMap(({ subject }) => subject ?? []).sort()).toEqual(["CN=Test Issuing CA,O=Test", "CN=new"]);
    } finally {
      ca.close();
    }
  });

  test("is a CA: OpenSSL verifies what it issues, and refuses what it has revoked", async () => {
    const spec = { kind: "EC", curve: "P-256", preset: "ca", label: "ca" } as const;
    const { id } = await app.call("keys.generate", { ...tpm.at, spec });
    const key = { class: "privateKey", label: "ca", id } as const;
    const own = await app.call("certificates.selfSign", { ...tpm.at, key, subject: "CN=TPM CA", days: 100, ca: true });
    await app.call("objects.import", { ...tpm.at, fileName: "ca.cer", content: own.content, items: [{ index: 0 }] });
    const openssl = (...args: string[]) =>
      execFileSync("openssl", args, { cwd: app.dataFolder, stdio: ["ignore", "pipe", "pipe"] }).toString();
    const pem = openssl(
      ...["req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "k.pem"],
      ...["-subj", "/CN=x"],
    );
    const signing = { ...tpm.at, key, issuer: { class: "certificate", label: "ca", id } as const };
    const made = await app.call("authority.issue", {
      ...signing,
      fileName: "x.csr",
      content: Buffer.from(pem).toString("base64"),
      issuing: { days: 10, profile: { subject: "CN=x", keyUsage: ["digitalSignature"] } },
    });
    const list = async () => {
      const made = await app.call("authority.revocationList", { id: authority, ...signing, days: 7 });
      writeFileSync(join(app.dataFolder, "list.pem"), made.pem);
    };
    const authority = made.authority.id;
    writeFileSync(join(app.dataFolder, "x.pem"), made.pem);
    writeFileSync(join(app.dataFolder, "ca.der"), Buffer.from(own.content, "base64"));
    openssl("x509", "-inform", "DER", "-in", "ca.der", "-out", "ca.pem");
    await list();
    const check = ["verify", "-x509_strict", "-CAfile", "ca.pem", "-crl_check", "-CRLfile", "list.pem", "x.pem"];
    expect(openssl(...check)).toContain(": OK");
    await app.call("authority.revoke", {
      id: authority,
      serialNumber: made.certificate.serialNumber,
      reason: "superseded",
    });
    await list();
    expect(() => openssl(...check)).toThrow(/certificate revoked/);
  });
});
