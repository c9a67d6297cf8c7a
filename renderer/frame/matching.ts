import type { Action } from "./actions.tsx";

/**
 * What the palette lists: actions whose group and title contain every typed word. What cannot be done now stands
 * below the rest, and only if the reason can be told.
 */
export const matching = (actions: readonly Action[], text: string): Action[] => {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = actions.filter(({ title, group, unlisted, disabled, why }) => {
    const haystack = `${group} ${title}`.toLowerCase();
    return !unlisted && (!disabled || why) && words.every((word) => haystack.includes(word));
  });
  return [...found.filter(({ disabled }) => !disabled), ...found.filter(({ disabled }) => disabled)];
};
