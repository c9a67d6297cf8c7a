import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { requestNames } from "../../preload/contract/index.ts";
import { openTestApp, testPins } from "../harness/app.ts";
import { runCli } from "../harness/cli.ts";
import { type Asker, mainJob } from "../harness/main-job.ts";

let dataFolder: string;
beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), "tokenglass-cli-"));
});
afterAll(() => rm(dataFolder, { recursive: true, force: true }));

const run = (words: string[], more: Partial<Parameters<typeof runCli>[1]> = {}) =>
  runCli(words, { dataFolder, ...more });

/** Asks through the command line: secrets as lines of descriptor 3, a login where one is needed. */
const throughCli: Asker = {
  ask: async (name, input, secrets = {}, login) => {
    const words = ["call", name, JSON.stringify(input), ...(login ? ["--login", "user"] : [])];
    const pins = [...(login ? [login] : []), ...Object.values(secrets)];
    const { exitCode, stdout, stderr, visible } = await run(words, { pins });
    for (const pin of Object.values(testPins)) expect(visible + stdout + stderr).not.toContain(pin);
    expect({ exitCode, stderr }, stdout).toEqual({ exitCode: 0, stderr: "" });
    return JSON.parse(stdout).value;
  },
};

test("the main job has the same results through the command line and through the app's own dispatch", async () => {
  const app = await openTestApp();
  const throughDispatch: Asker = {
    ask: async (name, input, secrets = {}, login) => {
      const { module, token } = input as unknown as { module: string; token: never };
      if (login) await app.call("tokens.login", { module, token, who: "user", pin: login });
      const value = await app.call(name, { ...input, ...secrets } as never);
      if (login) await app.call("tokens.logout", { module, token });
      return value;
    },
  };
  const byDispatch = await mainJob(throughDispatch, testPins).finally(() => app.close());
  const byCli = await mainJob(throughCli, testPins);
  expect(byCli).toEqual(byDispatch);
  expect(byCli).toMatchObject({ verified: true, certificateTookIdOfKey: true, note: "for the main job", left: 3 });
});

test("no PIN that was given through a descriptor is in any file of the data folder", async () => {
  const files = await readdir(dataFolder, { recursive: true, withFileTypes: true });
  const texts = files
    .filter((entry) => entry.isFile())
    .map((entry) => readFile(join(entry.parentPath, entry.name), "latin1"));
  const all = (await Promise.all(texts)).join("\n");
  expect(all.length).toBeGreaterThan(1000);
  for (const pin of Object.values(testPins)) expect(all).not.toContain(pin);
});

describe("the reply", () => {
  test("is one JSON document, with exit code 0", async () => {
    const { exitCode, stdout } = await run(["call", "app.info"]);
    expect({ exitCode, reply: JSON.parse(stdout) }).toMatchObject({
      exitCode: 0,
      reply: { ok: true, value: { shell: "terminal", dataFolder } },
    });
  });

  test("of a request that failed is the error as data, with exit code 1", async () => {
    const { exitCode, stdout } = await run(["call", "tokens.slots", '{"module":"no-such"}']);
    expect({ exitCode, reply: JSON.parse(stdout) }).toMatchObject({
      exitCode: 1,
      reply: { ok: false, error: { code: "UNKNOWN_MODULE", where: "no-such" } },
    });
  });

  test("of an input that does not fit names the place, and no PIN is asked for", async () => {
    const { exitCode, stdout, stderr } = await run(["call", "tokens.login", '{"module":"demo","who":"nobody"}']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: "" });
    const { error } = JSON.parse(stdout);
    expect(error.code).toBe("INVALID_REQUEST");
    expect(error.message).toMatch(/token: .*who: /);
    expect(error.message).not.toContain("pin:");
  });

  test("a wrong PIN is tried once and reported with its CKR name", async () => {
    const { slots } = await throughCli.ask("tokens.slots", { module: "demo" });
    const token = slots.find((slot) => slot.token?.initialised)?.token?.ref;
    const words = ["call", "objects.list", JSON.stringify({ module: "demo", token }), "--login", "user"];
    const { exitCode, stdout } = await run(words, { pins: ["wrong-5555"] });
    expect({ exitCode, reply: JSON.parse(stdout) }).toMatchObject({
      exitCode: 1,
      reply: { ok: false, error: { rv: "CKR_PIN_INCORRECT" } },
    });
    expect(stdout).not.toContain("wrong-5555");
  });
});

describe("the input", () => {
  test("may be a file or standard input", async () => {
    const file = join(dataFolder, "input.json");
    await writeFile(file, '{"module":"no-such"}');
    const fromFile = await run(["call", "tokens.slots", `@${file}`]);
    const fromInput = await run(["call", "tokens.slots", "-"], { input: '{"module":"no-such"}' });
    expect(JSON.parse(fromFile.stdout).error.code).toBe("UNKNOWN_MODULE");
    expect(fromInput.stdout).toBe(fromFile.stdout);
  });

  test("may name a module by the path of its library", async () => {
    const { modules } = await throughCli.ask("modules.list", {});
    const { slots } = await throughCli.ask("tokens.slots", { module: modules[0]?.path });
    expect(slots.length).toBeGreaterThan(0);
  });
});

