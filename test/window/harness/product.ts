import { type ChildProcess, spawn } from "node:child_process";
import { readdir, readFile, readlink } from "node:fs/promises";

const entry = new URL("../../../dist/main/browser.js", import.meta.url).pathname;

/** The browser shell as users start it: the bundled entry in a process of its own, without any test's switches. */
export interface Product {
  child: ChildProcess;
  pid: number;
  stdout(): string;
  stderr(): string;
  /** Resolves when the window says that it can be worked with. */
  usable: Promise<void>;
  ended: Promise<{ code: number | null; signal: string | null }>;
}

export const startProduct = (dataFolder: string): Product => {
  const child = spawn(process.execPath, [entry], {
    env: { ...process.env, TOKENGLASS_DATA: dataFolder },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) =>
    child.once("close", (code, signal) => resolve({ code, signal })),
  );
  const usable = new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      if (stdout.includes("Window usable")) resolve();
    });
    void ended.then(() => reject(new Error(`It ended first. ${stdout}${stderr}`)));
  });
  // Who does not wait for it does not want to hear that it never came.
  usable.catch(() => {});
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return { child, pid: child.pid ?? 0, stdout: () => stdout, stderr: () => stderr, usable, ended };
};

/** Processes by parent, from /proc. Zombies have ended; they only wait for their parent to notice. */
const running = async (): Promise<Map<number, number>> => {
  const parents = new Map<number, number>();
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, "utf8").catch(() => "");
    const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (state && state !== "Z") parents.set(Number(name), Number(parent));
  }
  return parents;
};

/** A process and everything that it started, directly or not. */
export const processTree = async (pid: number): Promise<number[]> => {
  const parents = await running();
  const tree = [pid];
  for (const parent of tree) for (const [child, of] of parents) if (of === parent) tree.push(child);
  return tree;
};

/** Which of the processes still run. */
export const stillRunning = async (pids: number[]): Promise<number[]> => {
  const alive = await running();
  return pids.filter((pid) => alive.has(pid));
};

export const commandOf = async (pid: number): Promise<string> =>
  (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).replaceAll("\0", " ");

/** TCP and UDP sockets of the processes that somebody else could talk to: listening or bound. */
export const openPorts = async (pids: number[]): Promise<string[]> => {
  const inodes = new Set<string>();
  for (const pid of pids)
    for (const fd of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
      const target = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => "");
      const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
      if (inode) inodes.add(inode);
    }
  const found: string[] = [];
  for (const table of ["tcp", "tcp6", "udp", "udp6"]) {
    const lines = (await readFile(`/proc/net/${table}`, "utf8").catch(() => "")).trim().split("\n").slice(1);
    for (const line of lines) {
      const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
      // 0A is LISTEN; UDP sockets have no such state.
      if (inode && inodes.has(inode) && (state === "0A" || table.startsWith("udp"))) found.push(`${table} ${local}`);
    }
  }
  return found;
};
