import { X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RequestName } from "../../preload/contract/index.ts";
import type { ObjectRow } from "../../preload/contract/objects.ts";
import { initialisedToken, openTestApp, type TestApp, testPins } from "../harness/app.ts";
import { atTerminal } from "../harness/terminal.ts";

/** The commands that the app shows are run as they are, by pkcs11-tool and p11tool, and compared with what the app does. */
let app: TestApp;
let folder: string;
let module: string;
let token: Awaited<ReturnType<typeof initialisedToken>>["token"];

beforeAll(async () => {
  app = await openTestApp();
  folder = await mkdtemp(join(tmpdir(), "tokenglass-commands-"));
  ({ module, token } = await initialisedToken(app, "It's a 'token'"));
});
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true, force: true });
});

const commandsFor = async (request: RequestName, input: Record<string, unknown>) =>
  (
    await app.call("commands.equivalent", {
      request,
      input: request === "tokens.slots" ? { module } : { module, token, ...input },
    })
  ).commands;

/** Runs them in a folder of their own; PINs are typed when asked for. */
const run = async (commands: string[], ...pins: string[]) => {
  const seen: string[] = [];
  for (const command of commands) {
    const { seen: text, exitCode } = await atTerminal(`cd ${folder} && ${command}`, pins);
    expect(exitCode, `${command}\n${text}`).toBe(0);
    seen.push(text);
  }
  return seen.join("\n");
};

const find = async (fits: Partial<ObjectRow>): Promise<ObjectRow | undefined> => {
  const { rows } = await app.call("objects.list", { module, token });
  return rows.find((row) => Object.entries(fits).every(([name, value]) => row[name as keyof ObjectRow] === value));
};

describe("a key pair made by the command", () => {
  test.each([
    { kind: "RSA", size: 2048 },
    { kind: "EC", curve: "P-256" },
    { kind: "EC", curve: "brainpoolP256r1" },
    { kind: "Ed25519" },
  ] as const)("$kind $curve is what the app would make", async (kind) => {
    const spec = { ...kind, preset: "sign", label: `Pair ${kind.kind}`, id: "a0b1" } as const;
    const byApp = await app.call("keys.generate", { module, token, spec: { ...spec, label: "By app", id: "a0b2" } });
    await run(await commandsFor("keys.generate", { spec }), testPins.user);
    const key = await find({ class: "privateKey", label: spec.label });
    expect(key).toMatchObject({
      keyType: byApp.key.keyType,
      size: byApp.key.size,
      id: "a0b1",
      onToken: true,
      private: true,
    });
    expect(key?.flags).toEqual(expect.arrayContaining(["sign", "sensitive"]));
    const both = [key, byApp.key, byApp.publicKey, await find({ class: "publicKey", label: spec.label })];
    const objects = both.filter((row) => row !== null && row !== undefined);
    for (const row of objects) {
      const only = { class: row.class, label: row.label, id: row.id };
      await run(await commandsFor("objects.delete", { objects: [only] }), testPins.user);
      expect(await find(only)).toBeUndefined();
    }
  });
});