describe("wrong use ends with exit code 2, says what is wrong, and prints no reply", () => {
  const secret = "hunter2-9999";
  const token = { serial: "1", label: "x" };
  test.each([
    ["a misspelt request", ["call", "token.slot"], "Did you mean tokens.slots"],
    ["a request without its domain", ["call", "selfSign"], "Did you mean certificates.selfSign"],
    ["no request", ["call"], "name of a request is missing"],
    ["an unknown command", ["cal", "app.info"], "The commands are"],
    ["input that is not JSON", ["call", "app.info", "{module:demo}"], "not JSON"],
    ["input that is no object", ["call", "app.info", "[]"], "not a JSON object"],
    ["a file that is not there", ["call", "app.info", "@/nowhere/x.json"], "ENOENT"],
    ["an unknown option", ["call", "app.info", "--pin", secret], "--pin"],
    ["a descriptor that is not open", ["call", "app.info", "--pin-fd", "77"], "nothing was opened there"],
    ["a PIN as descriptor", ["call", "app.info", "--pin-fd", secret], "number of an open file descriptor"],
    [
      "a PIN in the JSON",
      ["call", "tokens.login", JSON.stringify({ module: "demo", pin: secret })],
      '"pin" (PIN) must not be',
    ],
    ["--login without a token", ["call", "modules.list", "--login", "user"], "names a module and a token"],
    ["--ask for a field that is none", ["call", "tokens.slots", '{"module":"demo"}', "--ask", "pin"], "--ask"],
    [
      "a secret with neither terminal nor descriptor",
      ["call", "tokens.login", JSON.stringify({ module: "demo", token, who: "user" })],
      "no terminal to ask at",
    ],
  ])("%s", async (_, words, says) => {
    const { exitCode, stdout, stderr } = await run(words);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(says);
    expect(stderr).not.toContain(secret);
  });

  test("too few lines on the descriptor", async () => {
    const input = JSON.stringify({ module: "demo", token, who: "user" });
    const { exitCode, stderr } = await run(["call", "tokens.login", input], { pins: [] });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("has no line for: PIN");
  });
});

test("at a terminal a PIN is asked for without echo, a new one twice", async () => {
  const { slots } = await throughCli.ask("tokens.slots", { module: "demo" });
  const free = slots.find((slot) => slot.token && !slot.token.initialised)?.token?.ref;
  const cli = new URL("../../dist/main/cli.js", import.meta.url).pathname;
  const input = join(dataFolder, "initialise.json");
  await writeFile(input, JSON.stringify({ module: "demo", token: free, label: "Typed" }));
  // script(1) gives the command a terminal and types what comes through the pipe.
  const typing = `(sleep 2; printf '${testPins.so}\\r'; sleep 1; printf '${testPins.so}\\r'; sleep 3)`;
  const command = `${process.execPath} ${cli} call tokens.initialise @${input} --data ${dataFolder}`;
  const { stdout } = spawnSync("sh", ["-c", `${typing} | script -qec '${command}' /dev/null`], { encoding: "utf8" });
  expect(stdout).toContain("SO PIN: ");
  expect(stdout).toContain("SO PIN, again: ");
  expect(stdout).toContain('"label": "Typed"');
  expect(stdout).not.toContain(testPins.so);
});

test("--follow prints progress, the reply and events as JSON lines until it is interrupted", async () => {
  const { slots } = await throughCli.ask("tokens.slots", { module: "demo" });
  const token = slots.find((slot) => slot.token?.label === "Main job")?.token?.ref;
  const { exitCode, stdout } = await run(
    ["call", "objects.list", JSON.stringify({ module: "demo", token, stream: true }), "--login", "user", "--follow"],
    { pins: [testPins.user], until: (text) => text.includes('"kind":"reply"') },
  );
  const lines = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const kinds = lines.map(({ kind }) => kind);
  expect(exitCode).toBe(0);
  expect(kinds).toContain("event");
  expect(kinds.indexOf("progress")).toBeGreaterThanOrEqual(0);
  expect(kinds.indexOf("progress")).toBeLessThan(kinds.indexOf("reply"));
});

describe("describe", () => {
  test("prints every request with JSON Schemas, every event and every error code", async () => {
    const { exitCode, stdout } = await run(["describe"]);
    const { requests, events, errors } = JSON.parse(stdout);
    expect(exitCode).toBe(0);
    expect(requests.map(({ request }: { request: string }) => request)).toEqual(requestNames);
    for (const { input, output } of requests) expect([input.type, output.type]).toEqual(["object", "object"]);
    expect(events.length).toBeGreaterThan(3);
    expect(errors.codes).toContain("CONFIRMATION_NEEDED");
  });

  test("of one request names its secrets, which are not to be in the JSON", async () => {
    const { stdout } = await run(["describe", "tokens.changePin"]);
    expect(JSON.parse(stdout).secrets).toEqual([
      { field: "oldPin", title: "Old PIN", required: true },
      { field: "newPin", title: "New PIN", required: true },
    ]);
  });
});

test("--help names every request", async () => {
  const { exitCode, stdout } = await run(["--help"]);
  expect(exitCode).toBe(0);
  for (const name of requestNames) expect(stdout).toContain(name);
});
