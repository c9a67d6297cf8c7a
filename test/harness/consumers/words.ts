import type { Ran } from "./run-program.ts";

/** Lines that say nothing of the failure. */
const noise = /^((Signing|Verifying) .* ok|Engine "pkcs11" set\.|Specified object not found|warning: .*|Enter .*|)$/i;

/** What differs from run to run, and what stands for it. */
const variable: [RegExp, string][] = [
  [/^[0-9A-F]{12,16}:/, ""],
  [/:\.\.\/[^:]+:\d+:/g, ": "],
  [/:\w+\.c:\d+:/g, ""],
  [/\/tmp\/[^\s:,'"]+/g, "FILE"],
  [/pkcs11:\S+/g, "URI"],
  [/AAAA[\w+/=]{20,}/g, "KEY"],
  [/token \d+/g, "TOKEN"],
];

/**
 * What a program said when it failed, one line; "" if it ended well. Numbers of threads, source lines, keys and
 * temporary paths are taken off, so that the same failure has the same words.
 */
export const wordsOf = ({ status, stdout, stderr }: Ran): string => {
  if (status === 0) return "";
  const lines = `${stderr}\n${stdout}`
    .split("\n")
    .map((line) => variable.reduce((text, [pattern, word]) => text.replace(pattern, word), line.trim()))
    .filter((line) => !noise.test(line));
  return lines.slice(0, 2).join(" | ").slice(0, 240);
};
