import { type Dialect, putMasks, wholeRecord } from "../dialects/dialect.ts";
import { member, numberIn, readJson, textIn } from "../dialects/json-places.ts";
import type { Counts } from "./counts.ts";
import { recordingNames } from "./names-tokenglass.ts";
import type { Pseudonyms } from "./pseudonyms.ts";
import { starOut } from "./sanitise.ts";

/**
 * Masks lines that belong to no record, in place. They may hold anything and become stars, but for those by which our own
 * recordings announce a call (its record comes when it is back): the spy has left out of them what is secret.
 */
export const maskOutside = (
  { name }: Dialect,
  bytes: Uint8Array,
  pseudonyms: Pseudonyms | null,
  counts: Counts,
): void => {
  for (let from = 0; from < bytes.length; ) {
    const newline = bytes.indexOf(0x0a, from);
    const to = newline < 0 ? bytes.length : newline + 1;
    const line = bytes.subarray(from, to);
    from = to;
    if (name !== "tokenglass" || !isAnnouncement(line)) {
      if (starOut(line) > 0) counts.add("line outside of records");
    } else if (pseudonyms) {
      const names = recordingNames(wholeRecord(line), pseudonyms);
      counts.addMasks({ names, secrets: [] });
      putMasks(line, 0, names);
    }
  }
};

const isAnnouncement = (line: Uint8Array): boolean => {
  const node = readJson(line);
  return numberIn(member(node, "b")) !== null && /^C_\w+$/.test(textIn(member(node, "f")) ?? "");
};
