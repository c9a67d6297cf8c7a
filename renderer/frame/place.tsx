import { createContext, type ReactNode, useContext, useMemo, useState } from "react";
import type { TokenRef } from "../../preload/contract/shared.ts";
import type { CertificatesTab } from "../certificates/tabs.ts";

/** Where the user is. The only state of the window that is not the tokens' own. */
export type Place =
  | { kind: "welcome" }
  | { kind: "module"; module: string }
  | { kind: "token"; module: string; token: TokenRef }
  | { kind: "slot"; module: string; slot: number }
  | { kind: "trace" }
  | { kind: "certificates"; tab?: CertificatesTab }
  | { kind: "finder" }
  | { kind: "settings" };

interface Navigation {
  place: Place;
  /** Whether the user chose the place; the first one is found by the window. */
  chosen: boolean;
  /** The user goes there. */
  go(place: Place): void;
  /** The window opens there by itself. */
  begin(place: Place): void;
}

const NavigationContext = createContext<Navigation>({
  place: { kind: "welcome" },
  chosen: false,
  go: () => {},
  begin: () => {},
});

export const NavigationProvider = ({ children }: { children: ReactNode }) => {
  const [now, set] = useState<{ place: Place; chosen: boolean }>({ place: { kind: "welcome" }, chosen: false });
  const value = useMemo(
    () => ({
      ...now,
      go: (place: Place) => set({ place, chosen: true }),
      begin: (place: Place) => set({ place, chosen: false }),
    }),
    [now],
  );
  return <NavigationContext value={value}>{children}</NavigationContext>;
};

export const useNavigation = (): Navigation => useContext(NavigationContext);

/** Serial and label make a token; its slot may move. One that has neither yet is known by its slot. */
export const sameToken = (a: TokenRef, b: TokenRef): boolean =>
  a.serial === b.serial && a.label === b.label && (a.serial !== "" || a.label !== "" || a.slot === b.slot);
