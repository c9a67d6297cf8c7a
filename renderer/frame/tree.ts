import type { ModuleRow } from "../../preload/contract/modules.ts";
import type { SlotRow } from "../../preload/contract/tokens.ts";
import { type Mark, markOf, presentTokens } from "../tokens/apart.ts";
import type { ModuleSlots } from "../tokens/useSlots.ts";
import { tokenTitle } from "../tokens/words.ts";
import { type Place, sameToken } from "./place.tsx";

/** One line of the sidebar: a module, a token, or a slot that cannot be read. */
export type TreeItem = {
  key: string;
  place: Place;
  level: 1 | 2;
  /** Place among its siblings, from 1, and how many they are (aria-posinset, aria-setsize). */
  position: number;
  of: number;
  title: string;
} & ({ kind: "module"; module: ModuleRow; note: string | null } | { kind: "slot"; slot: SlotRow; mark: Mark | null });

/** Modules with their tokens below them, from top to bottom. */
export const treeItems = (modules: readonly ModuleSlots[]): TreeItem[] => {
  const present = presentTokens(modules);
  return modules.flatMap(({ module, slots }, index): TreeItem[] => {
    const shown = (slots ?? []).filter(({ token, error }) => token || error);
    const leaves = shown.map((slot, at): TreeItem => {
      const { token } = slot;
      return {
        kind: "slot",
        key: `${module.id} ${slot.slot}`,
        place: token
          ? { kind: "token", module: module.id, token: token.ref }
          : { kind: "slot", module: module.id, slot: slot.slot },
        level: 2,
        position: at + 1,
        of: shown.length,
        title: token ? tokenTitle(token) : slot.description || `Slot ${slot.slot}`,
        slot,
        mark: token && markOf({ module: module.id, token }, present),
      };
    });
    return [
      {
        kind: "module",
        key: module.id,
        place: { kind: "module", module: module.id },
        level: 1,
        position: index + 1,
        of: modules.length,
        title: module.name,
        module,
        note: slots && emptyWords(slots.length, slots.length - shown.length),
      },
      ...leaves,
    ];
  });
};

const emptyWords = (slots: number, empty: number): string | null => {
  if (slots === 0) return "no slots";
  if (empty === 0) return null;
  return empty === 1 ? "1 empty slot" : `${empty} empty slots`;
};

export const samePlace = (a: Place, b: Place): boolean => {
  if (a.kind === "token" && b.kind === "token") return a.module === b.module && sameToken(a.token, b.token);
  return JSON.stringify(a) === JSON.stringify(b);
};

/**
 * Where a key leads in the tree (WAI-ARIA Authoring Practices, tree view; its branches are always open).
 * @param key KeyboardEvent.key @param at index of the item that has the focus
 * @returns an index, or null for a key that is not the tree's
 */
export const treeStep = (
  items: readonly Pick<TreeItem, "level" | "title">[],
  key: string,
  at: number,
): number | null => {
  const last = items.length - 1;
  const here = items[at];
  if (!here) return null;
  switch (key) {
    case "ArrowDown":
      return Math.min(last, at + 1);
    case "ArrowUp":
      return Math.max(0, at - 1);
    case "Home":
      return 0;
    case "End":
      return last;
    case "ArrowRight":
      return items[at + 1]?.level === here.level + 1 ? at + 1 : at;
    case "ArrowLeft":
      return here.level === 1 ? at : items.findLastIndex(({ level }, index) => index < at && level === 1);
  }
  if (!/^[\p{L}\p{N}]$/u.test(key)) return null;
  const starts = ({ title }: Pick<TreeItem, "title">) => title.toLowerCase().startsWith(key.toLowerCase());
  const next = items.findIndex((item, index) => index > at && starts(item));
  const found = next >= 0 ? next : items.findIndex(starts);
  return found >= 0 ? found : null;
};
