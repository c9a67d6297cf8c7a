import { realpathSync } from "node:fs";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Candidate } from "../../preload/contract/modules.ts";
import { openTestApp, type TestApp } from "../harness/app.ts";
import { nativeLibrary } from "../harness/native.ts";

let app: TestApp;
let configuration: string;
let candidates: Candidate[];
const progress: Candidate[] = [];
const environment = { XDG_CONFIG_HOME: process.env["XDG_CONFIG_HOME"] };

/** The user's own p11-kit files, beside those that the system's packages bring. */
const userFiles = (folder: string): Record<string, string> => ({
  "mine.module": `# my own build\nmodule: ${join(folder, "mine.so")}\n`,
  "elsewhere.module": "remote: |ssh hsm.example p11-kit remote /usr/lib/pkcs11/vendor.so\n",
  "gone.module": "module: /opt/vendor/gone-pkcs11.so\n",
  "others.module": `module: ${join(folder, "others.so")}\nenable-in: firefox\n`,
  "text.module": `module: ${join(folder, "text.so")}\n`,
});

beforeAll(async () => {
  configuration = await mkdtemp(join(tmpdir(), "tokenglass-p11-kit-"));
  const folder = join(configuration, "pkcs11/modules");
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(userFiles(configuration))) await writeFile(join(folder, name), text);
  await symlink(nativeLibrary("mock"), join(configuration, "mine.so"));
  await symlink(nativeLibrary("forward"), join(configuration, "others.so"));
  await writeFile(join(configuration, "text.so"), "INPUT(/usr/lib/vendor.so)\n");
  process.env["XDG_CONFIG_HOME"] = configuration;
  app = await openTestApp();
  ({ candidates } = await app.call("modules.find", {}, (value) => progress.push(value as Candidate)));
});
afterAll(async () => {
  await app.close();
  await rm(configuration, { recursive: true });
  if (environment.XDG_CONFIG_HOME === undefined) delete process.env["XDG_CONFIG_HOME"];
  else process.env["XDG_CONFIG_HOME"] = environment.XDG_CONFIG_HOME;
});

const named = (end: string): Candidate => {
  const found = candidates.filter(({ path }) => path.endsWith(end));
  if (found.length !== 1 || !found[0]) throw new Error(`${found.length} candidates end in ${end}`);
  return found[0];
};

describe("libraries of this machine", () => {
  test("SoftHSM loads, and is the one that the demo token uses", () => {
    expect(named("/libsofthsm2.so")).toMatchObject({ loads: "yes", present: true, module: "demo", error: null });
    expect(named("/libsofthsm2.so").description).toMatch(/PKCS11 2\.6/);
  });

  test("OpenSC and p11-kit's trust module load", () => {
    expect(named("/opensc-pkcs11.so")).toMatchObject({ loads: "yes", module: null });
    expect(named("/opensc-pkcs11.so").description).toContain("OpenSC");
    expect(named("/p11-kit-trust.so")).toMatchObject({ loads: "yes" });
  });

  test("NSS softokn loads with library parameters of its own, and says that it needs some", () => {
    expect(named("/libsoftokn3.so")).toMatchObject({ loads: "yes", hint: expect.stringContaining("configdir=") });
  });

  test("what loads further modules is shown, but not loaded just to look", () => {
    for (const end of ["/p11-kit-proxy.so", "/pkcs11-spy.so"])
      expect(named(end)).toMatchObject({ loads: "not tried", error: { code: "REFUSED" } });
  });

  test("each says what file it is, and that it may be loaded without asking", () => {
    const { inspection } = named("/opensc-pkcs11.so");
    expect(inspection).toMatchObject({
      approved: true,
      owner: "root",
      othersMayWrite: false,
      binary: { format: "ELF", kind: "library", fitsHere: true },
    });
    expect(inspection?.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  test("a file that several paths lead to is there once", () => {
    const real = candidates.flatMap(({ inspection }) => inspection?.realPath ?? []);
    expect(new Set(real).size).toBe(real.length);
    expect(real).toContain(realpathSync("/usr/lib/softhsm/libsofthsm2.so"));
  });
});

describe("modules that p11-kit's files name", () => {
  test("a library that was never approved is not loaded; what a person needs to decide is there", () => {
    expect(named("/mine.so")).toMatchObject({
      source: "p11-kit",
      vendor: "mine (p11-kit)",
      loads: "not tried",
      error: { code: "MODULE_NEEDS_APPROVAL", details: { path: join(configuration, "mine.so") } },
      inspection: { approved: false, realPath: realpathSync(nativeLibrary("mock")) },
    });
  });

  test("a remote module cannot be loaded here; its command and the way out are named", () => {
    const { loads, error } = named("/elsewhere.module");
    expect(loads).toBe("no");
    expect(error?.message).toContain("ssh hsm.example p11-kit remote");
    expect(error?.remedy).toContain("p11-kit-proxy.so");
  });

  test("a library that is not there is told, since somebody configured it", () => {
    expect(named("/gone-pkcs11.so")).toMatchObject({
      present: false,
      loads: "no",
      error: { code: "MODULE_NOT_FOUND" },
    });
  });

  test("one for other programs only is left alone", () => {
    expect(named("/others.so")).toMatchObject({ loads: "not tried", error: { code: "REFUSED" } });
  });

  test("a text file is no library", () => {
    expect(named("/text.so")).toMatchObject({ loads: "no", error: { code: "MODULE_NOT_A_LIBRARY" } });
  });
});

test("every candidate came as progress, as soon as its outcome was known", () => {
  expect(progress.map(({ path }) => path).sort()).toEqual(candidates.map(({ path }) => path).sort());
});

test("nothing is loaded when nobody asked for it; known paths without a file are listed on demand", async () => {
  const { candidates: all, looked } = await app.call("modules.find", { probe: false, absent: true });
  expect(all.filter(({ loads }) => loads === "yes")).toEqual([]);
  expect(all.length).toBeGreaterThan(candidates.length + 100);
  expect(looked).toBeGreaterThanOrEqual(all.length);
  expect(all.find(({ path }) => path === "/opt/nfast/toolkits/pkcs11/libcknfast.so")).toMatchObject({
    present: false,
    vendor: "Entrust nShield",
    inspection: null,
  });
});

test("a module that runs counts as loading, without being loaded again", async () => {
  await app.call("modules.start", { module: "demo" });
  const { candidates: now } = await app.call("modules.find", { probe: false });
  expect(now.find(({ module }) => module === "demo")).toMatchObject({ loads: "yes" });
});
