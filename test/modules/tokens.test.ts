import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { TokenRow } from "../../preload/contract/tokens.ts";
import { initialisedToken, openTestApp, type TestApp, testPins } from "../harness/app.ts";

const module = "demo";
const softHsm = "/usr/lib/softhsm/libsofthsm2.so";
const run = promisify(execFile);
let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(() => app.close());

const rows = async (): Promise<TokenRow[]> =>
  (await app.call("tokens.slots", { module })).slots.flatMap(({ token }) => token ?? []);
const free = async (): Promise<TokenRow["ref"]> => {
  const row = (await rows()).find(({ initialised }) => !initialised);
  if (!row) throw new Error("no free slot");
  return row.ref;
};
const initialise = async (label: string) =>
  app.call("tokens.initialise", { module, token: await free(), label, soPin: testPins.so });
/** Another program writes a data object onto the same token, as somebody's script might. */
const dataObject = async (token: TokenRow["ref"], label: string, visible: "public" | "private" = "public") => {
  const file = join(app.dataFolder, "content");
  await writeFile(file, "content");
  await run(
    "pkcs11-tool",
    `--module ${softHsm} --token-label ${token.label} --login --pin env:USER_PIN --write-object ${file} --type data --label ${label}`
      .split(" ")
      .concat(visible === "private" ? ["--private"] : []),
    { env: { ...process.env, SOFTHSM2_CONF: join(app.dataFolder, "softhsm/softhsm2.conf"), USER_PIN: testPins.user } },
  );
};

test("slots: the free slot of SoftHSM is shown, uninitialised, with an SO PIN that is not set", async () => {
  const { slots } = await app.call("tokens.slots", { module });
  expect(slots).toHaveLength(1);
  expect(slots[0]).toMatchObject({ flags: ["token present"], removable: false, hardware: false, error: null });
  expect(slots[0]?.token).toMatchObject({
    initialised: false,
    label: "",
    serial: "",
    login: "none",
    userPin: { state: "not set" },
    soPin: { state: "not set" },
    memory: { publicTotal: null, publicFree: null, privateTotal: null, privateFree: null },
    sessions: { max: 0, readWriteMax: 0 },
    utcTime: null,
    uri: "pkcs11:model=SoftHSM%20v2;manufacturer=SoftHSM%20project",
  });
});

test("mechanisms: by name, with uses and key sizes in their unit", async () => {
  const { mechanisms } = await app.call("tokens.mechanisms", { module, token: await free() });
  const named = new Map(mechanisms.map((row) => [row.name, row]));
  expect(named.get("CKM_RSA_PKCS_KEY_PAIR_GEN")).toMatchObject({
    mechanism: 0,
    unit: "bits",
    maxKeySize: 16384,
    flags: ["generate key pair"],
    error: null,
  });
  expect(named.get("CKM_EC_EDWARDS_KEY_PAIR_GEN")).toMatchObject({ mechanism: 0x1055, unit: "bits", minKeySize: 256 });
  expect(named.get("CKM_AES_KEY_GEN")).toMatchObject({ unit: "bytes", minKeySize: 16, maxKeySize: 32 });
  expect(named.get("CKM_SHA256")).toMatchObject({ unit: "none", flags: ["digest"] });
  expect([...named.keys()].filter((name) => !name.startsWith("CKM_"))).toEqual([]);
});

