import { expect, test } from "vitest";
import { readSeen } from "./run-folder.ts";

test("the list of what was seen is read; a module that was looked for twice is one", () => {
  const { processes, modules } = readSeen(
    "process\t7\t1\t/bin/a\ntraced\t7\t/m.so\t/copy/m.so\ntraced\t7\t/m.so\t/copy/m.so\nleft\t7\t/p.so\tit is a spy already\n",
  );
  expect(processes.get(7)).toEqual({ parent: 1, program: "/bin/a" });
  expect(modules).toEqual([
    { process: 7, path: "/m.so", recorded: true, why: "" },
    { process: 7, path: "/p.so", recorded: false, why: "it is a spy already" },
  ]);
});

test("a line that is not whole is left out", () => {
  expect(readSeen("process\t7\t1\t/bin/a\nprocess\t8\t1").processes.size).toBe(1);
});
