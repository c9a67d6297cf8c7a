import { NumberList } from "../ascending.ts";
import { readFully } from "../log-file.ts";

const pieceBytes = 2 * 1024 * 1024;
const longestNeedle = 2048;

/** What may not stand unescaped in a regular expression. */
const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");

/**
 * Finds bytes in a range of a file: at most one hit in each line. Bytes are compared, as Latin-1 letters; needles are
 * UTF-8, spelt as Latin-1.
 * @returns places of hits that begin in [from, to), counted from `from`.
 */
export const searchRange = (
  fd: number,
  from: number,
  to: number,
  needles: readonly string[],
  ignoreCase: boolean,
): Uint32Array => {
  const words = needles.map((needle) => needle.slice(0, longestNeedle)).filter((needle) => needle !== "");
  if (words.length === 0) return new Uint32Array(0);
  const pattern = new RegExp(words.map(escaped).join("|"), ignoreCase ? "gi" : "g");
  const plain = words.length === 1 && !ignoreCase ? Buffer.from(words[0] ?? "", "latin1") : null;
  const buffer = Buffer.allocUnsafe(Math.min(pieceBytes, to - from) + longestNeedle);
  const hits = new NumberList();
  let skipTo = 0;
  for (let at = from; at < to; at += pieceBytes) {
    const filled = readFully(fd, buffer, 0, at);
    if (filled === 0) break;
    const bytes = buffer.subarray(0, filled);
    const limit = Math.min(pieceBytes, to - at);
    const text = plain ? "" : bytes.toString("latin1");
    for (let next = Math.max(0, skipTo - at); next < limit; ) {
      let hit: number;
      if (plain) hit = bytes.indexOf(plain, next);
      else {
        pattern.lastIndex = next;
        hit = pattern.exec(text)?.index ?? -1;
      }
      if (hit < 0 || hit >= limit) break;
      hits.add(at + hit - from);
      const lineEnd = bytes.indexOf(0x0a, hit);
      next = lineEnd < 0 ? limit : lineEnd + 1;
      skipTo = at + next;
    }
  }
  return hits.values;
};
