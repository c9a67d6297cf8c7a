import { fork } from "node:child_process";
import type { FromHost, ToHost } from "./protocol.ts";

/** A token host as its parent sees it, whichever way it was forked. */
export interface HostProcess {
  readonly pid: number | undefined;
  send(message: ToHost): void;
  onMessage(listener: (message: FromHost) => void): void;
  /** Called once. `signal` is a name such as SIGSEGV, where the platform tells. */
  onExit(listener: (exit: { code: number | null; signal: string | null }) => void): void;
  kill(): void;
}

export type ForkHost = (environment: Record<string, string>) => HostProcess;

/**
 * Forks token hosts with Node's child_process.fork. Their output is thrown away: a module may print anything,
 * a PIN included, and nobody asked for it.
 */
export const forkWithNode =
  (entry: string): ForkHost =>
  (environment) => {
    const { NODE_OPTIONS: _dropped, ...inherited } = process.env;
    const child = fork(entry, [String(process.pid)], {
      env: { ...inherited, ...environment },
      execArgv: [],
      serialization: "advanced",
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    // A host that is gone cannot take messages; its exit event says the rest. One that could not be forked at all
    // (no memory, no process left) has no exit event.
    const notForked = new Promise<void>((resolve) =>
      child.on("error", () => (child.pid === undefined ? resolve() : void child.kill("SIGKILL"))),
    );
    return {
      pid: child.pid,
      send: (message) => {
        if (child.connected) child.send(message);
      },
      onMessage: (listener) => void child.on("message", (message) => listener(message as FromHost)),
      onExit: (listener) => {
        child.once("exit", (code, signal) => listener({ code, signal }));
        void notForked.then(() => listener({ code: null, signal: null }));
      },
      kill: () => void child.kill("SIGKILL"),
    };
  };
