import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestApp, type TestApp, testPins } from "../harness/app.ts";

/** The user's own SoftHSM store, which is another one than that of the demo token, with the same library. */
let app: TestApp;
let folder: string;
let configuration: string;
const before = process.env.SOFTHSM2_CONF;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tokenglass-own-store-"));
  configuration = join(folder, "softhsm2.conf");
  await mkdir(join(folder, "tokens"));
  await writeFile(configuration, `directories.tokendir = ${join(folder, "tokens")}\nobjectstore.backend = file\n`);
  process.env.SOFTHSM2_CONF = configuration;
  const pins = ["--pin", testPins.user, "--so-pin", testPins.so];
  execFileSync("softhsm2-util", ["--init-token", "--free", "--label", "My own", ...pins], { stdio: "ignore" });
  app = await openTestApp();
});
afterAll(async () => {
  await app.close();
  if (before === undefined) delete process.env.SOFTHSM2_CONF;
  else process.env.SOFTHSM2_CONF = before;
  await rm(folder, { recursive: true, force: true });
});

const candidate = async () => {
  const { candidates } = await app.call("modules.find", { probe: false });
  const found = candidates.find(({ ownStore }) => ownStore !== null);
  if (!found?.ownStore) throw new Error("the finder shows no own store");
  return { ...found, ownStore: found.ownStore };
};
const labels = async (module: string) =>
  (await app.call("tokens.slots", { module })).slots.flatMap(({ token }) => (token?.initialised ? [token.label] : []));

test("the finder shows both stores of SoftHSM, and each opens its own tokens", async () => {
  const found = await candidate();
  expect(found).toMatchObject({ module: "demo", vendor: "SoftHSM 2" });
  expect(found.ownStore).toEqual({
    configuration,
    tokenFolder: join(folder, "tokens"),
    tokens: 1,
    error: null,
    module: null,
  });

  const added = await app.call("modules.add", { path: found.path, environment: { SOFTHSM2_CONF: configuration } });
  expect(added.state).toBe("ready");
  expect(await labels(added.id)).toEqual(["My own"]);
  expect(await labels("demo")).toEqual([]);

  const again = await candidate();
  expect([again.module, again.ownStore.module]).toEqual(["demo", added.id]);
});

test("a store whose folder has gone is told as that, and works again when it is back", async () => {
  const { path } = await candidate();
  const { id: module } = await app.call("modules.add", { path, environment: { SOFTHSM2_CONF: configuration } });
  await app.call("modules.stop", { module });
  await rename(join(folder, "tokens"), join(folder, "moved"));
  const row = await app.call("modules.start", { module });
  expect(row).toMatchObject({ state: "failed", error: { where: join(folder, "tokens") } });
  expect(row.error?.message).toContain("is not there");
  expect((await candidate()).ownStore.error?.message).toBe(row.error?.message);
  await rename(join(folder, "moved"), join(folder, "tokens"));
  expect(await app.call("modules.start", { module })).toMatchObject({ state: "ready", error: null });
  expect(await labels(module)).toEqual(["My own"]);
});
