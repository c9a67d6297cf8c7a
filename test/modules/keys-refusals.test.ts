import { afterAll, beforeAll, expect, test } from "vitest";
import type { Input } from "../../preload/contract/index.ts";
import { openTestApp, type TestApp } from "../harness/app.ts";
import { addMock, firstToken, mockPins, type Settings } from "../harness/native.ts";

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(() => app.close());

const spec = { kind: "RSA", size: 2048, preset: "sign", label: "new key" } satisfies Input<"keys.generate">["spec"];
const reference = { class: "privateKey", label: "new key" } as const;

/** A token of the mock module that behaves as it is told, with the user logged in. */
const tokenThat = async (settings: Settings) => {
  const module = await addMock(app, { pairs: 0, objects: 0, data: 0, ...settings });
  const at = { module, token: (await firstToken(app, module)).ref };
  await app.call("tokens.login", { ...at, who: "user", pin: mockPins.user });
  return at;
};

const newKeys = async (at: Awaited<ReturnType<typeof tokenThat>>) =>
  (await app.call("objects.list", at)).rows.filter(({ label }) => label === "new key");

test("a key whose signatures are wrong is reported by its handles, and left on the token", async () => {
  const at = await tokenThat({ sign: "bad" });
  const error = await app.fails("keys.generate", { ...at, spec });
  expect(error).toMatchObject({ code: "TEST_SIGNATURE_FAILED", remedy: expect.stringContaining("Do not use the key") });
  const rows = await newKeys(at);
  expect(rows).toHaveLength(2);
  expect(error.message).toContain(
    `private key ${rows.find((row) => row.class === "privateKey")?.handle} are on the token`,
  );
  expect(error.details?.publicKey).toBe(rows.find((row) => row.class === "publicKey")?.handle);
});

test("where the CKA_ID cannot be changed, the pair keeps the random one that both halves were made with", async () => {
  const at = await tokenThat({ fault: "error:C_SetAttributeValue:0x10" });
  const made = await app.call("keys.generate", { ...at, spec });
  expect(made.warnings).toEqual([
    expect.stringMatching(/CKA_ID of the public key.*CKR_ATTRIBUTE_READ_ONLY.*same on both halves/),
  ]);
  expect([made.id, made.key.id, made.publicKey?.id]).toEqual([made.id, made.id, made.id]);
  expect(made.id).toMatch(/^[0-9a-f]{40}$/);
  expect(made.test).toMatchObject({ verified: true });
});

test("where only the private half refuses the CKA_ID, the public half gets its old one back", async () => {
  const at = await tokenThat({ fault: "error:C_SetAttributeValue:0x10@2" });
  const made = await app.call("keys.generate", { ...at, spec });
  expect(made.warnings).toEqual([expect.stringMatching(/CKA_ID of the private key/)]);
  expect(made.publicKey?.id).toBe(made.key.id);
  expect(made.id).toBe(made.key.id);
});

test("halves with different CKA_IDs are reported with both, never hidden", async () => {
  const at = await tokenThat({ fault: "error:C_SetAttributeValue:0x10@2+" });
  const error = await app.fails("keys.generate", { ...at, spec });
  expect(error).toMatchObject({ code: "READ_BACK_DIFFERS" });
  const rows = await newKeys(at);
  for (const row of rows) {
    expect(error.message).toContain(row.id);
    expect(error.where).toContain(row.handle);
  }
  expect(new Set(rows.map(({ id }) => id)).size).toBe(2);
});

test("a refused template is tried once more without what is not needed, which is said", async () => {
  const at = await tokenThat({ fault: "error:C_GenerateKeyPair:0x12@1" });
  const made = await app.call("keys.generate", { ...at, spec });
  expect(made.warnings[0]).toMatch(/CKR_ATTRIBUTE_TYPE_INVALID.*without stating.*CKA_SIGN_RECOVER/);
  expect(made.warnings[0]).not.toMatch(/CKA_SENSITIVE|CKA_EXTRACTABLE|CKA_TOKEN/);
  expect(made.key.flags).toEqual(expect.arrayContaining(["sensitive", "sign"]));
  expect(made.key.flags).not.toContain("extractable");
});

test("other errors are not tried again", async () => {
  const at = await tokenThat({ fault: "error:C_GenerateKeyPair:0x30@1" });
  expect(await app.fails("keys.generate", { ...at, spec })).toMatchObject({ code: "PKCS11", rv: "CKR_DEVICE_ERROR" });
  expect(await newKeys(at)).toEqual([]);
});

test("a slow generation shows its seconds and lets other requests through", async () => {
  const at = await tokenThat({ fault: "slow:C_GenerateKeyPair:2600" });
  const seconds: number[] = [];
  const started = Date.now();
  let listedAfter = 0;
  const work = app.call("keys.generate", { ...at, spec }, (value) => {
    seconds.push((value as { seconds: number }).seconds);
    if (seconds.length === 2)
      void app.call("objects.list", at).then(() => {
        listedAfter = Date.now() - started;
      });
  });
  await work;
  expect(seconds).toEqual(expect.arrayContaining([0, 1, 2]));
  expect(listedAfter).toBeGreaterThan(900);
  expect(listedAfter).toBeLessThan(2500);
});

test("a crash in the middle is reported as one, and names the function", async () => {
  const at = await tokenThat({ fault: "segv:C_GenerateKeyPair" });
  const error = await app.fails("keys.generate", { ...at, spec });
  expect(error).toMatchObject({ code: "HOST_CRASHED", details: { function: "C_GenerateKeyPair", signal: "SIGSEGV" } });
});

test("what a token does not offer is refused before anything is asked of it", async () => {
  const at = await tokenThat({});
  const { kinds, notOffered } = await app.call("keys.offer", at);
  expect(kinds.map(({ kind }) => kind)).toEqual(["RSA"]);
  expect(notOffered.find(({ kind }) => kind === "AES")?.why).toContain("CKM_AES_KEY_GEN");
  const aes = { kind: "AES", size: 256, preset: "secret", label: "a" } as const;
  expect(await app.fails("keys.generate", { ...at, spec: aes })).toMatchObject({ code: "NOT_OFFERED" });
  expect(await app.fails("keys.generate", { ...at, spec: { ...spec, preset: "decrypt" } })).toMatchObject({
    code: "NOT_OFFERED",
  });
  expect(await app.fails("keys.generate", { ...at, spec: { ...spec, size: 1024 } })).toMatchObject({
    code: "NOT_OFFERED",
  });
});

test("a test signature that the token makes wrong is a failure that names the key", async () => {
  const at = await tokenThat({ sign: "bad", pairs: 1 });
  const { rows } = await app.call("objects.list", at);
  const key = rows.find((row) => row.class === "privateKey");
  if (!key) throw new Error("the mock shows no private key");
  const object = { ...reference, label: key.label, id: key.id, handle: key.handle };
  expect(await app.fails("keys.testSignature", { ...at, object })).toMatchObject({
    code: "TEST_SIGNATURE_FAILED",
    details: { key: key.handle },
  });
});