describe("objects", () => {
  test("a data object written by the command is read by the app, and the other way round", async () => {
    await writeFile(join(folder, "FILE"), "written by pkcs11-tool");
    await run(await commandsFor("objects.writeData", { label: "Data 1", application: "test" }), testPins.user);
    const object = { class: "data", label: "Data 1", id: "" } as const;
    const read = await app.call("objects.read", { module, token, object, format: "raw" });
    expect(Buffer.from(read.content, "base64").toString()).toBe("written by pkcs11-tool");
    expect(await find({ class: "data", label: "Data 1" })).toMatchObject({ application: "test", private: true });

    const content = Buffer.from("written by the app").toString("base64");
    await app.call("objects.writeData", { module, token, label: "Data 2", content });
    await run(await commandsFor("objects.read", { object: { ...object, label: "Data 2" } }), testPins.user);
    expect(await readFile(join(folder, "object.bin"), "utf8")).toBe("written by the app");
  });

  test("a certificate is imported, renamed, given a CKA_ID and read out by the commands", async () => {
    const spec = { kind: "EC", curve: "P-256", preset: "sign", label: "Cert", id: "c0" } as const;
    await run(await commandsFor("keys.generate", { spec }), testPins.user);
    const key = { class: "privateKey", label: "Cert", id: "c0" } as const;
    const { content } = await app.call("certificates.selfSign", { module, token, key, subject: "CN=Ada", days: 9 });
    const certificate = new X509Certificate(Buffer.from(content, "base64"));
    await writeFile(join(folder, "ada.crt"), certificate.toString());
    const file = { fileName: "ada.crt", content: Buffer.from(certificate.toString()).toString("base64") };
    const items = [{ index: 0, label: "Cert", id: "c0" }];
    await run(await commandsFor("objects.import", { ...file, items }), testPins.user);
    const written = await find({ class: "certificate", label: "Cert" });
    expect(written).toMatchObject({ id: "c0", subject: "CN=Ada" });

    const object = { class: "certificate", label: "Cert", id: "c0" } as const;
    const changes = [{ attribute: "CKA_LABEL", hex: Buffer.from("It's new").toString("hex") }];
    await run(await commandsFor("objects.set", { object, changes }), testPins.user);
    expect(await find({ class: "certificate", label: "It's new" })).toBeDefined();

    const renamed = { ...object, label: "It's new" };
    await run(
      await commandsFor("objects.set", { object: renamed, changes: [{ attribute: "CKA_ID", hex: "c1" }] }),
      testPins.user,
    );
    expect(await find({ class: "certificate", label: "It's new" })).toMatchObject({ id: "c1" });

    const seen = await run(await commandsFor("objects.read", { object: { ...renamed, id: "c1" }, format: "pem" }));
    const pem = /-----BEGIN CERTIFICATE-----[\s\S]*-----END CERTIFICATE-----/.exec(seen.replaceAll("\r", ""))?.[0];
    const byApp = await app.call("objects.read", { module, token, object: { ...renamed, id: "c1" }, format: "pem" });
    expect(pem?.trim()).toBe(byApp.text?.trim());
  });

  test("a secret key written by the command has the length and flags that the app would give it", async () => {
    await writeFile(join(folder, "FILE"), Buffer.alloc(32, 7));
    await run(
      await commandsFor("objects.writeSecretKey", { keyType: "AES", label: "Secret", id: "5e" }),
      testPins.user,
    );
    expect(await find({ class: "secretKey", label: "Secret" })).toMatchObject({ keyType: "AES", size: 256, id: "5e" });
  });

  test("listing, mechanisms and slots are the same tokens and objects", async () => {
    const objects = await run(await commandsFor("objects.list", {}), testPins.user);
    const { rows } = await app.call("objects.list", { module, token });
    for (const { label } of rows) expect(objects).toContain(label);
    const { mechanisms } = await app.call("tokens.mechanisms", { module, token });
    const listed = await run(await commandsFor("tokens.mechanisms", {}));
    expect(listed.match(/^ {2}\S/gm)?.length).toBe(mechanisms.length);
    expect(await run(await commandsFor("tokens.slots", {}))).toContain(token.serial);
  });
});

describe("a test signature by the command verifies", () => {
  test.each([
    { kind: "RSA", size: 2048 },
    { kind: "EC", curve: "P-256" },
    { kind: "EC", curve: "P-384" },
  ] as const)("$kind $curve", async (kind) => {
    const id = `f${kind.kind === "RSA" ? 0 : kind.curve.slice(2, 3)}`;
    const { key } = await app.call("keys.generate", {
      module,
      token,
      spec: { ...kind, preset: "sign", label: "S", id, allowDuplicate: true },
    });
    const object = { class: key.class, label: key.label, id: key.id, keyType: key.keyType, curve: key.curve };
    const commands = await commandsFor("keys.testSignature", { object });
    expect(await run(commands, testPins.user)).toContain("Verified OK");
  });
});