describe("initialising", () => {
  test("gives the token as it is afterwards, and a new free slot appears", async () => {
    const before = await free();
    const row = await app.call("tokens.initialise", { module, token: before, label: "First", soPin: testPins.so });
    expect(row).toMatchObject({
      label: "First",
      initialised: true,
      soPin: { state: "set" },
      userPin: { state: "not set" },
    });
    expect(row.serial).toMatch(/^[0-9a-f]{16}$/);
    expect(row.uri).toContain(`serial=${row.serial};token=First`);
    expect((await free()).slot).not.toBe(row.ref.slot);
    // The slot that was free has another token now, so its old address must not hit anything.
    expect(await app.fails("tokens.initialisePreview", { module, token: before })).toMatchObject({
      code: "TOKEN_GONE",
    });
  });

  test("takes a label of exactly 32 bytes of UTF-8, and refuses one byte more before the module sees it", async () => {
    const fits = `${"é".repeat(15)}ab`;
    expect(Buffer.byteLength(fits)).toBe(32);
    const tooLong = await app.fails("tokens.initialise", {
      module,
      token: await free(),
      label: `${fits}c`,
      soPin: testPins.so,
    });
    expect(tooLong).toMatchObject({ code: "INVALID_REQUEST", details: { bytes: 33, most: 32 } });
    expect((await initialise(fits)).label).toBe(fits);
    const row = (await rows()).find(({ label }) => label === fits);
    expect(row?.uri).toContain(`token=${"%C3%A9".repeat(15)}ab`);
  });

  test("refuses an SO PIN of the wrong length before any try", async () => {
    const before = await rows();
    const token = await free();
    expect(await app.fails("tokens.initialise", { module, token, label: "Short", soPin: "123" })).toMatchObject({
      code: "PIN_LENGTH",
      details: { min: 4, max: 255 },
    });
    expect(await rows()).toEqual(before);
  });

  test("needs a PIN on a token without a PIN pad", async () => {
    const token = await free();
    expect(await app.fails("tokens.initialise", { module, token, label: "No PIN", soPin: null })).toMatchObject({
      code: "PIN_NEEDED",
    });
  });

  test("again: counts what is lost, wants label and serial typed, and looks again at the count", async () => {
    const { token } = await initialisedToken(app, "Again");
    await dataObject(token, "one");
    const preview = await app.call("tokens.initialisePreview", { module, token });
    expect(preview).toMatchObject({
      label: "Again",
      initialised: true,
      objects: 1,
      byClass: { data: 1 },
      privateCounted: true,
      confirmation: `Again ${token.serial}`,
    });
    const wanted = { module, token, label: "Anew", soPin: testPins.so, objects: preview.objects };
    expect(await app.fails("tokens.initialise", wanted)).toMatchObject({
      code: "CONFIRMATION_NEEDED",
      details: { expected: `Again ${token.serial}` },
    });
    for (const confirmation of ["Again", token.serial, `again ${token.serial}`])
      expect(await app.fails("tokens.initialise", { ...wanted, confirmation }), confirmation).toMatchObject({
        code: "CONFIRMATION_NEEDED",
      });
    await dataObject(token, "two");
    expect(await app.fails("tokens.initialise", { ...wanted, confirmation: `Again ${token.serial}` })).toMatchObject({
      code: "CONFIRMATION_NEEDED",
      details: { objects: 2, shown: 1 },
    });
    const wrong = await app.fails("tokens.initialise", {
      ...wanted,
      objects: 2,
      confirmation: `Again ${token.serial}`,
      soPin: "wrong-so-pin-5028",
    });
    expect(wrong).toMatchObject({ code: "PKCS11", rv: "CKR_PIN_INCORRECT" });
    expect(wrong.message).toContain("not the one that this token was initialised with");
    const done = await app.call("tokens.initialise", { ...wanted, objects: 2, confirmation: `Again ${token.serial}` });
    expect(done).toMatchObject({ label: "Anew", serial: token.serial, login: "none", userPin: { state: "not set" } });
    expect((await app.call("tokens.initialisePreview", { module, token: done.ref })).objects).toBe(0);
    expect(await app.fails("tokens.logout", { module, token })).toMatchObject({ code: "TOKEN_GONE" });
  });

  test("private objects are counted only after login, and the preview says so", async () => {
    const { token } = await initialisedToken(app, "Private");
    await dataObject(token, "p", "private");
    expect((await app.call("tokens.initialisePreview", { module, token })).objects).toBe(1);
    await app.call("tokens.logout", { module, token });
    expect(await app.call("tokens.initialisePreview", { module, token })).toMatchObject({
      objects: 0,
      privateCounted: false,
    });
  });
});

test("a token is found by serial and label when its slot number in the address is out of date", async () => {
  const { token } = await initialisedToken(app, "Moved", false);
  const row = await app.call("tokens.logout", { module, token: { ...token, slot: 4711 } });
  expect(row.ref).toEqual(token);
});

test("two tokens with the same label are told apart by serial", async () => {
  const one = await initialise("Twin");
  const two = await initialise("Twin");
  await app.call("tokens.setUserPin", { module, token: two.ref, soPin: testPins.so, newPin: testPins.user });
  const now = await rows();
  expect(now.find(({ serial }) => serial === one.serial)?.userPin.state).toBe("not set");
  expect(now.find(({ serial }) => serial === two.serial)?.userPin.state).toBe("set");
});

test("p11tool gives each token the same URI", async () => {
  await initialise("Tøken; 100%?");
  await initialise("a=b&c/d");
  const { stdout } = await run("p11tool", ["--provider", softHsm, "--list-token-urls"], {
    env: { ...process.env, SOFTHSM2_CONF: join(app.dataFolder, "softhsm/softhsm2.conf") },
  });
  const listed = stdout.split("\n").filter((line) => line.includes("SoftHSM"));
  const known = (await rows()).filter(({ initialised }) => initialised).map(({ uri }) => uri);
  expect(known.length).toBeGreaterThan(2);
  expect(listed).toEqual(expect.arrayContaining(known));
});
