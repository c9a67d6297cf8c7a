import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { Misuse } from "./misuse.ts";

export interface TraceArguments {
  command: string[];
  level: number;
  folder: string | null;
  modules: string[];
  keep: boolean;
  data: string | null;
}

const options = {
  level: { type: "string" },
  dir: { type: "string" },
  module: { type: "string", multiple: true },
  keep: { type: "boolean" },
  data: { type: "string" },
} as const;

/** Options with a value, which is a word of its own unless it follows a `=`. */
const withValue = new Set(
  Object.entries(options).flatMap(([name, { type }]) => (type === "string" ? `--${name}` : [])),
);

/**
 * Divides the words behind `trace`: options of ours first, then the command, whose own options are none of ours. Two dashes
 * may stand between them (npm takes the first two away).
 * @throws Misuse
 */
export const parseTraceArguments = (words: readonly string[]): TraceArguments => {
  let at = 0;
  while (at < words.length && words[at]?.startsWith("--") && words[at] !== "--")
    at += withValue.has(words[at] ?? "") ? 2 : 1;
  const command = words.slice(words[at] === "--" ? at + 1 : at);
  const { level, dir, module, keep, data } = parseOptions(words.slice(0, at));
  if (command.length === 0)
    throw new Misuse("The command is missing.", "For example: tokenglass trace -- pkcs11-tool --list-slots");
  if (level !== undefined && !/^[012]$/.test(level))
    throw new Misuse(
      "--level takes 0 (structure), 1 (also public data) or 2 (also ciphertext and wrapped keys, for an hour).",
    );
  return {
    command,
    level: Number(level ?? 0),
    folder: dir === undefined ? null : resolve(dir),
    modules: (module ?? []).map((path) => resolve(path)),
    keep: keep ?? false,
    data: data ?? null,
  };
};

const parseOptions = (words: readonly string[]) => {
  try {
    return parseArgs({ args: [...words], options, strict: true }).values;
  } catch (thrown) {
    throw new Misuse(
      (thrown as Error).message.split(". ")[0] ?? "An option is wrong.",
      "tokenglass trace [--level 0|1|2] [--dir DIR] [--module PATH] [--keep] -- command ...",
    );
  }
};
