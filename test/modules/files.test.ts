import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestApp, type TestApp } from "../harness/app.ts";

/** Files that the app writes for the user. */

let app: TestApp;
const folder = mkdtempSync(join(tmpdir(), "tokenglass-files-"));
const own = mkdtempSync(join(homedir(), ".tokenglass-files-"));
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(async () => {
  await app.close();
  for (const made of [folder, own]) rmSync(made, { recursive: true });
});

const file = (name: string) => ({ fileName: name, content: Buffer.from("text").toString("base64") });

test("a folder that is not there is made only if that is wanted", async () => {
  const missing = join(folder, "new", "deep");
  const error = await app.fails("files.save", { folder: missing, ...file("a.txt") });
  expect(error).toMatchObject({ code: "FOLDER_MISSING", where: missing, details: { folder: missing } });
  expect(existsSync(join(folder, "new"))).toBe(false);
  const { path } = await app.call("files.save", { folder: missing, createFolder: true, ...file("a.txt") });
  expect(path).toBe(join(missing, "a.txt"));
  expect(readFileSync(path, "utf8")).toBe("text");
});

test("a file is in the user's own folder after a tilde", async () => {
  const { path } = await app.call("files.save", { folder: `~/${basename(own)}`, ...file("a.txt") });
  expect(path).toBe(join(own, "a.txt"));
  expect(existsSync(path)).toBe(true);
});

test("a file in place of the folder, and a path without a root, are refused", async () => {
  writeFileSync(join(folder, "file"), "");
  expect(await app.fails("files.save", { folder: join(folder, "file"), ...file("a") })).toMatchObject({
    code: "FILE_FAILED",
    message: expect.stringContaining("it is a file"),
  });
  expect(await app.fails("files.save", { folder: "keys", ...file("a") })).toMatchObject({ code: "FILE_FAILED" });
});

test("a file that is there is never replaced", async () => {
  const save = () => app.call("files.save", { folder, ...file("twice.pem") });
  expect([(await save()).path, (await save()).path]).toEqual([
    join(folder, "twice.pem"),
    join(folder, "twice (2).pem"),
  ]);
});