test("a misspelt field is told, as the request itself would tell it", async () => {
  const input = { module, token, spec: { kind: "EC", curv: "P-384" } };
  const error = await app.fails("commands.equivalent", { request: "keys.generate", input });
  expect(error).toMatchObject({ code: "INVALID_REQUEST", message: expect.stringContaining("curv") });
  expect(await app.fails("keys.generate", input as never)).toMatchObject({ message: expect.stringContaining("curv") });
});

describe("which of several tokens", () => {
  /** Tokens whose labels are the same, or begin as another's; pkcs11-tool alone would take one for the other. */
  const labels = ["Twin", "Twin", "Twin too"];
  const made: Awaited<ReturnType<typeof initialisedToken>>["token"][] = [];
  beforeAll(async () => {
    for (const label of labels) made.push((await initialisedToken(app, label, false)).token);
    await app.call("tokens.slots", { module });
  });
  const serialsNow = async () => {
    await app.call("modules.restart", { module });
    const { slots } = await app.call("tokens.slots", { module });
    return slots.flatMap(({ token }) => (token?.initialised ? [`${token.serial} ${token.label}`] : []));
  };

  test("each command reaches the token that it was shown for", async () => {
    for (const [i, ref] of made.entries()) {
      await writeFile(join(folder, "FILE"), `for token ${i}`);
      const by = { token: ref };
      await run(await commandsFor("objects.writeData", { ...by, label: `Data of ${i}` }), testPins.user);
      await app.call("tokens.login", { module, token: ref, who: "user", pin: testPins.user });
      const { rows } = await app.call("objects.list", { module, token: ref });
      expect(rows.map(({ label }) => label)).toEqual([`Data of ${i}`]);
      const object = { class: "data", label: `Data of ${i}`, id: "" };
      const changes = [{ attribute: "CKA_LABEL", hex: Buffer.from(`Renamed ${i}`).toString("hex") }];
      await run(await commandsFor("objects.set", { ...by, object, changes }), testPins.user);
      const after = await app.call("objects.list", { module, token: ref });
      expect(after.rows.map(({ label }) => label)).toEqual([`Renamed ${i}`]);
    }
  });

  test.each([0, 1, 2])("initialising number %i wipes that token and no other", async (i) => {
    const before = await serialsNow();
    const ref = made[i];
    await run(await commandsFor("tokens.initialise", { token: ref, label: `New ${i}` }), testPins.so, testPins.so);
    const after = await serialsNow();
    const old = `${ref?.serial} ${labels[i]}`;
    expect(before).toContain(old);
    expect(after.filter((one) => before.includes(one))).toEqual(before.filter((one) => one !== old));
    expect(after).toContainEqual(expect.stringMatching(new RegExp(` New ${i}$`)));
  });
});

test("initialising, setting and changing PINs", async () => {
  const { slots } = await app.call("tokens.slots", { module });
  const free = slots.find((slot) => slot.token && !slot.token.initialised)?.token?.ref;
  const label = "By pkcs11-tool";
  await run(await commandsFor("tokens.initialise", { token: free, label }), testPins.so, testPins.so);
  await app.call("modules.restart", { module });
  const made = (await app.call("tokens.slots", { module })).slots.find((slot) => slot.token?.label === label)?.token;
  if (!made) throw new Error("the app does not see the token");
  const by = { token: made.ref };
  await run(await commandsFor("tokens.setUserPin", by), testPins.so, testPins.user, testPins.user);
  await run(
    await commandsFor("tokens.changePin", { ...by, who: "user" }),
    testPins.user,
    "next-5511-canary",
    "next-5511-canary",
  );
  await run(
    await commandsFor("tokens.changePin", { ...by, who: "so" }),
    testPins.so,
    testPins.so,
    "next-so-5511-canary",
    "next-so-5511-canary",
  );
  await app.call("modules.restart", { module });
  const row = await app.call("tokens.login", { module, ...by, who: "user", pin: "next-5511-canary" });
  expect(row.login).toBe("user");
});
