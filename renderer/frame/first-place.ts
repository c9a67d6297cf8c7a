import type { Settings } from "../../preload/contract/app.ts";
import type { ModuleSlots } from "../tokens/useSlots.ts";
import { type Place, sameToken } from "./place.tsx";

/**
 * Where the window opens: with the token that was chosen last, if it is present; else with the first token of the
 * first module in the list that has one (the demo token's module stands first). It does not depend on which module
 * is up first: "wait" means that one that counts is still starting.
 * @returns null if no module has a token
 */
export const firstPlace = (modules: readonly ModuleSlots[], last: Settings["lastToken"]): Place | "wait" | null => {
  // Right after the start none has begun yet.
  if (modules.length > 0 && modules.every(({ module }) => module.state === "stopped")) return "wait";
  const chosen = last && modules.find(({ module }) => module.id === last.module);
  if (chosen && last) {
    if (undecided(chosen)) return "wait";
    const token = chosen.slots?.find((slot) => slot.token && sameToken(slot.token.ref, last.token))?.token;
    if (token) return { kind: "token", module: last.module, token: token.ref };
  }
  for (const one of modules) {
    if (undecided(one)) return "wait";
    const tokens = (one.slots ?? []).flatMap(({ token }) => token ?? []);
    const token = tokens.find(({ initialised }) => initialised) ?? tokens[0];
    if (token) return { kind: "token", module: one.module.id, token: token.ref };
  }
  return null;
};

const undecided = ({ module, slots, unreadable }: ModuleSlots): boolean =>
  module.state === "starting" || (module.state === "ready" && slots === null && !unreadable);
