import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { headerBytes, machineHere, readHeader } from "../modules/binary-header.ts";
import { readElfStart } from "./elf-interpreter.ts";
import { capabilitiesOf } from "./file-capabilities.ts";
import { readHead } from "./file-head.ts";
import { findProgram } from "./find-program.ts";

/** Whether a program can be recorded without touching its configuration. */
export interface Plan {
  possible: boolean;
  /** Why not, and what works instead; "" if it is possible. */
  why: string;
  /** Path behind symbolic links; null if it was not found. */
  program: string | null;
}

const useCopy =
  "Instead, make a copy of the spy for the module (recording.copy) and give the program the copy's path where it names the module.";

const systems: Partial<Record<NodeJS.Platform, string>> = {
  darwin: `macOS has no interface by which one program's libraries can be exchanged, and its System Integrity Protection removes DYLD_ variables from system programs. ${useCopy}`,
  win32: `Windows has no interface by which one program's libraries can be exchanged. ${useCopy}`,
};

/** Programs that start others in a box where the spy's files cannot be seen, or with a cleaned environment. */
const launchers: Record<string, string> = {
  snap: `It is a snap: it runs in a box of its own, where files of this app cannot be seen. ${useCopy} The copy and the traces must then be below ~/snap/<name>/common.`,
  flatpak: `It is a Flatpak: it runs in a box of its own with its own libraries. It reaches the host's modules through p11-kit's server; record that instead: trace -- p11-kit server ...`,
};

/**
 * Decides from the program's file whether the dynamic loader will take the audit library.
 * @param folder working directory for relative paths
 */
export const planFor = async (command: readonly string[], folder: string, depth = 0): Promise<Plan> => {
  const elsewhere =
    process.platform === "linux" ? undefined : (systems[process.platform] ?? `This works on Linux only. ${useCopy}`);
  if (elsewhere !== undefined) return { possible: false, why: elsewhere, program: null };
  const found = await findProgram(command[0] ?? "", folder);
  if (!found) return { possible: false, why: "There is no such program, or it may not be executed.", program: null };
  const { real } = found;
  const no = (why: string): Plan => ({ possible: false, why, program: real });
  const launcher = Object.hasOwn(launchers, basename(real)) ? launchers[basename(real)] : undefined;
  if (launcher) return no(launcher);
  const secure = await secureReason(real);
  const head = await readHead(real, headerBytes).catch(() => null);
  // Nobody but root may read some programs with special rights; what the rights say is enough.
  if (secure) return no(secure);
  if (!head) return no(`The program's file cannot be read, so it cannot be told how it is started. ${useCopy}`);
  if (head[0] === 0x23 && head[1] === 0x21) return script(head, real, folder, depth);
  return { program: real, ...elfPlan(head) };
};

const elfPlan = (head: Uint8Array): Omit<Plan, "program"> => {
  const start = readElfStart(head);
  if (!start) return { possible: true, why: "" };
  const { architectures } = readHeader(head);
  if (!architectures.includes(machineHere()))
    return {
      possible: false,
      why: `The program is for ${architectures.join(", ")}; the spy is for ${machineHere()}. Build Tokenglass for that machine, or use the program's ${machineHere()} build.`,
    };
  if (start.interpreter === null)
    return {
      possible: false,
      why: `The program is statically linked: the system's dynamic loader has no part in it, and it loads no libraries in the usual way. Its source must name the spy. ${useCopy}`,
    };
  if (/ld-musl/.test(start.interpreter))
    return {
      possible: false,
      why: `The program uses another C library (musl, ${start.interpreter}), whose loader has no audit interface and cannot load libraries built for glibc.`,
    };
  return { possible: true, why: "" };
};

/** AT_SECURE (getauxval(3)): the loader ignores LD_AUDIT for programs with more rights than their user. */
const secureReason = async (path: string): Promise<string | null> => {
  const { mode, uid, gid } = await stat(path);
  const other = (what: string) =>
    `The program runs with ${what}, so the system's dynamic loader ignores LD_AUDIT for it. ${useCopy} Or run it as the user whose rights it takes.`;
  if (mode & 0o4000 && uid !== process.geteuid?.()) return other(`another user's rights (setuid)`);
  if (mode & 0o2000 && gid !== process.getegid?.()) return other(`another group's rights (setgid)`);
  const capabilities = await capabilitiesOf(path);
  return capabilities && process.geteuid?.() !== 0 ? other(`file capabilities (${capabilities})`) : null;
};

/** A script runs as its interpreter; what that starts is followed as well. */
const script = async (head: Uint8Array, real: string, folder: string, depth: number): Promise<Plan> => {
  const text = Buffer.from(head).toString("latin1");
  const no = (why: string): Plan => ({ possible: false, why, program: real });
  if (/\bflatpak run\b/.test(text)) return no(launchers["flatpak"] ?? "");
  if (/\/snap\/bin\/|\bsnap run\b/.test(text)) return no(launchers["snap"] ?? "");
  const [interpreter = "", argument] = (/^#!\s*([^\n]*)/.exec(text)?.[1] ?? "").trim().split(/\s+/);
  const started = basename(interpreter) === "env" && argument && !argument.startsWith("-") ? argument : interpreter;
  if (depth > 3 || started === "") return no("The script names no interpreter that can be found.");
  const plan = await planFor([started], folder, depth + 1);
  return plan.possible ? { possible: true, why: "", program: real } : no(`It is a script for ${started}. ${plan.why}`);
};
