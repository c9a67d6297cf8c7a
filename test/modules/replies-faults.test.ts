import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestApp, type TestApp } from "../harness/app.ts";
import { faultyToken } from "../harness/faulty-token.ts";
import { type OpensslCa, opensslCa } from "../harness/openssl-ca.ts";

let app: TestApp;
let ca: OpensslCa;
beforeAll(async () => {
  app = await openTestApp();
  ca = opensslCa();
});
afterAll(async () => {
  ca.close();
  await app.close();
});

/** A token with a key and its old certificate, and a reply with a new one and its chain. */
const renewal = async (fault: string | string[]) => {
  const faulty = await faultyToken(app, fault);
  const { at } = faulty;
  const spec = { kind: "EC", curve: "P-256", preset: "sign", label: "web" } as const;
  const { id } = await app.call("keys.generate", { ...at, spec });
  const object = { class: "publicKey", label: "web", id } as const;
  const { text } = await app.call("objects.read", { ...at, object, format: "pem" });
  const reply = (pem: string) => ({ ...at, fileName: "reply.pem", content: Buffer.from(pem).toString("base64") });
  const old = reply(ca.issue(text ?? "", "/CN=old"));
  await app.call("certificates.replyWrite", { ...old, certificates: [{ index: 0 }] });
  const fresh = reply([ca.issue(text ?? "", "/CN=new"), ca.intermediate, ca.root].join(""));
  const { certificates } = await app.call("certificates.replyPreview", fresh);
  const replaces = (certificates[0]?.sameKey ?? []).map(({ handle, label }) => ({
    handle,
    class: "certificate" as const,
    label,
    id,
  }));
  expect(replaces).toHaveLength(1);
  const input = {
    ...fresh,
    certificates: [{ index: 0, existing: "replace" as const, replaces }, { index: 1 }, { index: 2 }],
  };
  const subjects = async () => (await app.call("objects.list", at)).rows.flatMap(({ subject }) => subject ?? []).sort();
  return { ...faulty, input, subjects };
};

test.each([
  ["the token is full", "error:C_CreateObject:0x31@2", "CKR_DEVICE_MEMORY"],
  ["the login is gone", "error:C_CreateObject:0x101@3", "CKR_USER_NOT_LOGGED_IN"],
])("%s half-way: what had been written is taken back, and the old certificate is there", async (_, fault, rv) => {
  const token = await renewal(fault);
  await token.break();
  const error = await app.fails("certificates.replyWrite", token.input);
  expect(error).toMatchObject({ rv, message: expect.stringContaining("the token is as it was") });
  await token.repair();
  expect(await token.subjects()).toEqual(["CN=old"]);
});

test("an old certificate that cannot be deleted stays, and it is said; the new ones are there", async () => {
  const token = await renewal("error:C_DestroyObject:0x5");
  await token.break();
  const { failed, replaced, written } = await app.call("certificates.replyWrite", token.input);
  expect(failed).toMatchObject({ object: { label: "web" }, error: { rv: "CKR_GENERAL_ERROR" } });
  expect(replaced).toEqual([]);
  expect(written).toHaveLength(3);
  await token.repair();
  expect(await token.subjects()).toEqual(["CN=Test Issuing CA,O=Test", "CN=Test Root", "CN=new", "CN=old"]);
});

test("a module that crashes between the new and the old certificate leaves both", async () => {
  const token = await renewal("segv:C_DestroyObject");
  await token.break();
  expect(await app.fails("certificates.replyWrite", token.input)).toMatchObject({ code: "HOST_CRASHED" });
  await token.repair();
  await app.call("modules.restart", { module: token.at.module });
  expect(await token.subjects()).toEqual(expect.arrayContaining(["CN=new", "CN=old"]));
});
