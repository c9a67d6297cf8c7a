import { join } from "node:path";
import type { EventData, EventName } from "../preload/contract/index.ts";
import { authorityHandlers } from "./authority/handlers.ts";
import { Registers } from "./authority/registers.ts";
import { commandHandlers } from "./commands/handlers.ts";
import { type Dispatch, loadedLater, type MainHandlers, makeDispatch } from "./dispatch.ts";
import { expiryHandlers } from "./expiry/handlers.ts";
import { fileHandlers } from "./files/handlers.ts";
import type { ForkHost } from "./host/process.ts";
import { moduleHandlers } from "./modules/handlers.ts";
import { Modules } from "./modules/modules.ts";
import { traceWorkerEntry } from "./places.ts";
import { recordingHandlers } from "./recording/handlers.ts";
import { Recording } from "./recording/recording.ts";
import { appHandlers } from "./settings/handlers.ts";
import { SettingsFile } from "./settings/settings-file.ts";
import type { Traces } from "./trace/traces.ts";

export interface AppOptions {
  /** Folder for settings, kept modules and the embedded token. Made if it is not there. */
  dataFolder: string;
  shell: "electron" | "browser" | "terminal";
  /** How token hosts are forked; differs between Node and Electron. */
  fork: ForkHost;
  version: string;
  /** Spy library for recording calls, if not the one that was built; tests of damaged ones use it. */
  spy?: string | undefined;
  /** Shorter patience with token hosts than the contract's, in seconds; tests of hanging modules use it. */
  patience?: { startSeconds?: number; callSeconds?: number };
}

export interface App {
  dispatch: Dispatch;
  /** @returns a function that ends the subscription. */
  onEvent(listener: (name: EventName, data: unknown) => void): () => void;
  /** Starts the token hosts of all kept modules that may be loaded; resolves when each is ready or has failed. */
  startModules(): Promise<void>;
  /** Logs out everywhere and ends every token host. */
  close(): Promise<void>;
}

/** The composition root: puts the app together, without a window. Both shells, the command line and the tests use it. */
export const openApp = async (options: AppOptions): Promise<App> => {
  const listeners = new Set<(name: EventName, data: unknown) => void>();
  const emit = <E extends EventName>(name: E, data: EventData<E>) => {
    for (const listener of listeners) listener(name, data);
  };

  const settings = await SettingsFile.open(join(options.dataFolder, "settings.json"));
  const recording = await Recording.open({
    dataFolder: options.dataFolder,
    emit,
    modules: () => modules.rows(),
    spy: options.spy,
  });
  const modules = await Modules.open({
    recorder: recording,
    dataFolder: options.dataFolder,
    fork: options.fork,
    timing: () => settings.value,
    emit,
    startSeconds: options.patience?.startSeconds,
  });

  let traces: Traces | undefined;
  const traceHandlers = async () => {
    const [{ Traces }, { traceHandlers }] = await Promise.all([
      import("./trace/traces.ts"),
      import("./trace/handlers.ts"),
    ]);
    traces = new Traces({ emit, workerEntry: traceWorkerEntry(), recordings: recording.folder });
    return traceHandlers(traces);
  };

  const handlers: MainHandlers = {
    ...appHandlers({
      ...options,
      settings,
      onChange: (value) => {
        modules.setTiming(value);
        emit("app.settingsChanged", value);
      },
    }),
    ...authorityHandlers(modules, new Registers(join(options.dataFolder, "authorities")), emit),
    ...expiryHandlers(modules, settings, (value) => emit("app.settingsChanged", value)),
    ...moduleHandlers(modules),
    ...fileHandlers(settings),
    ...commandHandlers(modules),
    ...recordingHandlers(recording, modules),
    ...loadedLater("trace", traceHandlers),
    ...loadedLater("truststores", async () => (await import("./truststores/handlers.ts")).truststoreHandlers(modules)),
    ...loadedLater("x509", async () => (await import("./x509/view/handlers.ts")).x509Handlers()),
  };

  return {
    dispatch: makeDispatch(handlers, (module, name, input, limitSeconds, onProgress) =>
      modules.call(
        module,
        name,
        input,
        Math.min(limitSeconds, options.patience?.callSeconds ?? limitSeconds),
        onProgress,
      ),
    ),
    onEvent: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    startModules: async () => {
      await recording.begin();
      await modules.startAll();
    },
    close: async () => {
      await Promise.all([modules.close(), recording.close(), traces?.closeAll()]);
    },
  };
};
