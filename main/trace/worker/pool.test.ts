import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Task } from "./messages.ts";
import { Pool } from "./pool.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tokenglass-test-"));
  await writeFile(join(folder, "log"), "alpha Beta\nbeta\nGAMMA beta beta\n");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const search = (pool: Pool, needles: string[], ignoreCase: boolean, from = 0, to = 1000) =>
  pool.run({ kind: "search", path: join(folder, "log"), from, to, needles, ignoreCase });

test("A text is found once a line, with its case or without", async () => {
  const pool = new Pool(null);
  expect([...(await search(pool, ["beta"], false)).hits]).toEqual([11, 22]);
  expect([...(await search(pool, ["beta"], true)).hits]).toEqual([6, 11, 22]);
  expect([...(await search(pool, ["gam", "alp"], true)).hits]).toEqual([0, 16]);
  // A hit belongs to the range in which it begins.
  expect([...(await search(pool, ["beta"], true, 8, 12)).hits]).toEqual([3]);
  expect([...(await search(pool, [".*"], true)).hits]).toEqual([]);
});

test("Where threads cannot start, the work is done in this one", async () => {
  const pool = new Pool(join(folder, "no-such-worker.js"));
  const [first, second, third] = await Promise.all([1, 2, 3].map(() => search(pool, ["beta"], false)));
  expect([first, second, third].map((result) => result?.hits.length)).toEqual([2, 2, 2]);
  expect((await search(pool, ["beta"], false)).hits.length).toBe(2);
  pool.close();
});

test("A file that is gone fails its task alone", async () => {
  const pool = new Pool(null);
  const gone: Task = {
    kind: "search",
    path: join(folder, "gone"),
    from: 0,
    to: 1,
    needles: ["a"],
    ignoreCase: false,
  };
  await expect(pool.run(gone)).rejects.toThrow("ENOENT");
  expect((await search(pool, ["beta"], false)).hits.length).toBe(2);
});
