import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { StoreFormat } from "../../preload/contract/truststores.ts";
import { openTestApp, type TestApp } from "../harness/app.ts";
import { certificateOf, entryOf, fingerprint } from "../harness/trust-certificates.ts";

const password = "killed-canary-3307";
const writer = new URL("../harness/write-store-loop.mjs", import.meta.url).pathname;
const kills = 4;

let app: TestApp;
let folder: string;
beforeAll(async () => {
  app = await openTestApp();
  folder = await mkdtemp(join(tmpdir(), "truststores-killed-"));
  await mkdir(join(folder, "no programs"));
});
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true, force: true });
});

// Two of them share a subject with one that comes and goes, so that hashed files change their numbers.
const kept = [
  ...Array.from({ length: 30 }, (_, i) => certificateOf(`Stays ${i}`)),
  certificateOf("Same subject"),
  certificateOf("Same subject"),
];
const passing = [certificateOf("Same subject"), ...Array.from({ length: 10 }, (_, i) => certificateOf(`Passes ${i}`))];

/** Lets a process change the store for a while that differs each time, and kills it. */
const changeAndKill = async (target: object, milliseconds: number): Promise<void> => {
  const { PATH = "" } = process.env;
  // Without programs to ask it does hardly anything but write. An NSS database is written by certutil.
  const path = "format" in target && target.format === "nss" ? PATH : join(folder, "no programs");
  const child = spawn(process.execPath, [writer], {
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, PATH: path },
  });
  let errors = "";
  child.stderr.on("data", (bytes: Buffer) => {
    errors += bytes.toString();
  });
  const ended = once(child, "exit");
  const dataFolder = await mkdtemp(join(folder, "data-"));
  const entries = passing.map((der, i) => entryOf(`passes ${i}`, der));
  child.stdin.end(JSON.stringify({ target, entries, sha256: passing.map(fingerprint), dataFolder }));
  await Promise.race([once(child.stdout, "data"), ended]);
  await wait(milliseconds);
  expect(child.exitCode, errors).toBeNull();
  child.kill("SIGKILL");
  await ended;
};

describe.each<[StoreFormat, "whole" | "file by file"]>([
  ["pem", "whole"],
  ["pkcs12", "whole"],
  ["opensslDirectory", "file by file"],
  ["nss", "whole"],
])("%s", (format, change) => {
  test(`killed at ${kills} moments of its work, the app leaves the old store or the new one (${change})`, async () => {
    const target = {
      format,
      path: join(folder, format),
      ...(format === "pkcs12" || format === "jks" ? { password } : {}),
    };
    await app.call("truststores.write", { ...target, entries: kept.map((der, i) => entryOf(`stays ${i}`, der)) });
    for (let n = 0; n < kills; n++) {
      await changeAndKill(target, 15 + n * 37);
      const read = await app.call("truststores.read", { path: target.path, password });
      const prints = new Set(read.entries.map(({ sha256 }) => sha256));
      expect(kept.map(fingerprint).filter((print) => !prints.has(print))).toEqual([]);
      const extra = passing.map(fingerprint).filter((print) => prints.has(print)).length;
      if (change === "whole") expect([0, passing.length]).toContain(extra);
      expect(read.views.map(({ reader, verdict }) => [reader, verdict])).not.toContainEqual([
        expect.anything(),
        "failed",
      ]);
      expect(read.views.map(({ reader, verdict }) => [reader, verdict])).not.toContainEqual([
        expect.anything(),
        "notSeen",
      ]);
      if (change === "file by file") expect(await withoutGaps(target.path)).toBe(true);
      // What a kill left over hinders no later change.
      if (extra > 0)
        await app.call("truststores.remove", {
          ...target,
          sha256: passing.map(fingerprint).filter((print) => prints.has(print)),
        });
    }
  });
});

/** Hashed files are numbered from 0 without a gap: behind one OpenSSL looks no further. */
const withoutGaps = async (path: string): Promise<boolean> => {
  const names = new Set(await readdir(path));
  return [...names].every((name) => {
    const [, hash, number] = /^([0-9a-f]{8})\.(\d+)$/.exec(name) ?? [];
    return !hash || number === "0" || names.has(`${hash}.${Number(number) - 1}`);
  });
};
