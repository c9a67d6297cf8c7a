import { constants } from "node:os";
import type { ForkHost } from "../host/process.ts";

/** The parts of Electron's utilityProcess that are needed. */
interface UtilityProcess {
  readonly pid: number | undefined;
  postMessage(message: unknown): void;
  on(event: "message", listener: (message: unknown) => void): unknown;
  once(event: "exit", listener: (code: number) => void): unknown;
  kill(): boolean;
}

export interface UtilityProcesses {
  fork(
    entry: string,
    words: string[],
    options: {
      env: Record<string, string>;
      stdio: "ignore";
      execArgv: string[];
      serviceName: string;
      allowLoadingUnsignedLibraries: boolean;
    },
  ): UtilityProcess;
}

/**
 * Forks token hosts as Electron utility processes. On macOS only they run in the helper whose entitlement lets it load
 * libraries of other vendors (allowLoadingUnsignedLibraries); window and main process keep library validation.
 */
export const forkWithElectron =
  (processes: UtilityProcesses, entry: string): ForkHost =>
  (environment) => {
    const { NODE_OPTIONS: _dropped, ...inherited } = process.env as Record<string, string>;
    const child = processes.fork(entry, [], {
      env: { ...inherited, ...environment },
      stdio: "ignore",
      execArgv: [],
      serviceName: "Tokenglass token host",
      allowLoadingUnsignedLibraries: process.platform === "darwin",
    });
    return {
      get pid() {
        return child.pid;
      },
      send: (message) => child.postMessage(message),
      onMessage: (listener) => void child.on("message", (message) => listener(message as never)),
      onExit: (listener) => void child.once("exit", (code) => listener(exitOf(code))),
      kill: () => {
        // Electron's own kill() asks with SIGTERM; a hanging module may not heed it.
        if (child.pid === undefined || process.platform === "win32") child.kill();
        else process.kill(child.pid, "SIGKILL");
      },
    };
  };

/** Electron gives one number: an exit code, or 128 and the signal (as a shell does), or the bare signal with its core bit. */
export const exitOf = (code: number): { code: number | null; signal: string | null } => {
  const number = code > 128 && code < 192 ? code - 128 : 0;
  const signal = Object.entries(constants.signals).find(([, value]) => value === number)?.[0];
  return signal ? { code: null, signal } : { code, signal: null };
};
