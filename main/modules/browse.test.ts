import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { browse, isLibraryName } from "./browse.ts";

let place: string;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "tokenglass-browse-"));
  await mkdir(join(place, "sub"));
  await mkdir(join(place, ".hidden"));
  await mkdir(join(place, "eid.bundle"));
  for (const name of ["b.so", "a.so.1.2", "c.dylib", "notes.txt", "so", ".h.so"])
    await writeFile(join(place, name), "1234");
  await symlink(join(place, "b.so"), join(place, "link.so"));
  await symlink(join(place, "sub"), join(place, "tosub"));
  await symlink("/nowhere/at/all", join(place, "dangling.so"));
});
afterAll(() => rm(place, { recursive: true }));

test("folders come first, then libraries; everything else and hidden names are left out; links are followed", async () => {
  const { folder, parent, entries } = await browse(place);
  expect(folder).toBe(place);
  expect(parent).toBe(tmpdir());
  expect(entries.map(({ name, kind, size }) => `${kind} ${name} ${size}`)).toEqual([
    "folder eid.bundle 0",
    "folder sub 0",
    "folder tosub 0",
    "library a.so.1.2 4",
    "library b.so 4",
    "library c.dylib 4",
    "library link.so 4",
  ]);
});

test("the root has no parent; nothing given is the home folder", async () => {
  expect((await browse("/")).parent).toBeNull();
  expect((await browse("")).folder).toBe(homedir());
  expect((await browse("~")).folder).toBe(homedir());
});

test.each([
  ["/nowhere/at/all", "FILE_FAILED", "no such folder"],
  ["/etc/passwd", "FILE_FAILED", "a file"],
  ["lib", "REFUSED", "absolute"],
])("%s: %s", async (folder, code, words) => {
  await expect(browse(folder)).rejects.toMatchObject({
    data: { code, where: folder, message: expect.stringContaining(words) },
  });
});

test.each([
  ["libx.so", true],
  ["libx.so.1", true],
  ["x.DLL", true],
  ["x.sock", false],
  ["x.so.txt", false],
])("%s", (name, is) => {
  expect(isLibraryName(name)).toBe(is);
});
