import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestApp, type TestApp } from "../harness/app.ts";
import { addMock, firstToken, mockPins, type Settings } from "../harness/native.ts";

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(() => app.close());

const file = (name: string) => ({
  fileName: name,
  content: readFileSync(new URL(`../fixtures/keys/${name}`, import.meta.url)).toString("base64"),
});

const tokenThat = async (settings: Settings) => {
  const module = await addMock(app, { objects: 0, data: 0, ...settings });
  const at = { module, token: (await firstToken(app, module)).ref };
  await app.call("tokens.login", { ...at, who: "user", pin: mockPins.user });
  return at;
};

test("a Nitrokey HSM takes no private key: what was written before is said, and the way out", async () => {
  const at = await tokenThat({ "smartcard-hsm": 1 });
  const before = (await app.call("objects.list", at)).count;
  const error = await app.fails("objects.import", {
    ...at,
    ...file("bundle.pem"),
    items: [{ index: 1 }, { index: 2 }],
  });
  expect(error).toMatchObject({
    code: "NOT_OFFERED",
    rv: "CKR_FUNCTION_NOT_SUPPORTED",
    details: { written: 1, of: 2 },
    remedy: expect.stringContaining("DKEK"),
  });
  expect(error.message).toContain('1 of 2 items were written before: certificate "RSA leaf".');
  expect((await app.call("objects.list", at)).count).toBe(before + 1);
  const secret = { keyType: "AES", value: "000102030405060708090a0b0c0d0e0f", label: "aes" } as const;
  expect(await app.fails("objects.writeSecretKey", { ...at, ...secret })).toMatchObject({ code: "NOT_OFFERED" });
});

test("on a Nitrokey HSM a certificate under another key's CKA_ID is refused with what it would do", async () => {
  const at = await tokenThat({ "smartcard-hsm": 1, pairs: 1 });
  const { rows } = await app.call("objects.list", at);
  const id = rows.find((row) => row.class === "privateKey" && !row.devicesOwn)?.id;
  expect(id).toBeTruthy();
  const error = await app.fails("objects.import", { ...at, ...file("ec.cert.pem"), items: [{ index: 0, id }] });
  expect(error).toMatchObject({ code: "ALREADY_USED" });
  expect(error.message).toContain("the public key object would then show the certificate's key");
});

test("what cannot be read back after a write is no success", async () => {
  const at = await tokenThat({ "attr-fail": "0x11:0x6" });
  const error = await app.fails("objects.writeData", { ...at, label: "lost", content: "AAEC" });
  expect(error).toMatchObject({ code: "READ_BACK_DIFFERS", details: { attribute: "CKA_VALUE" } });
  expect(error.message).toContain("CKR_FUNCTION_FAILED");
});

test("a write that the module refuses says which object and why", async () => {
  const at = await tokenThat({ fault: "error:C_CreateObject:0x31" });
  const error = await app.fails("objects.import", { ...at, ...file("ca.pem"), items: [{ index: 0 }] });
  expect(error).toMatchObject({
    code: "PKCS11",
    rv: "CKR_DEVICE_MEMORY",
    where: expect.stringContaining("Fixture CA"),
  });
});
