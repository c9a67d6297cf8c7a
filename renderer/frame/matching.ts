import type { Action } from "./actions.tsx";

/** What is chosen and what is on screen first, then the ways elsewhere. A group that is not here stands before these. */
const lastGroups = ["View", "Go to", "Window"];

/**
 * What the palette lists: actions whose group and title contain every typed word, the nearest first. What cannot be
 * done now stands below the rest, and only if the reason can be told.
 */
export const matching = (actions: readonly Action[], text: string): Action[] => {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = actions.filter(({ title, group, unlisted, disabled, why }) => {
    const haystack = `${group} ${title}`.toLowerCase();
    return !unlisted && (!disabled || why) && words.every((word) => haystack.includes(word));
  });
  const rank = ({ group, disabled }: Action) => (disabled ? lastGroups.length : lastGroups.indexOf(group));
  return found.sort((a, b) => rank(a) - rank(b));
};
