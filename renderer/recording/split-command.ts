export interface SplitCommand {
  words: string[];
  /** What is wrong with the line, or what a shell would do with it and nobody does here; null if nothing. */
  problem: string | null;
  /** The line ends within a quotation: it is no command yet. */
  unfinished?: true;
}

/** Signs that mean something to a shell only. */
const shellSigns = /^(\||\|\||&|&&|;|>|>>|<|2>|2>&1|&>)$/;

/**
 * Splits a command line into words as a POSIX shell does (XCU 2.2: quotes and backslash), and nothing else of a shell:
 * no variables, no patterns, no pipes.
 */
export const splitCommand = (line: string): SplitCommand => {
  const words: string[] = [];
  let word: string | null = null;
  let quote: string | null = null;
  let bareSign = false;
  for (let at = 0; at < line.length; at++) {
    const sign = line.charAt(at);
    const next = line.charAt(at + 1);
    if (quote === "'") {
      if (sign === "'") quote = null;
      else word += sign;
    } else if (quote === '"') {
      if (sign === '"') quote = null;
      else if (sign === "\\" && /["\\$`]/.test(next)) {
        word += next;
        at++;
      } else word += sign;
    } else if (/\s/.test(sign)) {
      if (word !== null) words.push(word);
      if (word !== null && shellSigns.test(word)) bareSign = true;
      word = null;
    } else if (sign === "'" || sign === '"') {
      quote = sign;
      word ??= "";
    } else if (sign === "\\" && next !== "") {
      word = (word ?? "") + next;
      at++;
    } else word = (word ?? "") + sign;
  }
  if (word !== null) {
    words.push(word);
    if (shellSigns.test(word)) bareSign = true;
  }
  if (quote !== null) return { words, problem: `A quotation mark (${quote}) has no end.`, unfinished: true };
  return {
    words,
    problem: bareSign
      ? "There is no shell: pipes, redirections and lists of commands are handed to the program as arguments. Use sh -c '…' for them."
      : null,
  };
};
