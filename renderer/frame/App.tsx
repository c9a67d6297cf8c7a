import { Suspense, useEffect, useState } from "react";
import { usableEvent } from "../../preload/contract/bridge.ts";
import type { TokenRef } from "../../preload/contract/shared.ts";
import { call, onEvent } from "../client/call.ts";
import { useRequest } from "../client/queries.ts";
import { markOf, presentTokens } from "../tokens/apart.ts";
import { useSlots } from "../tokens/useSlots.ts";
import { tokenTitle } from "../tokens/words.ts";
import { dismiss, Toasts, toast } from "../ui/toasts.tsx";
import { useActions } from "./actions.tsx";
import { useActivity } from "./activity.ts";
import { useNavigation } from "./place.tsx";
import { Sidebar } from "./Sidebar.tsx";
import {
  CertificatesScreen,
  CommandPalette,
  FinderScreen,
  loadScreens,
  ModuleScreen,
  SettingsScreen,
  SlotScreen,
  TokenScreen,
  TraceScreen,
} from "./screens.tsx";
import { Welcome } from "./Welcome.tsx";

export const App = () => {
  const [palette, setPalette] = useState(false);
  useTheme();
  useNews();
  useUsableEvent();
  useActivity();
  useLastToken();
  useFrameActions(() => setPalette(true));
  return (
    <div className="frame">
      <Sidebar onPalette={() => setPalette(true)} />
      <main className="work">
        <Suspense>
          <Work />
        </Suspense>
      </main>
      <Suspense>{palette ? <CommandPalette onClose={() => setPalette(false)} /> : null}</Suspense>
      <Toasts />
    </div>
  );
};

const Work = () => {
  const { place } = useNavigation();
  switch (place.kind) {
    case "welcome":
      return <Welcome />;
    case "module":
      return <ModuleScreen key={place.module} module={place.module} />;
    case "token":
      return (
        <TokenScreen
          key={`${place.module} ${place.token.serial} ${place.token.label} ${place.token.serial ? "" : place.token.slot}`}
          module={place.module}
          token={place.token}
        />
      );
    case "slot":
      return <SlotScreen module={place.module} slot={place.slot} />;
    case "trace":
      return <TraceScreen />;
    case "certificates":
      return <CertificatesScreen tab={place.tab ?? "view"} />;
    case "finder":
      return <FinderScreen />;
    case "settings":
      return <SettingsScreen />;
  }
};

const useTheme = (): void => {
  const { data } = useRequest("app.settings", {});
  useEffect(() => {
    if (data && data.theme !== "system") document.documentElement.dataset.theme = data.theme;
    else delete document.documentElement.dataset.theme;
  }, [data]);
};

/** Tells the shell, once, that the modules are on the screen and the window can be worked with. */
const useUsableEvent = (): void => {
  const { data } = useRequest("modules.list", {});
  const listed = data !== undefined;
  useEffect(() => {
    if (!listed) return;
    window.dispatchEvent(new Event(usableEvent));
    void loadScreens();
  }, [listed]);
};

/** Remembers the token that the user chose, for the next start. */
const useLastToken = (): void => {
  const { place, chosen } = useNavigation();
  useEffect(() => {
    if (!chosen || place.kind !== "token") return;
    const lastToken = { module: place.module, token: place.token };
    // The next start is with another token then; nothing else depends on it.
    call("app.setSettings", { lastToken }).catch(() => {});
  }, [place, chosen]);
};

/** Says what happened without the user's doing. */
const useNews = (): void => {
  useEffect(
    () =>
      onEvent("tokens.loggedOut", ({ module, token, reason }) => {
        const why = {
          idle: "after the idle time",
          removed: "because the token left",
          "host ended": "because its module stopped",
        }[reason];
        const title = `Logged out of ${token.label || "the token"}`;
        const text = `${token.serial ? `Serial ${token.serial}: ` : ""}${why}.`;
        toast({ key: loggedOutKey(module, token), title, text, look: "warn" });
      }),
    [],
  );
  // It is no longer news once somebody has logged in again.
  useEffect(
    () =>
      onEvent("tokens.changed", ({ module, slots }) => {
        for (const { token } of slots) if (token && token.login !== "none") dismiss(loggedOutKey(module, token.ref));
      }),
    [],
  );
};

const loggedOutKey = (module: string, { serial, label }: TokenRef): string => `logged out ${module} ${serial} ${label}`;

const useFrameActions = (openPalette: () => void): void => {
  const { go } = useNavigation();
  const modules = useSlots() ?? [];
  const present = presentTokens(modules);
  useActions("frame", [
    { id: "palette", title: "Command palette", group: "Window", keys: "Ctrl+K", run: openPalette, unlisted: true },
    { id: "trace-screen", title: "Trace", group: "Go to", keys: "Ctrl+J", run: () => go({ kind: "trace" }) },
    {
      id: "certificates-screen",
      title: "Certificates",
      group: "Go to",
      keys: "Ctrl+D",
      run: () => go({ kind: "certificates" }),
    },
    { id: "finder", title: "Add a module", group: "Go to", keys: "Ctrl+M", run: () => go({ kind: "finder" }) },
    { id: "settings", title: "Settings", group: "Go to", keys: "Ctrl+,", run: () => go({ kind: "settings" }) },
    ...["system", "light", "dark"].map((theme) => ({
      id: `theme-${theme}`,
      title: `Theme: ${theme}`,
      group: "Window",
      run: () => void call("app.setSettings", { theme: theme as "system" | "light" | "dark" }),
    })),
    ...modules.map(({ module }) => ({
      id: `module-${module.id}`,
      title: `Module ${module.name}`,
      group: "Go to",
      run: () => go({ kind: "module", module: module.id }),
    })),
    ...present.map((one) => ({
      id: `token-${one.module} ${one.token.ref.slot} ${one.token.serial} ${one.token.label}`,
      title: [
        one.token.initialised ? `Token ${tokenTitle(one.token)}` : tokenTitle(one.token),
        markOf(one, present)?.short,
      ]
        .filter(Boolean)
        .join(", "),
      group: "Go to",
      run: () => go({ kind: "token", module: one.module, token: one.token.ref }),
    })),
  ]);
};
