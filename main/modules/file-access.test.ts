import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { judgeAccess, modeText, parseAccounts, type Step, stepsTo, userName } from "./file-access.ts";

const accounts = parseAccounts(
  "root:x:0:0:root:/root:/bin/sh\nada:x:1000:1000::/home/ada:/bin/sh\nbob:x:1001:1001::/home/bob:/bin/sh\nbroken line\n",
  "root:x:0:\nstaff:x:50:bob\nada:x:1000:\nbob:x:1001:\nshared:x:2000:ada,bob\n",
);
const ada = 1000;

const file = (path: string, uid: number, mode: number, gid = uid): Step => ({ path, uid, gid, mode, folder: false });
const folder = (path: string, uid: number, mode: number, gid = uid): Step => ({
  ...file(path, uid, mode, gid),
  folder: true,
});
const root = folder("/", 0, 0o755);
const judge = (...steps: Step[]) => judgeAccess([...steps, root], accounts, ada, "linux");

describe("who may change a library", () => {
  test("root's file in root's folders: only root", () => {
    expect(judge(file("/usr/lib/a.so", 0, 0o644), folder("/usr/lib", 0, 0o755), folder("/usr", 0, 0o755))).toEqual({
      othersMayWrite: false,
      what: null,
      systemOwned: true,
    });
  });

  test("my own file is safe, but not a system library", () => {
    expect(judge(file("/home/ada/a.so", ada, 0o644), folder("/home/ada", ada, 0o700))).toMatchObject({
      othersMayWrite: false,
      systemOwned: false,
    });
  });

  test("my private group may write; it has no other members", () => {
    expect(judge(file("/home/ada/a.so", ada, 0o664)).othersMayWrite).toBe(false);
  });

  test.each([
    ["a group with others in it", file("/x/a.so", ada, 0o664, 2000), "file /x/a.so, which group shared may write"],
    ["a group that is not known here", file("/x/a.so", ada, 0o664, 4711), "file /x/a.so, which group 4711 may write"],
    ["everybody", file("/x/a.so", 0, 0o646), "file /x/a.so, which everybody may write"],
    ["its owner, who is somebody else", file("/x/a.so", 1001, 0o644), "file /x/a.so, which belongs to bob"],
    ["an owner without a name", file("/x/a.so", 4711, 0o644), "file /x/a.so, which belongs to uid 4711"],
  ])("%s", (_who, step, what) => {
    expect(judge(step)).toMatchObject({ othersMayWrite: true, what, systemOwned: false });
  });

  test("a folder above counts as much as the file", () => {
    expect(judge(file("/usr/local/lib/a.so", 0, 0o644), folder("/usr/local/lib", 0, 0o2775, 50))).toMatchObject({
      othersMayWrite: true,
      what: "folder /usr/local/lib, which group staff may write",
      systemOwned: false,
    });
    expect(judge(file("/home/bob/a.so", ada, 0o644), folder("/home/bob", 1001, 0o755)).what).toBe(
      "folder /home/bob, which belongs to bob",
    );
  });

  test("in /tmp mine is mine, by the sticky bit, and somebody else's is theirs; neither is a system library", () => {
    const tmp = folder("/tmp", 0, 0o1777);
    expect(judge(file("/tmp/a.so", ada, 0o644), tmp)).toMatchObject({ othersMayWrite: false, systemOwned: false });
    expect(judge(file("/tmp/a.so", 0, 0o644), tmp)).toMatchObject({ othersMayWrite: false, systemOwned: false });
    expect(judge(file("/tmp/a.so", 1001, 0o644), tmp).othersMayWrite).toBe(true);
  });

  test("without the sticky bit anybody may replace it", () => {
    expect(judge(file("/tmp/a.so", ada, 0o644), folder("/tmp", 0, 0o777)).what).toBe(
      "folder /tmp, which everybody may write",
    );
  });

  test("on macOS admin may become root anyway", () => {
    const steps = [file("/opt/homebrew/a.so", ada, 0o644), folder("/opt/homebrew", ada, 0o775, 80), root];
    expect(judgeAccess(steps, accounts, ada, "darwin").othersMayWrite).toBe(false);
    expect(judgeAccess(steps, accounts, ada, "linux").othersMayWrite).toBe(true);
  });
});

test("names come from passwd", () => {
  expect(userName(1001, accounts)).toBe("bob");
  expect(userName(77, accounts)).toBe("uid 77");
});

test.each([
  [0o100644, "-rw-r--r--"],
  [0o100755, "-rwxr-xr-x"],
  [0o041777, "drwxrwxrwt"],
  [0o041776, "drwxrwxrwT"],
  [0o104755, "-rwsr-xr-x"],
  [0o102745, "-rwxr-Sr-x"],
])("mode %o as ls writes it", (mode, text) => {
  expect(modeText(mode)).toBe(text);
});

test("the steps to a file lead from it to the root", async () => {
  const place = await mkdtemp(join(tmpdir(), "tokenglass-access-"));
  await writeFile(join(place, "a.so"), "");
  const steps = await stepsTo(join(place, "a.so"));
  expect(steps[0]).toMatchObject({ path: join(place, "a.so"), folder: false });
  expect(steps[1]).toMatchObject({ path: place, folder: true });
  expect(steps.at(-1)?.path).toBe("/");
  await rm(place, { recursive: true });
});
