import { readFile } from "node:fs/promises";
import type { Seen } from "./run-folder.ts";
import type { TraceFile } from "./trace-files.ts";

/** The recordings of a run's processes and of the children that they forked. */
export const recordingsOf = (files: readonly TraceFile[], seen: Seen, begun: number): TraceFile[] => {
  const own = new Set(
    files.filter((file) => seen.processes.has(file.process) && file.started >= begun - 1000).map(({ name }) => name),
  );
  // A child that only forked has no line of its own; its recording names its parent's.
  for (let grew = true; grew; ) {
    const before = own.size;
    for (const { name, parent } of files) if (parent !== null && own.has(parent)) own.add(name);
    grew = own.size > before;
  }
  return files.filter(({ name }) => own.has(name)).sort((a, b) => a.started - b.started);
};

/** What a person should know about a run that recorded less than they may expect. */
export const runWarnings = (seen: Seen, started: boolean): string[] => {
  const left = seen.modules.filter(({ recorded }) => !recorded);
  const warnings = left
    .filter(({ path, why }, n) => left.findIndex((other) => other.path === path && other.why === why) === n)
    .map(({ path, why }) => `${path} was not recorded: ${why}.`);
  if (started && seen.processes.size === 0)
    warnings.unshift(
      "Nothing was recorded: the dynamic loader did not take the audit library. The program runs with other rights than its user's, is statically linked, or uses another C library.",
    );
  else if (started && seen.modules.length === 0)
    warnings.unshift("Nothing was recorded: the program loaded no PKCS#11 module.");
  return warnings;
};

const atSecure = 23;

/**
 * Whether the system started a process in secure-execution mode, in which the loader ignores LD_AUDIT (ld.so(8)): for
 * setuid, file capabilities or a security policy alike.
 * @returns null if it cannot be told, e.g. because the process has ended
 */
export const runsSecurely = async (id: number): Promise<boolean | null> => {
  try {
    const words = await readFile(`/proc/${id}/auxv`);
    for (let at = 0; at + 16 <= words.length; at += 16)
      if (words.readBigUInt64LE(at) === BigInt(atSecure)) return words.readBigUInt64LE(at + 8) !== 0n;
    return null;
  } catch {
    return null;
  }
};
