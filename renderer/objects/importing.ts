import type { Input } from "../../preload/contract/index.ts";
import type { ImportItem } from "../../preload/contract/objects.ts";
import type { KeyUse } from "../../preload/contract/shared.ts";
import { colonHex, parseHex } from "./ids.ts";

/** What the user wants of one item of a file. */
export interface Chosen {
  item: ImportItem;
  wanted: boolean;
  label: string;
  /** As typed. */
  id: string;
  idProblem: string | null;
  sensitive: boolean;
  extractable: boolean;
  /** What a key may be used for; empty for a certificate. */
  usage: KeyUse[];
}

/** Proposed: everything that can be written and is not there yet, under the proposed names. */
export const proposed = (item: ImportItem): Chosen => ({
  item,
  wanted: item.offered && item.alreadyThere === null,
  label: item.label,
  id: colonHex(item.id),
  idProblem: null,
  sensitive: true,
  extractable: false,
  usage: item.usage,
});

export const withId = (chosen: Chosen, id: string): Chosen => ({ ...chosen, id, idProblem: parseHex(id).problem });

type Items = Input<"objects.import">["items"];

export const itemsOf = (chosen: Record<number, Chosen>): Items =>
  Object.values(chosen)
    .filter(({ wanted }) => wanted)
    .map(({ item, label, id, sensitive, extractable, usage }) => ({
      index: item.index,
      label,
      id: parseHex(id).hex ?? item.id,
      ...(item.kind === "privateKey" ? { sensitive, extractable } : {}),
      ...(item.kind === "certificate" ? {} : { usage }),
    }));

/** The same for the equivalent command, which must be told what each item is: it does not get the file's content. */
export const commandItems = (chosen: Record<number, Chosen>) =>
  itemsOf(chosen).map((item) => ({ ...item, kind: chosen[item.index]?.item.kind }));
