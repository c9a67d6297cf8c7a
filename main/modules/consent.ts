import type { ErrorData } from "../../preload/contract/errors.ts";
import type { Inspection } from "../../preload/contract/modules.ts";
import { machineHere } from "./binary-header.ts";
import type { FileFacts } from "./inspect.ts";

/**
 * Loading a library is running its code, before any function of it is called. So a file's code runs only with
 * consent: the user's for exactly these bytes, or that of whoever administers the machine.
 */
export interface Approvals {
  /** SHA-256 by real path, as the user approved it. */
  approved: Record<string, string>;
  /** Whether the table of known libraries, or p11-kit's system configuration, names the file. */
  known: boolean;
}

export type Consent = "given" | "never asked" | "changed since";

/**
 * A library that only root can change, and that is known or was approved once, needs no consent again when a package
 * update changes it: whoever can change it can already run any code as this user.
 */
export const consentFor = (facts: FileFacts, { approved, known }: Approvals): Consent => {
  const earlier = Object.hasOwn(approved, facts.realPath) ? approved[facts.realPath] : undefined;
  if (earlier === facts.sha256) return "given";
  if (facts.systemOwned && (known || earlier !== undefined)) return "given";
  return earlier === undefined ? "never asked" : "changed since";
};

/** What a person must see before they consent, as details of an error. */
const factDetails = (facts: FileFacts): ErrorData["details"] => ({
  path: facts.path,
  realPath: facts.realPath,
  size: facts.size,
  sha256: facts.sha256,
  owner: facts.owner,
  mode: facts.mode,
  othersMayWrite: facts.othersMayWrite,
  othersMayWriteWhat: facts.othersMayWriteWhat,
  format: facts.binary.format,
  architectures: facts.binary.architectures.join(", "),
});

/** The error for a file that may not be loaded yet. Its details are all that a dialog needs. */
export const consentError = (facts: FileFacts, consent: Exclude<Consent, "given">): ErrorData => ({
  code: consent === "never asked" ? "MODULE_NEEDS_APPROVAL" : "MODULE_CHANGED",
  where: facts.path,
  message:
    consent === "never asked"
      ? "This library was never loaded before. Loading it runs its code with your rights."
      : "The library is not the file that was approved: its SHA-256 is another one now.",
  remedy:
    consent === "never asked"
      ? "If you trust where it comes from, look at the file (Add a module, or Start for one that is kept) and allow its code to run. On the command line: give the SHA-256 below as `sha256` to modules.add or modules.start."
      : "If you did not update it, find out who did before you load it. If you did: press Start on the module's page, which shows the file as it is now, and allow its code to run. On the command line: give the SHA-256 below as `sha256` to modules.start.",
  details: factDetails(facts),
});

/** The error for consent to other bytes than those that are there now. */
export const wrongDigest = (facts: FileFacts, given: string): ErrorData => ({
  code: "MODULE_CHANGED",
  where: facts.path,
  message: "The consent is for another file: the SHA-256 that was given is not this file's.",
  remedy:
    "Close this and look at the file anew (on the command line: modules.inspect); allow what is there now only if you trust it.",
  details: { ...factDetails(facts), given },
});

/** @returns why a file cannot be loaded whatever its code does, from its header; null if it may fit. */
export const headerError = ({ path, binary }: Pick<Inspection, "path" | "binary">): ErrorData | null => {
  if (binary.fitsHere) return null;
  if (binary.kind !== "library" || binary.format === "unknown")
    return {
      code: "MODULE_NOT_A_LIBRARY",
      where: path,
      message:
        binary.format === "unknown"
          ? "The file is not a library: it has no ELF, Mach-O or PE header."
          : `The file is ${binary.kind === "program" ? "a program" : "an object file"} (${binary.format}), not a library.`,
      remedy:
        "Choose the PKCS#11 library itself (.so, .dylib or .dll). A .so file of text is a linker script for developers.",
      details: { format: binary.format, architectures: binary.architectures.join(", ") },
    };
  const machines = binary.architectures.join(", ");
  return {
    code: "MODULE_WRONG_ARCHITECTURE",
    where: path,
    message: `The library is for ${machines} (${binary.format}); this app runs as ${machineHere()} on ${systemName()}.`,
    remedy: `Install the vendor's build for ${machineHere()} on ${systemName()}.`,
    details: { format: binary.format, architectures: machines, needed: machineHere() },
  };
};

const systemName = (): string =>
  ({ darwin: "macOS", win32: "Windows", linux: "Linux" })[process.platform as string] ?? process.platform;
