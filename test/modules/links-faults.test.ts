import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { WantedRepair } from "../../preload/contract/links.ts";
import { openTestApp, type TestApp, testPins } from "../harness/app.ts";
import { addNative } from "../harness/native.ts";

/** Repairs on a module that refuses changes, or fails half-way: faults in front of SoftHSM (native/forward). */

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(() => app.close());

/** An RSA key with a certificate under a wrong CKA_ID and label, on a token whose module gets these faults when told. */
const brokenLink = async (fault: string | string[]) => {
  const demo = (await app.call("modules.list", {})).modules.find(({ id }) => id === "demo");
  if (!demo) throw new Error("SoftHSM is not installed");
  const folder = join(app.dataFolder, `store-${Math.random().toString(36).slice(2)}`);
  await mkdir(folder);
  await writeFile(
    `${folder}.conf`,
    `directories.tokendir = ${folder}\nobjectstore.backend = file\nlog.level = ERROR\n`,
  );
  const faults = `${folder}.broken`;
  const settings = { forward: demo.path, "faults-while": faults, fault };
  const { id: module } = await addNative(app, "forward", settings, { SOFTHSM2_CONF: `${folder}.conf` });
  const [slot] = (await app.call("tokens.slots", { module })).slots;
  if (!slot?.token) throw new Error("no slot");
  const { ref: token } = await app.call("tokens.initialise", {
    module,
    token: slot.token.ref,
    label: "links",
    soPin: testPins.so,
  });
  await app.call("tokens.setUserPin", { module, token, soPin: testPins.so, newPin: testPins.user });
  await app.call("tokens.login", { module, token, who: "user", pin: testPins.user });
  const at = { module, token };
  const { key } = await app.call("keys.generate", {
    ...at,
    spec: { kind: "RSA", size: 2048, preset: "tlsClient", label: "key" },
  });
  const made = await app.call("certificates.selfSign", { ...at, key, subject: "CN=key", days: 30 });
  const item = { index: 0, id: "99", label: "other" };
  await app.call("objects.import", { ...at, fileName: "c.der", content: made.content, items: [item] });
  const list = async () => (await app.call("objects.list", at)).rows;
  const group = (await app.call("links.examine", at)).groups.find(({ privateKey }) => privateKey)?.group ?? "";
  return {
    at,
    list,
    id: key.id,
    group,
    repairs: [
      { group, kind: "alignId" },
      { group, kind: "alignLabel" },
    ] satisfies WantedRepair[],
    names: async () => (await list()).map((row) => `${row.class} ${row.label} ${row.id}`).sort(),
    break: () => writeFile(faults, ""),
    mend: () => rm(faults),
  };
};
type Broken = Awaited<ReturnType<typeof brokenLink>>;

const previewed = ({ at, repairs }: Broken) => app.call("links.repairPreview", { ...at, repairs });
const repaired = async (on: Broken) =>
  app.call("links.repair", { ...on.at, repairs: on.repairs, digest: (await previewed(on)).digest });

test("a refused change is told, and the next preview offers to copy and replace", async () => {
  const on = await brokenLink("error:C_SetAttributeValue:0x10");
  const before = await on.names();
  expect((await previewed(on)).steps).toMatchObject([{ how: "set" }]);
  await on.break();
  const refused = await repaired(on);
  expect(refused).toMatchObject({
    done: [],
    failed: { step: 1, error: { rv: "CKR_ATTRIBUTE_READ_ONLY" } },
    undo: null,
  });
  expect(refused.failed?.error.remedy).toContain("copy");
  expect(await on.names()).toEqual(before);
  expect((await previewed(on)).steps).toMatchObject([{ how: "replace", object: { id: "99" } }]);
  const done = await repaired(on);
  expect(done).toMatchObject({ done: [1], failed: null });
  expect(await on.names()).toContain(`certificate key ${on.id}`);
  expect(await on.names()).toHaveLength(before.length);
  expect(await app.call("links.undo", { ...on.at, undo: done.undo ?? "" })).toMatchObject({ failed: null });
  expect(await on.names()).toEqual(before);
});

test("a copy that cannot be written leaves everything as it was", async () => {
  const on = await brokenLink("error:C_CreateObject:0x31");
  const before = await on.names();
  await on.break();
  const { digest } = await app.call("links.repairPreview", { ...on.at, repairs: on.repairs, replace: true });
  const failed = await app.call("links.repair", { ...on.at, repairs: on.repairs, replace: true, digest });
  expect(failed).toMatchObject({ failed: { error: { rv: "CKR_DEVICE_MEMORY" } }, undo: null });
  expect(await on.names()).toEqual(before);
});

test("an old object that cannot be deleted is told of, and undo takes the copy off again", async () => {
  const on = await brokenLink("error:C_DestroyObject:0x1b");
  const before = await on.names();
  await on.break();
  const { digest } = await app.call("links.repairPreview", { ...on.at, repairs: on.repairs, replace: true });
  const failed = await app.call("links.repair", { ...on.at, repairs: on.repairs, replace: true, digest });
  expect(failed.failed?.error.message).toContain("both are on the token");
  expect(await on.names()).toEqual([...before, `certificate key ${on.id}`].sort());
  await on.mend();
  expect(await app.call("links.undo", { ...on.at, undo: failed.undo ?? "" })).toMatchObject({
    failed: null,
    notDone: [],
  });
  expect(await on.names()).toEqual(before);
});

test("of two changes the first is done and the second is not, and undo takes the first back", async () => {
  const on = await brokenLink("error:C_SetAttributeValue:0x30@2");
  const repairs = [{ group: on.group, kind: "changeKeyId", id: "abcd" } as const];
  const before = await on.names();
  const { digest, steps } = await app.call("links.repairPreview", { ...on.at, repairs });
  expect(steps.map(({ object }) => object?.class)).toEqual(["privateKey", "publicKey", "certificate"]);
  await on.break();
  const failed = await app.call("links.repair", { ...on.at, repairs, digest });
  expect(failed).toMatchObject({ done: [1], failed: { step: 2, error: { rv: "CKR_DEVICE_ERROR" } }, notDone: [3] });
  await on.mend();
  expect(await app.call("links.undo", { ...on.at, undo: failed.undo ?? "" })).toMatchObject({ failed: null });
  expect(await on.names()).toEqual(before);
});

test.each([55, 65, 75, 85])("whatever the token stops telling from read %i on, nothing is lost", async (from) => {
  const on = await brokenLink(`error:C_GetAttributeValue:0x12@${from}+`);
  const before = await on.names();
  const { digest } = await app.call("links.repairPreview", { ...on.at, repairs: on.repairs, replace: true });
  await on.break();
  const reply = await app.app.dispatch("links.repair", { ...on.at, repairs: on.repairs, replace: true, digest });
  await on.mend();
  const { undos } = await app.call("links.undoList", on.at);
  const after = await on.names();
  for (const { undo } of undos)
    expect(await app.call("links.undo", { ...on.at, undo })).toMatchObject({ failed: null });
  expect(await on.names()).toEqual(before);
  // What was changed can be undone, and what cannot be undone was not changed.
  expect(after.join() === before.join()).toBe(undos.length === 0);
  expect(reply.ok && reply.value).not.toMatchObject({ done: [1], undo: null });
});
