import { useEffect } from "react";
import { call } from "../client/call.ts";
import { knownToken } from "../tokens/known-token.ts";
import { type Place, useNavigation } from "./place.tsx";

/** What the user does with a hand on the keys or the mouse, also in dialogs and menus. */
const deeds = ["keydown", "pointerdown", "wheel"] as const;
/** A token is told at most this often; much less than the shortest idle time, one minute. */
const pauseMilliseconds = 5000;

/**
 * Keys and buttons pressed while a token is on screen put off its logout on idle time, as requests do: who fills in a
 * long form is not idle. Tokens that are not on screen are left to their idle time.
 */
export const useActivity = (): void => {
  const { place } = useNavigation();
  useEffect(() => {
    let last = Number.NEGATIVE_INFINITY;
    const onDeed = () => {
      const now = performance.now();
      if (now - last < pauseMilliseconds || place.kind !== "token" || !hasLogin(place)) return;
      last = now;
      // A token that left, or a module that stopped, says so where it matters.
      call("tokens.used", { module: place.module, token: place.token }).catch(() => {});
    };
    for (const deed of deeds) document.addEventListener(deed, onDeed, { capture: true, passive: true });
    return () => {
      for (const deed of deeds) document.removeEventListener(deed, onDeed, { capture: true });
    };
  }, [place]);
};

const hasLogin = ({ module, token: ref }: Extract<Place, { kind: "token" }>): boolean => {
  const token = knownToken(module, ref);
  return token !== null && token.login !== "none";
};
