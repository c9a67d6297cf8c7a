import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ObjectRow } from "../../preload/contract/objects.ts";
import { initialisedToken, openTestApp, type TestApp } from "../harness/app.ts";
import { type OpensslCa, opensslCa } from "../harness/openssl-ca.ts";
import { certificateOf, entryOf, fingerprint, fixtureKey } from "../harness/trust-certificates.ts";

const password = "collect-canary-9915";
const canary = "nowhere-canary-2284";
const folder = mkdtempSync(join(tmpdir(), "truststores-collect-"));
/** The app's temporary files have a place of their own here, so that all that is left over is its. */
const temporary = join(folder, "tmp");
const usual = process.env.TMPDIR;
let app: TestApp;
let ca: OpensslCa;
beforeAll(async () => {
  mkdirSync(temporary);
  process.env.TMPDIR = temporary;
  app = await openTestApp();
  ca = opensslCa();
});
afterAll(async () => {
  ca.close();
  await app.close();
  if (usual === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = usual;
  rmSync(folder, { recursive: true, force: true });
});

const der = (pem: string) => ca.openssl(["x509", "-outform", "DER"], pem);
const file = (fileName: string, content: string | Buffer, more: object = {}) => ({
  kind: "file" as const,
  fileName,
  content: Buffer.from(content).toString("base64"),
  ...more,
});

test("a token's own certificate is offered its issuers, from the token; its private key is refused with the reason", async () => {
  const { module, token } = await initialisedToken(app, "Collect");
  const spec = { preset: "sign", label: "ada", kind: "EC", curve: "P-256" } as const;
  await app.call("keys.generate", { module, token, spec });
  const { rows: keys } = await app.call("objects.list", { module, token });
  const own = (kind: ObjectRow["class"]) => {
    const found = keys.find((row) => row.class === kind);
    if (!found) throw new Error(`no ${kind}`);
    return { handle: found.handle, class: found.class, label: found.label, id: found.id };
  };
  const read = await app.call("objects.read", { module, token, object: own("publicKey"), format: "pem" });
  const leaf = ca.issue(Buffer.from(read.content, "base64").toString(), "/CN=ada");
  for (const [label, pem] of [
    ["ada", leaf],
    ["issuing", ca.intermediate],
    ["root", ca.root],
  ] as const)
    await app.call("objects.import", {
      module,
      token,
      fileName: `${label}.pem`,
      content: Buffer.from(pem).toString("base64"),
      items: [{ index: 0, label }],
    });
  const { rows } = await app.call("objects.list", { module, token });
  const certificate = rows.find((row) => row.class === "certificate" && row.label === "ada");
  if (!certificate) throw new Error("the certificate is not on the token");
  const object = { handle: certificate.handle, class: certificate.class, label: "ada", id: certificate.id };
  const collected = await app.call("truststores.collect", { sources: [{ kind: "token", module, token, object }] });
  expect(collected.entries).toMatchObject([{ alias: "ada", role: "own", origin: "token Collect, object ada" }]);
  expect(collected.completion.map(({ sha256, role }) => [sha256, role])).toEqual([
    [fingerprint(der(ca.intermediate)), "intermediate"],
    [fingerprint(der(ca.root)), "root"],
  ]);
  expect(collected.missingIssuers).toEqual([]);

  const withKey = await app.call("truststores.collect", {
    sources: [
      { kind: "token", module, token, object },
      { kind: "token", module, token, object: own("privateKey") },
    ],
  });
  expect(withKey.entries).toHaveLength(1);
  expect(withKey.refused).toMatchObject([
    { where: "token Collect, object ada", why: expect.stringContaining("a trust store tells whom to trust") },
  ]);
});

test("issuers that are nowhere are named", async () => {
  const leaf = ca.issue(ca.openssl(["pkey", "-pubout"], fixtureKey).toString(), "/CN=alone");
  const { entries, missingIssuers } = await app.call("truststores.collect", { sources: [file("alone.pem", leaf)] });
  expect(entries).toHaveLength(1);
  expect(missingIssuers).toMatchObject([expect.stringMatching(/CN=Test Issuing CA.*issuer of .*CN=alone/)]);
});

test("of a file with a private key the certificate is taken and the key refused, by name", async () => {
  const { entries, refused } = await app.call("truststores.collect", {
    sources: [file("both.pem", fixtureKey + ca.root)],
  });
  expect(entries.map(({ sha256 }) => sha256)).toEqual([fingerprint(der(ca.root))]);
  expect(refused).toMatchObject([{ where: "both.pem", why: expect.stringContaining("private key") }]);
  const { code, where } = await app.fails("truststores.collect", { sources: [file("only.key", fixtureKey)] });
  expect([code, where]).toEqual(["REFUSED", "file only.key"]);
});

test("a file with a password is asked for it, and one that is no certificate stops no other", async () => {
  writeFileSync(join(ca.folder, "pw"), password);
  const store = ca.openssl(["pkcs12", "-export", "-nokeys", "-in", "root.pem", "-passout", "file:pw"]);
  const sources = (more: object) => ({ sources: [file("root.pem", ca.root), file("store.p12", store, more)] });
  expect((await app.fails("truststores.collect", sources({}))).code).toBe("PASSWORD_NEEDED");
  expect((await app.fails("truststores.collect", sources({ password: "no" }))).code).toBe("PASSWORD_WRONG");
  // Twice the same: one entry.
  expect((await app.call("truststores.collect", sources({ password }))).entries).toHaveLength(1);
  const { entries, refused } = await app.call("truststores.collect", {
    sources: [file("root.pem", ca.root), file("notes.txt", "nothing to see here")],
  });
  expect(entries).toHaveLength(1);
  expect(refused).toMatchObject([{ where: expect.stringContaining("notes.txt") }]);
});

test("what came from a server's handshake is written only once its fingerprint was confirmed", async () => {
  const pasted = `CONNECTED(00000003)\n---\nCertificate chain\n 0 s:CN = Test Root\n---\nServer certificate\n${ca.root}subject=CN = Test Root\n`;
  const { entries } = await app.call("truststores.collect", { sources: [file("pasted.txt", pasted)] });
  expect(entries).toMatchObject([{ fromHandshake: true }]);
  const [{ sha256 } = { sha256: "" }] = entries;
  const path = join(folder, "handshake.pem");
  const wanted = { format: "pem" as const, path, entries: [entryOf("root", der(ca.root))] };
  const error = await app.fails("truststores.write", wanted);
  expect(error).toMatchObject({ code: "REFUSED", where: sha256 });
  expect(existsSync(path)).toBe(false);
  expect((await app.fails("truststores.write", { ...wanted, confirmed: ["00".repeat(32)] })).code).toBe("REFUSED");
  expect((await app.call("truststores.write", { ...wanted, confirmed: [sha256] })).outcome).toBe("written");
});

test("a password is in no process's arguments or environment, and in no file, while stores are written and read back", async () => {
  const seen: string[] = [];
  let looks = 0;
  let running = true;
  const watch = (async () => {
    while (running) {
      const processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
      const files = [...processes.flatMap((id) => [`/proc/${id}/cmdline`, `/proc/${id}/environ`]), ...workFiles()];
      for (const path of files) if (holds(path, canary)) seen.push(path);
      looks += processes.length;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  })();
  const entries = [entryOf("one", certificateOf("One"))];
  for (const format of ["pkcs12", "jks"] as const) {
    const path = join(folder, `canary.${format}`);
    await app.call("truststores.write", { format, path, password: canary, entries });
    await app.call("truststores.read", { path, password: canary });
    expect((await app.fails("truststores.read", { path, password: `${canary}x` })).message).not.toContain(canary);
  }
  const database = join(folder, "canary-nss");
  await app.call("truststores.write", { format: "nss", path: database, password: canary, entries });
  await app.fails("truststores.write", { format: "nss", path: join(database, "cert9.db"), password: canary, entries });
  running = false;
  await watch;
  expect(looks).toBeGreaterThan(100);
  expect(seen).toEqual([]);
  // Nothing is left of its work, after success and after failure.
  expect(workFiles()).toEqual([]);
  expect(execFileSync("sh", ["-c", `grep -rlaF ${canary} ${folder} || true`], { encoding: "utf8" })).toBe("");
});

const holds = (path: string, text: string): boolean => {
  try {
    return readFileSync(path, "latin1").includes(text);
  } catch {
    // It has ended or gone meanwhile, or is another user's.
    return false;
  }
};

/** The app's folders of work, and the files in them. */
const workFiles = (): string[] =>
  [temporary, "/dev/shm"].flatMap((place) => {
    const own = (name: string) =>
      /^tokenglass-(store|folder)-/.test(name) || name.startsWith(`tokenglass-nss-${process.pid}-`);
    const folders = existsSync(place) ? readdirSync(place).filter(own) : [];
    return folders.flatMap((name) => {
      try {
        return [join(place, name), ...readdirSync(join(place, name)).map((file) => join(place, name, file))];
      } catch {
        return [];
      }
    });
  });
