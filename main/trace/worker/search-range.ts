import { NumberList } from "../ascending.ts";
import { readFully } from "../log-file.ts";
import { scratchOf } from "../scratch.ts";

/** As text a piece is garbage soon: one of this size is collected with the youngest, a larger one much later. */
const pieceBytes = 512 * 1024;
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
  const pattern = new RegExp(words.map(escaped).join("|"), "gi");
  const plain = ignoreCase ? null : words.map((word) => Buffer.from(word, "latin1"));
  const buffer = scratchOf(Math.min(pieceBytes, to - from) + longestNeedle);
  const hits = new NumberList();
  let skipTo = 0;
  for (let at = from; at < to; at += pieceBytes) {
    const filled = readFully(fd, buffer, 0, at);
    if (filled === 0) break;
    const bytes = buffer.subarray(0, filled);
    const limit = Math.min(pieceBytes, to - at);
    const text = plain ? "" : bytes.toString("latin1");
    // Where each of the words comes next; -1: not any more in this piece.
    const places = plain?.map((word) => bytes.indexOf(word)) ?? [];
    for (let next = Math.max(0, skipTo - at); next < limit; ) {
      let hit = -1;
      if (plain)
        for (const [number, word] of plain.entries()) {
          let place = places[number] ?? -1;
          if (place >= 0 && place < next) place = bytes.indexOf(word, next);
          places[number] = place;
          if (place >= 0 && (hit < 0 || place < hit)) hit = place;
        }
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
