import type { ErrorData } from "../../preload/contract/errors.ts";
import type { Output } from "../../preload/contract/index.ts";
import { asksPassword } from "../client/asks-password.ts";
import { type Chosen, itemsOf, proposed } from "./importing.ts";

/** One file of an import, from its bytes to the objects that were made of it. */
export interface ImportFile {
  key: string;
  fileName: string;
  /** base64 */
  content: string;
  /** `locked`: it wants a password. `failed`: it cannot be opened. `open`: its items are shown. */
  state: "opening" | "locked" | "failed" | "open" | "written";
  /** Why it is not open, or why it was not written. */
  error: ErrorData | null;
  format: string;
  warnings: string[];
  chosen: Record<number, Chosen>;
  /** Where the token host keeps it, if it was opened with a password. */
  opened: string | null;
  /** Objects that were made of it. */
  handles: string[];
}

export const freshFile = (key: string, fileName: string, content: string): ImportFile => ({
  key,
  fileName,
  content,
  state: "opening",
  error: null,
  format: "",
  warnings: [],
  chosen: {},
  opened: null,
  handles: [],
});

/** What was chosen before stays chosen, unless it has been written meanwhile. */
const chosenAgain = (items: Output<"objects.importPreview">["items"], before: ImportFile["chosen"]) =>
  Object.fromEntries(
    items.map((item) => {
      const old = before[item.index];
      const fresh = proposed(item);
      const same = old && old.item.kind === item.kind && old.item.summary === item.summary;
      return [item.index, same ? { ...old, item, wanted: old.wanted && fresh.item.offered } : fresh];
    }),
  );

/** What is known of a file once it has been looked into. */
export const looked = (
  file: ImportFile,
  { format, items, warnings, opened }: Output<"objects.importPreview">,
): Partial<ImportFile> => ({
  state: "open",
  format,
  warnings,
  opened,
  chosen: chosenAgain(items, file.chosen),
});

/** @returns `locked` for a file that wants a password, or another one */
export const stateAfter = (error: ErrorData): "locked" | "failed" => (asksPassword(error) ? "locked" : "failed");

const wantedOf = ({ chosen }: ImportFile) => Object.values(chosen).filter(({ wanted }) => wanted);

/** What would be written now, and what stands in the way. */
export const planOf = (files: ImportFile[]) => {
  const open = files.filter(({ state }) => state === "open");
  const ready = open.filter((file) => wantedOf(file).length > 0);
  return {
    ready,
    count: ready.reduce((sum, { chosen }) => sum + itemsOf(chosen).length, 0),
    /** They must be opened or removed first, so that none is left out by accident. */
    unopened: files.filter(({ state }) => state === "locked" || state === "failed"),
    opening: files.some(({ state }) => state === "opening"),
    idle: open.filter((file) => wantedOf(file).length === 0),
    problem: open.some((file) => wantedOf(file).some(({ idProblem }) => idProblem !== null)),
    written: files.filter(({ state }) => state === "written"),
    refused: open.filter(({ error }) => error !== null),
  };
};

/** "2 of 5 files are not opened and will not be written" */
export const unopenedWords = (unopened: number, of: number): string =>
  `${unopened} of ${of} ${of === 1 ? "file is" : unopened === 1 ? "files is" : "files are"} not opened and will not be written`;
