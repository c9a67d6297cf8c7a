import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { builtNatives } from "../../main/recording/natives.ts";
import { initialisedToken, openTestApp, type TestApp, testPins } from "../harness/app.ts";
import { leaksBelow, leaksIn } from "../harness/leaks.ts";
import { addNative, nativeLibrary } from "../harness/native.ts";
import { readRecordings, softhsm } from "../harness/recorded.ts";

/** Recording of the app's own token hosts, copies of the spy, programs that the app starts, and what is kept of it all. */

nativeLibrary("mock");
let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
  await app.app.startModules();
});
afterAll(() => app.close());

const traces = (test: TestApp) => join(test.dataFolder, "traces");
const librariesOf = (process: number | null) => readFile(`/proc/${process}/maps`, "utf8");
const demo = async (test: TestApp) => {
  const row = (await test.call("modules.list", {})).modules.find(({ id }) => id === "demo");
  if (!row) throw new Error("the demo module is not kept");
  return row;
};

const secretKey = createHash("sha256").update("a known secret key").digest("hex");
const secrets = {
  ...testPins,
  wrongPin: "wrong-6648-canary",
  newPin: "new-2206-canary",
  secretKey: Buffer.from(secretKey, "hex"),
};

/** What a user does with a token, every PIN and key among it. */
const useToken = async (test: TestApp) => {
  const { module, token } = await initialisedToken(test, "Recorded token", false);
  const where = { module, token, who: "user" as const };
  await test.fails("tokens.login", { ...where, pin: secrets.wrongPin });
  await test.call("tokens.login", { ...where, pin: testPins.user });
  const writing = { module, token, sensitive: true, extractable: false };
  await test.call("objects.writeSecretKey", { ...writing, keyType: "AES", value: secretKey, label: "known" });
  const spec = { kind: "RSA" as const, size: 2048, label: "made", preset: "sign" as const, sensitive: true };
  await test.call("keys.generate", {
    module,
    token,
    spec: { ...spec, extractable: false, alwaysAuthenticate: false, allowDuplicate: false },
  });
  await test.call("tokens.changePin", { ...where, oldPin: testPins.user, newPin: secrets.newPin });
};

test("the search for leaks finds a secret in every spelling", () => {
  const secret = "a-secret-1234";
  const wide = Buffer.from(secret, "utf16le");
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const planted = [
    secret,
    Buffer.from(secret).toString("hex"),
    wide,
    base64(secret),
    base64(`x${secret}`),
    base64(`xy${secret}z`),
  ];
  for (const text of planted)
    expect(leaksIn(Buffer.concat([Buffer.from("..."), Buffer.from(text as string)]), { secret })).toEqual(["secret"]);
  expect(leaksIn("nothing", { secret })).toEqual([]);
});

describe("while the app's own modules are recorded", () => {
  test.each([0, 1, 2])("every call is in the recording at level %i, and no PIN and no key", async (level) => {
    const own = await openTestApp();
    try {
      const state = await own.call("recording.start", { modules: ["demo"], level });
      expect(state).toMatchObject({ available: true, modules: ["demo"], level, failed: [] });
      expect(state.levelUntil === null).toBe(level !== 2);
      await useToken(own);
      const calls = (await readRecordings(traces(own))).flatMap((recording) => recording.calls);
      const functions = new Set(calls.map(({ f }) => f));
      for (const name of ["C_InitToken", "C_InitPIN", "C_Login", "C_SetPIN", "C_CreateObject", "C_GenerateKeyPair"])
        expect(functions).toContain(name);
      expect(calls.find(({ f, r }) => f === "C_Login" && r !== undefined)?.r).toBe("CKR_PIN_INCORRECT");
      const { recordings } = await own.call("recording.list", {});
      expect(recordings[0]).toMatchObject({ own: true, running: true, level, process: (await demo(own)).pid });
      const said = JSON.stringify([own.events, recordings, await own.call("recording.state", {})]);
      expect(leaksIn(said, secrets)).toEqual([]);
      await own.app.close();
      const { found, files } = await leaksBelow(own.dataFolder, secrets);
      expect(files).toBeGreaterThan(5);
      expect(found).toEqual([]);
    } finally {
      await own.close();
    }
  });

  test("the module stays what it is: its path, its consent and its own errors", async () => {
    await app.call("recording.start", {});
    const before = await demo(app);
    expect(before).toMatchObject({ state: "ready", path: softhsm });
    const missing = await addNative(app, "broken/missing-dependency");
    expect(missing.error).toMatchObject({ code: "MODULE_MISSING_DEPENDENCY", where: missing.path });
    const crashing = await addNative(app, "broken/crash-on-load");
    expect(crashing.error).toMatchObject({ code: "HOST_CRASHED" });
    expect(crashing.error?.where).toContain(crashing.path);
    await writeFile(missing.path, await readFile(nativeLibrary("forward")));
    expect(
      (await app.call("modules.start", { module: missing.id }).catch((error: Error) => error)) as unknown,
    ).toMatchObject({
      error: { code: "MODULE_CHANGED" },
    });
  });

  test("its host loads it through a copy of the spy; when recording stops, directly again", async () => {
    await app.call("recording.stop", {});
    await app.call("recording.start", { modules: ["demo"] });
    const recorded = await librariesOf((await demo(app)).pid);
    expect(recorded).toContain(join(app.dataFolder, "spy/hosts/demo"));
    const { modules } = await app.call("recording.stop", {});
    expect(modules).toEqual([]);
    const direct = await librariesOf((await demo(app)).pid);
    expect(direct).not.toContain(app.dataFolder);
    expect(direct).toContain("libsofthsm2.so");
  });

  test("recordings are told as they grow", async () => {
    await app.call("recording.start", { modules: ["demo"] });
    const { names } = await app.event("recording.changed", (data) => data.names.length > 0);
    expect(names[0]).toMatch(/^\d{8}T\d{9}Z-\d+-.+\.p11\.jsonl$/);
  });

  test("the choice outlives the app, so that a module is recorded from its first call on", async () => {
    await app.call("recording.start", { modules: ["demo"], level: 1 });
    const kept = JSON.parse(await readFile(join(app.dataFolder, "recording.json"), "utf8"));
    expect(kept).toMatchObject({ modules: ["demo"], level: 1 });
    await app.call("recording.stop", { modules: ["demo"] });
  });
});

