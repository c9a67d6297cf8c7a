import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { KeyUse } from "../../preload/contract/shared.ts";
import { initialisedToken, openTestApp, type TestApp, testPins } from "../harness/app.ts";
import { addMock, firstToken, mockPins } from "../harness/native.ts";
import { atTerminal } from "../harness/terminal.ts";

/** What imported keys may be used for: what the user chose, and nothing that the module adds by itself. */
let app: TestApp;
let folder: string;
let at: Awaited<ReturnType<typeof initialisedToken>>;
let number = 0;
beforeAll(async () => {
  app = await openTestApp();
  folder = await mkdtemp(join(tmpdir(), "tokenglass-usage-"));
});
beforeEach(async () => {
  at = await initialisedToken(app, `Usage ${++number}`);
});
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true, force: true });
});

const fixture = (name: string) => new URL(`../fixtures/keys/${name}`, import.meta.url).pathname;
const fileOf = async (path: string) => ({
  ...at,
  fileName: path.split("/").at(-1) ?? "",
  content: (await readFile(path)).toString("base64"),
});

const flags = ["CKA_SIGN", "CKA_SIGN_RECOVER", "CKA_DECRYPT", "CKA_UNWRAP", "CKA_DERIVE"];
const publicFlags = ["CKA_VERIFY", "CKA_VERIFY_RECOVER", "CKA_ENCRYPT", "CKA_WRAP"];

/** The usage flags that are true, as the token has them. */
const allowed = async (objectClass: "privateKey" | "publicKey", label: string) => {
  const { rows } = await app.call("objects.list", at);
  const row = rows.find((one) => one.class === objectClass && one.label === label);
  if (!row) throw new Error(`no ${objectClass} ${label}`);
  const { attributes } = await app.call("objects.attributes", { ...at, object: row });
  return attributes
    .filter(({ name, hex }) => [...flags, ...publicFlags].includes(name) && hex === "01")
    .map(({ name }) => name)
    .sort();
};

test.each([
  ["rsa.pkcs8.pem", undefined, ["CKA_DECRYPT", "CKA_SIGN"], ["CKA_ENCRYPT", "CKA_VERIFY"], "test signature"],
  ["rsa.pkcs8.pem", ["sign"], ["CKA_SIGN"], ["CKA_VERIFY"], "test signature"],
  ["rsa.pkcs8.pem", ["decrypt"], ["CKA_DECRYPT"], ["CKA_ENCRYPT"], "test decryption"],
  ["rsa.pkcs8.pem", ["unwrap"], ["CKA_UNWRAP"], ["CKA_WRAP"], "test unwrapping"],
  ["ec-prime256v1.pkcs8.pem", undefined, ["CKA_SIGN"], ["CKA_VERIFY"], "test signature"],
  ["ec-prime256v1.pkcs8.pem", ["derive"], ["CKA_DERIVE"], [], "shared secret"],
  ["ec-prime256v1.pkcs8.pem", ["sign", "derive"], ["CKA_DERIVE", "CKA_SIGN"], ["CKA_VERIFY"], "test signature"],
  ["ed25519.pkcs8.pem", undefined, ["CKA_SIGN"], ["CKA_VERIFY"], "test signature"],
  ["x25519.pkcs8.pem", undefined, ["CKA_DERIVE"], [], "shared secret"],
] as [string, KeyUse[] | undefined, string[], string[], string][])(
  "%s imported for %j may do just that, and has done it once",
  async (name, usage, onKey, onPublicKey, proof) => {
    const file = await fileOf(fixture(name));
    const publicUsage = usage?.filter((use) => use !== "derive");
    const items = [
      { index: 0, label: "k", ...(usage ? { usage } : {}) },
      { index: 1, label: "k", ...(publicUsage ? { usage: publicUsage } : {}) },
    ];
    const { written } = await app.call("objects.import", { ...file, items });
    expect(await allowed("privateKey", "k")).toEqual(onKey);
    expect(await allowed("publicKey", "k")).toEqual(onPublicKey);
    expect(written[0]?.compared).toEqual(
      expect.arrayContaining([proof, "CKA_SIGN_RECOVER", "CKA_UNWRAP", "CKA_DERIVE"]),
    );
  },
);

const openssl = (...words: string[]) => execFileSync("openssl", words, { cwd: folder, stdio: "pipe" });

