import type { StoreFormat, StoreReader } from "../../../preload/contract/truststores.ts";
import type { TrustModule, TrustModules } from "../trust-modules.ts";

export interface StoreToRead {
  /** File, or folder. */
  path: string;
  format: StoreFormat;
  password: string | null;
  /** DER of what should be seen; a reader that can only be asked about given certificates is asked about these. */
  expected: readonly Buffer[];
  /** Folder of our own for what a program must be given as a file. Only public material goes there. */
  scratch: string;
  modules: TrustModules;
}

export interface SeenEntry {
  alias: string;
  sha256: string | null;
  /** Whether the program takes it for trusted. */
  trusted: boolean;
  /** What the program calls it: "trustedCertEntry", "CT,C,C". */
  words: string;
}

/** A program that is asked what it sees in a store. */
export interface ProgramReader {
  reader: StoreReader;
  title: string;
  /** The program that must be installed, or the PKCS#11 module. */
  program: string | { module: TrustModule };
  /** Words that make it tell its version, and where in the output it stands; null if it tells none. */
  version: { words: string[]; pattern: RegExp } | null;
  /** What a person would type for the same. Never a password. */
  command(store: StoreToRead): string;
  /** @throws UnreadByProgram with the program's own words */
  read(store: StoreToRead): Promise<SeenEntry[]>;
}

/** The program does not read the store. */
export class UnreadByProgram extends Error {}