test("a spy that is damaged keeps no module from working, and the state says that it is not recorded", async () => {
  const folder = join(app.dataFolder, "damaged");
  await mkdir(folder);
  const spy = join(folder, "tokenglass-spy.so");
  await writeFile(spy, (await readFile(builtNatives.spy)).subarray(0, 100_000));
  const own = await openTestApp({}, { spy });
  try {
    const { failed } = await own.call("recording.start", { modules: ["demo"] });
    expect(failed).toEqual([]);
    await own.call("modules.start", { module: "demo" });
    expect(await demo(own)).toMatchObject({ state: "ready", error: null });
    const state = await own.call("recording.state", {});
    expect(state.failed).toMatchObject([{ module: "demo", why: expect.stringContaining("runs without") }]);
  } finally {
    await own.close();
  }
});

describe("a copy of the spy for one module", () => {
  test("is a path that any program can be given; the app knows when it is no longer what it made", async () => {
    const copy = await app.call("recording.copy", { module: "demo" });
    expect(copy).toMatchObject({ path: softhsm, good: true, level: 0 });
    const before = await readRecordings(traces(app));
    const environment = { ...process.env, ...(await demo(app)).environment };
    execFileSync("pkcs11-tool", ["--module", copy.library, "-I"], { env: environment, stdio: "pipe" });
    const after = await readRecordings(traces(app));
    expect(after).toHaveLength(before.length + 1);
    const [listed] = (await app.call("recording.list", {})).recordings;
    expect(listed).toMatchObject({ program: "/usr/bin/pkcs11-tool", own: false, running: false });

    await writeFile(copy.library, "something else");
    const [changed] = (await app.call("recording.state", {})).copies;
    expect(changed).toMatchObject({ good: false, why: expect.stringContaining("not the file that was made") });
    const { copies } = await app.call("recording.removeCopy", { library: copy.library });
    expect(copies).toEqual([]);
    expect(existsSync(copy.library)).toBe(false);
  });

  test("is made for libraries only, and nothing else can be deleted by its request", async () => {
    const text = join(app.dataFolder, "text.so");
    await writeFile(text, "text");
    expect(await app.fails("recording.copy", { module: text })).toMatchObject({ code: "MODULE_NOT_A_LIBRARY" });
    expect(await app.fails("recording.removeCopy", { library: text })).toMatchObject({ code: "REFUSED" });
    expect(existsSync(text)).toBe(true);
  });
});

