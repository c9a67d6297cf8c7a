import type { Mask } from "./dialect.ts";
import type { SpyRecord } from "./opensc-spy-record.ts";
import { longestLine, maskedRow, type SpyLine, writeLine } from "./opensc-spy-tokens.ts";

/** Places of a record that must not be shown. */
export class SpyMasks {
  readonly found: Mask[] = [];
  readonly #record: SpyRecord;

  constructor(record: SpyRecord) {
    this.#record = record;
  }

  /** One mask over rows that follow each other, so that it is the place of one field. */
  rows(rows: readonly SpyLine[], what: string): void {
    for (let from = 0; from < rows.length; ) {
      let to = from + 1;
      while (to < rows.length && rows[to]?.from === (rows[to - 1]?.to ?? 0) + (rows[to - 1]?.end.length ?? 0)) to++;
      const piece = rows.slice(from, to);
      const [first] = piece;
      const last = piece[piece.length - 1];
      from = to;
      if (!first || !last) continue;
      const start = contentAt(first);
      const fill = piece.map((row) => maskedRow(row) + row.end).join("");
      const length = last.to - first.from - start;
      if (length > 0)
        this.found.push({ from: first.from + start, to: last.to, what, fill: fill.slice(start, start + length) });
    }
  }

  /**
   * Masks what may be bytes but is not where bytes belong: pieces of lines that another thread broke, and, where lines of
   * several calls are mixed, every row: it may be anyone's.
   * @returns whether the line is to be left aside.
   */
  stray(line: SpyLine): boolean {
    const { mixed } = this.#record;
    if (line.kind === "row" || line.kind === "words" || line.kind === "letters") {
      if (mixed) this.rows([line], "data");
      return false;
    }
    if (["buffer", "number", "header", "stamp", "mark"].includes(line.kind)) return false;
    const text = writeLine({ ...line, end: "" });
    if (text.length > longestLine) {
      this.found.push({ from: line.from, to: line.to, what: "data" });
      return true;
    }
    if (/^ {4,6}DN: /.test(text) && !mixed) return false;
    const isUnknown = mixed && line.kind === "text" && !known.test(text);
    const at = hexRun.exec(text)?.index ?? (isUnknown ? 0 : -1);
    if (at < 0 || at >= text.length) return false;
    this.found.push({ from: line.from + at, to: line.to, what: "data", fill: text.slice(at).replace(/[^ ]/g, "*") });
    return true;
  }

  /** Masks the bytes that are left out of a long record, if they belong to something that is masked. */
  gap({ gap, mixed }: SpyRecord): void {
    if (!gap) return;
    const isSecret = this.found.some(({ from, to }) => to >= gap.from - 2 || from >= gap.to);
    if (mixed || isSecret) this.found.push({ ...gap, what: "data" });
  }
}

/** Bytes in the middle of a line that was broken by another thread. */
const hexRun =
  /(?:[0-9A-F]{2} ){2,}|[0-9A-F]{8} {2}[0-9A-F]{1,2}(?: |$)|(?:[0-9A-F]{8} )+[0-9A-F]{1,8} ?$|^ *[0-9A-F]{3,} ?$/;

/** Lines without bytes. */
const known =
  /^(\*{15} OpenSC PKCS#11 spy \*{17}|Loaded: "[^"]*"|\[compat\]|\s*(Count is \d+|Slot -?\d+|Object 0x[0-9a-f]+ matches)|\s*CK[A-Z]*_\w+\s*(: min:.*)?|)$/;

/** Where bytes begin in a line. */
export const contentAt = (line: SpyLine): number =>
  line.kind === "row"
    ? line.indent.length + 10
    : line.kind === "words" || line.kind === "letters"
      ? line.indent.length
      : 4;