test.each([
  ["rsa:2048", "digitalSignature", ["sign"]],
  ["rsa:2048", "keyEncipherment", ["decrypt"]],
  ["rsa:2048", "digitalSignature,keyEncipherment", ["sign", "decrypt"]],
  ["ec", "keyAgreement", ["derive"]],
  ["ec", "digitalSignature,keyAgreement", ["sign", "derive"]],
  // Nothing in it goes with the key: then what is usual.
  ["ec", "keyEncipherment", ["sign"]],
])("a PKCS#12 file's %s key is proposed for what its certificate (%s) says", async (kind, keyUsage, usage) => {
  const key = ["-newkey", kind, ...(kind === "ec" ? ["-pkeyopt", "ec_paramgen_curve:prime256v1"] : []), "-nodes"];
  openssl(
    ...["req", "-new", "-x509", ...key, "-keyout", "key.pem", "-out", "cert.pem", "-subj", "/CN=Used"],
    "-addext",
    `keyUsage=critical,${keyUsage}`,
  );
  openssl("pkcs12", "-export", "-inkey", "key.pem", "-in", "cert.pem", "-out", "used.p12", "-passout", "pass:x");
  const file = { ...(await fileOf(join(folder, "used.p12"))), password: "x" };
  const { items } = await app.call("objects.importPreview", file);
  const item = items.find((one) => one.kind === "privateKey");
  expect(item?.usage).toEqual(usage);
  const certificate = items.find((one) => one.kind === "certificate");
  expect(certificate).toMatchObject({ uses: [], usage: [] });

  // The same from the certificate on the token, where the file has the key alone.
  await app.call("objects.import", { ...file, items: [{ index: certificate?.index ?? -1 }] });
  const alone = await app.call("objects.importPreview", await fileOf(join(folder, "key.pem")));
  expect(alone.items[0]?.usage).toEqual(usage);
});

test("a use that the key cannot have is refused, and a private key for nothing too", async () => {
  const file = await fileOf(fixture("ec-prime256v1.pkcs8.pem"));
  for (const usage of [["decrypt"], []] as KeyUse[][])
    expect(await app.fails("objects.import", { ...file, items: [{ index: 0, usage }] })).toMatchObject({
      code: "INVALID_REQUEST",
    });
  expect((await app.call("objects.list", at)).count).toBe(0);
});

test("a module that refuses to be denied a use is asked without, once, and that is said", async () => {
  const module = await addMock(app, { fault: "error:C_CreateObject:0x13@1" });
  const { ref: token } = await firstToken(app, module);
  await app.call("tokens.login", { module, token, who: "user", pin: mockPins.user });
  const file = { ...(await fileOf(fixture("rsa.pkcs8.pem"))), module, token };
  const { written } = await app.call("objects.import", { ...file, items: [{ index: 1, usage: ["sign"] }] });
  expect(written[0]?.warnings).toEqual([expect.stringContaining("denies CKA_ENCRYPT, CKA_WRAP, CKA_VERIFY_RECOVER")]);
});

test("a module that refuses for another reason is not asked again", async () => {
  const module = await addMock(app, { fault: "error:C_CreateObject:0x31@1" });
  const { ref: token } = await firstToken(app, module);
  await app.call("tokens.login", { module, token, who: "user", pin: mockPins.user });
  const file = { ...(await fileOf(fixture("rsa.pkcs8.pem"))), module, token };
  const error = await app.fails("objects.import", { ...file, items: [{ index: 1, usage: ["sign"] }] });
  expect(error).toMatchObject({ rv: "CKR_DEVICE_MEMORY" });
});

test("the command of pkcs11-tool names the same uses, and says what it cannot deny", async () => {
  const path = fixture("ec-prime256v1.pkcs8.pem");
  const input = {
    ...at,
    fileName: path,
    items: [{ index: 0, kind: "privateKey", label: "cmd", usage: ["sign", "derive"] }],
  };
  const { commands, note } = await app.call("commands.equivalent", { request: "objects.import", input });
  expect(commands[0]).toContain("--usage-sign --usage-derive");
  expect(note).toContain("left to the module");
  const { exitCode, seen } = await atTerminal(commands[0] ?? "", [testPins.user]);
  expect(exitCode, seen).toBe(0);
  expect(await allowed("privateKey", "cmd")).toEqual(expect.arrayContaining(["CKA_SIGN", "CKA_DERIVE"]));
});
