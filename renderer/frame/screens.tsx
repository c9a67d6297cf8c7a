import { type ComponentType, lazy, useState } from "react";

/**
 * The screens, apart from the window's first code: the window is there sooner when it does not carry all of them.
 * `loadScreens` fetches them once the window can be worked with, so that nobody waits for one.
 */
const loaders: (() => Promise<unknown>)[] = [];

/** A screen that is loaded already is shown at once, in the same turn: what is typed right after Ctrl+K is not lost. */
const screen = <P extends object>(load: () => Promise<ComponentType<P>>) => {
  let loaded: ComponentType<P> | null = null;
  const fetched = async () => {
    loaded ??= await load();
    return loaded;
  };
  loaders.push(fetched);
  const Later = lazy(async () => ({ default: await fetched() }));
  return (props: P) => {
    // Chosen once: a change of the component would throw its state away.
    const [Screen] = useState<ComponentType<P>>(() => loaded ?? (Later as unknown as ComponentType<P>));
    return <Screen {...props} />;
  };
};

export const TokenScreen = screen(async () => (await import("../tokens/TokenScreen.tsx")).TokenScreen);
export const CommandPalette = screen(async () => (await import("./CommandPalette.tsx")).CommandPalette);
export const ModuleScreen = screen(async () => (await import("../modules/ModuleScreen.tsx")).ModuleScreen);
export const SlotScreen = screen(async () => (await import("../tokens/SlotScreen.tsx")).SlotScreen);
export const FinderScreen = screen(async () => (await import("../modules/FinderScreen.tsx")).FinderScreen);
export const SettingsScreen = screen(async () => (await import("../settings/SettingsScreen.tsx")).SettingsScreen);

export const CertificatesScreen = screen(
  async () => (await import("../certificates/CertificatesScreen.tsx")).CertificatesScreen,
);
export const TraceScreen = screen(async () => (await import("../trace/TraceScreen.tsx")).TraceScreen);

export const loadScreens = async (): Promise<void> => {
  for (const load of loaders) await load();
};
