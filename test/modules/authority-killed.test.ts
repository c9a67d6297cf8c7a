import { execFileSync, spawn } from "node:child_process";
import { readdirSync, utimesSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { initialisedToken, openTestApp, type TestApp } from "../harness/app.ts";

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(() => app.close());

const entry = new URL("../../dist/main/cli.js", import.meta.url).pathname;

/** A CA that has issued so many certificates. */
const issued = async (count: number, label: string) => {
  const at = await initialisedToken(app, label);
  const { id } = await app.call("keys.generate", {
    ...at,
    spec: { kind: "EC", curve: "P-256", preset: "ca", label },
  });
  const key = { class: "privateKey", label, id } as const;
  const own = await app.call("certificates.selfSign", { ...at, key, subject: `CN=${label}`, days: 100, ca: true });
  await app.call("objects.import", { ...at, fileName: "ca.cer", content: own.content, items: [{ index: 0 }] });
  const pem = execFileSync(
    "openssl",
    [
      ...["req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"],
      ...["-keyout", "/dev/null", "-subj", "/CN=x"],
    ],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  const request = {
    ...at,
    key,
    issuer: { class: "certificate" as const, label, id },
    fileName: "x.csr",
    content: pem.toString("base64"),
    issuing: { days: 10, profile: { subject: "CN=x", keyUsage: ["digitalSignature" as const] } },
  };
  const made: Awaited<ReturnType<typeof issue>>[] = [];
  const issue = () => app.call("authority.issue", request);
  for (let i = 0; i < count; i++) made.push(await issue());
  return { made, issue, authority: made[0]?.authority };
};

/** Revokes by the command line, in a process that is killed after so many milliseconds. @returns whether it said that it did */
const revokeKilled = (id: string, serialNumber: string, milliseconds: number): Promise<boolean> =>
  new Promise((resolve) => {
    const input = JSON.stringify({ id, serialNumber, reason: "superseded" });
    const child = spawn(process.execPath, [entry, "call", "authority.revoke", input], {
      env: { ...process.env, TOKENGLASS_DATA: app.dataFolder },
      stdio: ["ignore", "pipe", "ignore"],
    });
    let said = "";
    child.stdout.on("data", (text) => {
      said += text;
    });
    const timer = setTimeout(() => child.kill("SIGKILL"), milliseconds);
    child.on("close", () => {
      clearTimeout(timer);
      resolve(said.includes('"superseded"'));
    });
  });

test("processes that are killed while they write the register leave a whole one, with all that they had answered for", async () => {
  const { made, issue, authority } = await issued(12, "killed");
  const id = authority?.id ?? "";
  // How long a run takes that is left alone decides when the others are killed.
  const start = performance.now();
  const [first, ...others] = made;
  expect(await revokeKilled(id, first?.certificate.serialNumber ?? "", 60_000)).toBe(true);
  const whole = performance.now() - start;
  const answered = [first?.certificate.serialNumber];
  for (const [i, { certificate }] of others.entries()) {
    const share = 0.55 + (0.5 * i) / others.length;
    if (await revokeKilled(id, certificate.serialNumber, whole * share)) answered.push(certificate.serialNumber);
  }
  const { certificates } = await app.call("authority.register", { id });
  expect(certificates).toHaveLength(12);
  const revoked = certificates.filter((one) => one.revoked).map((one) => one.serialNumber);
  expect(revoked).toEqual(expect.arrayContaining(answered));
  expect((await issue()).authority.issued).toBe(13);
});

test("what a killed process leaves beside the register, half a file and a lock, holds nobody up", async () => {
  const { issue, authority } = await issued(1, "left");
  const file = authority?.file ?? "";
  writeFileSync(`${file}.1234.new`, '{"version":1,"iss');
  const { pid } = spawn("true");
  await new Promise((resolve) => setTimeout(resolve, 200));
  writeFileSync(`${file}.lock`, String(pid));
  expect((await issue()).authority.issued).toBe(2);
  writeFileSync(`${file}.lock`, "");
  utimesSync(`${file}.lock`, new Date(Date.now() - 60_000), new Date(Date.now() - 60_000));
  expect((await issue()).authority.issued).toBe(3);
  expect(readdirSync(dirname(file)).filter((name) => name.endsWith(".lock"))).toEqual([]);
});
