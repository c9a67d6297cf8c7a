import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { softHsmStore } from "./softhsm-store.ts";

let home: string;
let tokens: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "tokenglass-store-"));
  await chmod(home, 0o755);
  tokens = join(home, "tokens");
  await mkdir(join(tokens, "one"), { recursive: true });
});
afterEach(() => rm(home, { recursive: true, force: true }));

const configuration = async (path: string, folder = tokens): Promise<string> => {
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(path, `# a comment\nobjectstore.backend = file\ndirectories.tokendir = ${folder}  \n`);
  return path;
};

test("SOFTHSM2_CONF counts before the user's own file", async () => {
  const own = await configuration(join(home, ".config/softhsm2/softhsm2.conf"));
  expect(await softHsmStore({}, home)).toEqual({ configuration: own, tokenFolder: tokens, tokens: 1, error: null });
  const named = await configuration(join(home, "named.conf"), join(home, "elsewhere"));
  await mkdir(join(home, "elsewhere"));
  expect(await softHsmStore({ SOFTHSM2_CONF: named }, home)).toMatchObject({ configuration: named, tokens: 0 });
});

test("a named configuration that is not there, and a folder that is not there, are said", async () => {
  const gone = await softHsmStore({ SOFTHSM2_CONF: join(home, "gone.conf") }, home);
  expect(gone.error).toMatchObject({ where: join(home, "gone.conf"), details: { code: "ENOENT" } });
  const named = await configuration(join(home, "named.conf"), join(home, "no folder"));
  const { error } = await softHsmStore({ SOFTHSM2_CONF: named }, home);
  expect(error).toMatchObject({ where: join(home, "no folder"), message: expect.stringContaining("is not there") });
});

// Root may read everything, so these are done as somebody else.
describe.skipIf(process.geteuid?.() !== 0)("somebody who is not in the group softhsm", () => {
  const asNobody = async <T>(work: () => Promise<T>): Promise<T> => {
    const groups = process.getgroups?.() ?? [];
    process.setgroups?.([]);
    process.setegid?.(65_534);
    process.seteuid?.(65_534);
    try {
      return await work();
    } finally {
      process.seteuid?.(0);
      process.setegid?.(0);
      process.setgroups?.(groups);
    }
  };

  test("is told that the token folder may not be read, and how to be let in", async () => {
    const named = await configuration(join(home, "named.conf"));
    await chmod(tokens, 0o770);
    const { error, tokens: count } = await asNobody(() => softHsmStore({ SOFTHSM2_CONF: named }, home));
    expect(count).toBeNull();
    expect(error).toMatchObject({ where: tokens, message: expect.stringContaining("EACCES") });
    expect(error?.remedy).toContain("adduser $USER softhsm");
  });

  test("is told so too where only the names in the folder may be read", async () => {
    const named = await configuration(join(home, "named.conf"));
    await chmod(tokens, 0o774);
    const { error } = await asNobody(() => softHsmStore({ SOFTHSM2_CONF: named }, home));
    expect(error).toMatchObject({ where: tokens, message: expect.stringContaining("EACCES") });
  });

  test("is told that the configuration may not be read", async () => {
    const named = await configuration(join(home, "named.conf"));
    await chmod(named, 0o640);
    const { error } = await asNobody(() => softHsmStore({ SOFTHSM2_CONF: named }, home));
    expect(error).toMatchObject({ where: named, message: expect.stringContaining("may not be read by you") });
  });
});