describe("a program that the app runs", () => {
  const ended = async (run: string) => {
    for (let left = 200; left > 0; left--) {
      const found = (await app.call("recording.runs", {})).runs.find((row) => row.run === run);
      if (found?.ended) return found;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error("the run does not end");
  };

  test("is told with its output, its end and its recordings, and with no PIN", async () => {
    const pin = "run-3170-canary";
    const command = ["pkcs11-tool", "--module", softhsm, "--login", "--pin", pin, "--list-slots"];
    const { run, warnings } = await app.call("recording.run", { command });
    expect(warnings).toEqual([expect.stringContaining("has a PIN or password in its arguments (--pin)")]);
    const row = await ended(run);
    expect(row.command).toBe(`pkcs11-tool --module ${softhsm} --login --pin '***' --list-slots`);
    expect(row.exit).toMatch(/^exit code \d+$/);
    expect(row.recordings).toHaveLength(1);
    expect(row.modules).toMatchObject([{ path: expect.stringContaining("libsofthsm2.so"), recorded: true, why: "" }]);
    expect(leaksIn(JSON.stringify([row, app.events]), { pin })).toEqual([]);
    expect((await leaksBelow(app.dataFolder, { pin })).found).toEqual([]);
  });

  test("can be ended with all that it started", async () => {
    const { run, process: id } = await app.call("recording.run", { command: ["sh", "-c", "sleep 60; true"] });
    await app.call("recording.endRun", { run });
    expect((await ended(run)).exit).toBe("signal SIGTERM");
    expect(existsSync(`/proc/${id}`)).toBe(false);
  });

  test("that ends at once loses none of its output", async () => {
    for (let attempt = 0; attempt < 15; attempt++) {
      const { run } = await app.call("recording.run", { command: ["/bin/echo", `said ${attempt}`] });
      expect((await ended(run)).output).toBe(`said ${attempt}\n`);
    }
  });

  test("that prints without end is kept short", async () => {
    const { run } = await app.call("recording.run", { command: ["sh", "-c", "yes | head -c 3000000"] });
    expect((await ended(run)).output.length).toBeLessThan(70_000);
  });

  test("that is not there is an error with its name", async () => {
    expect(await app.fails("recording.run", { command: ["no-such-program"] })).toMatchObject({
      code: "FILE_FAILED",
      where: "no-such-program",
    });
  });

  test("is planned without running it", async () => {
    const plan = await app.call("recording.plan", { command: ["pkcs11-tool", "--pin", "1"] });
    expect(plan).toMatchObject({ possible: true, why: "", program: "/usr/bin/pkcs11-tool" });
    expect(plan.terminal).toBe("npx tokenglass trace -- pkcs11-tool --pin '***'");
    expect(plan.warnings).toHaveLength(1);
  });
});

describe("recordings are kept", () => {
  const header = (process: number, started: number) =>
    `${JSON.stringify({ k: "header", v: 1, t: 0, pid: process, exe: "/usr/bin/old", module: softhsm, level: 0 }).replace('"t":0', `"t":${started}000000`)}\n`;
  /** No process has this id: it is above every system's largest. */
  const nobody = 4_999_999;

  test("until they are deleted, but never while their process runs", async () => {
    await app.call("recording.start", { modules: ["demo"] });
    const gone = "20200101T000000001Z-2-old.p11.jsonl";
    await writeFile(join(traces(app), gone), header(nobody, Date.now()));
    const { recordings } = await app.call("recording.list", {});
    const name = recordings.find(({ running }) => running)?.name ?? "";
    const outcome = await app.call("recording.remove", { names: [name, gone, "../settings.json"] });
    expect(outcome.removed).toEqual([gone]);
    expect(outcome.kept).toMatchObject([
      { name, why: expect.stringContaining("still runs") },
      { name: "../settings.json", why: "There is no such recording." },
    ]);
    expect(existsSync(join(traces(app), name))).toBe(true);
    await app.call("recording.stop", {});
    expect((await app.call("recording.remove", { names: [name] })).removed).toEqual([name]);
  });

  test("a process id that another process has by now does not keep a recording", async () => {
    const name = "20200101T000000002Z-3-old.p11.jsonl";
    await writeFile(join(traces(app), name), header(process.pid, Date.parse("2020-01-01")));
    expect((await app.call("recording.remove", { names: [name] })).removed).toEqual([name]);
  });

  test("for as many days, and as many megabytes, as are set; the newest and those of running processes stay", async () => {
    const folder = traces(app);
    const make = async (name: string, process: number, daysAgo: number, bytes = 10) => {
      const path = join(folder, `20200101T00000000${name}.p11.jsonl`);
      const time = new Date(Date.now() - daysAgo * 86_400_000);
      await writeFile(path, header(process, process === nobody ? time.getTime() : Date.now()) + "x".repeat(bytes));
      await utimes(path, time, time);
      return path;
    };
    const old = await make("3Z-4-old", nobody, 40);
    const oldRunning = await make("4Z-5-running", process.pid, 40);
    const big = await make("5Z-6-big", nobody, 3, 9_000_000);
    const newer = await make("6Z-7-newer", nobody, 1, 9_000_000);
    await app.call("recording.retention", { days: 30, megabytes: 10 });
    expect([old, oldRunning, big, newer].map((path) => existsSync(path))).toEqual([false, true, false, true]);
    expect((await app.call("recording.state", {})).retention).toEqual({ days: 30, megabytes: 10 });
  });

  test("no longer than that by an app that is opened for one request only", async () => {
    const own = await openTestApp();
    const path = join(traces(own), "20200101T000000008Z-8-old.p11.jsonl");
    const time = new Date(Date.now() - 40 * 86_400_000);
    await mkdir(traces(own));
    await writeFile(path, header(nobody, time.getTime()));
    await utimes(path, time, time);
    await own.app.close();
    expect(existsSync(path)).toBe(false);
    await own.close();
  });

  test("a file that is no recording is not listed, one whose first line is damaged is", async () => {
    await writeFile(join(traces(app), "notes.txt"), "notes");
    await copyFile(softhsm, join(traces(app), "20210203T040506789Z-4999999-cut.p11.jsonl"));
    const { recordings } = await app.call("recording.list", {});
    expect(recordings.some(({ name }) => name === "notes.txt")).toBe(false);
    expect(recordings.find(({ name }) => name.includes("cut"))).toMatchObject({
      process: 4_999_999,
      started: "2021-02-03T04:05:06.789Z",
      program: "",
    });
  });
});
