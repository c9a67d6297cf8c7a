import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listTraces, tracesBytes } from "./trace-files.ts";

test("a recording that this user may not read is listed by its name, and keeps none of the others from it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tokenglass-traces-"));
  await chmod(folder, 0o755);
  const header = JSON.stringify({ k: "header", t: 1_767_225_600_000_000_000, pid: 4_999_998, exe: "/usr/bin/a" });
  await writeFile(join(folder, "20260101T000000000Z-4999998-a.p11.jsonl"), `${header}\n`);
  await writeFile(join(folder, "20260101T000000001Z-4999999-b.p11.jsonl"), `${header}\n`, { mode: 0o000 });
  // Root may read everything, so it is done as somebody else.
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    const files = await listTraces(folder);
    expect(files.map(({ process, program }) => [process, program])).toEqual([
      [4_999_999, ""],
      [4_999_998, "/usr/bin/a"],
    ]);
  } finally {
    if (isRoot) process.seteuid?.(0);
    await rm(folder, { recursive: true });
  }
});

test("the bytes of a folder are those of its recordings alone; a folder that is not there has none", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tokenglass-traces-"));
  try {
    await writeFile(join(folder, "20260101T000000000Z-4999998-a.p11.jsonl"), "12345");
    await writeFile(join(folder, "20260101T000000001Z-4999999-b.p11.jsonl"), "1234567", { mode: 0o000 });
    await writeFile(join(folder, "notes.txt"), "x".repeat(1000));
    expect(await tracesBytes(folder)).toBe(12);
    expect(await tracesBytes(join(folder, "none"))).toBe(0);
  } finally {
    await rm(folder, { recursive: true });
  }
});
