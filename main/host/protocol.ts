import type { ErrorData, Reply } from "../../preload/contract/errors.ts";
import type { EventName, HostRequestName } from "../../preload/contract/index.ts";
import type { ModuleRow } from "../../preload/contract/modules.ts";

/**
 * What parent and token host say to each other. The supervisor neither knows nor cares what a request means: it
 * hands on names and inputs that main has already checked against the contract.
 */

export interface HostSetup {
  path: string;
  /** What is loaded in its place: a spy that passes the calls on to it. */
  library?: string | undefined;
  /** LibraryParameters for C_Initialize, or null. */
  initString: string | null;
  /** Id of the module, which the host puts into the events it sends. */
  module: string;
  timing: HostTiming;
}

export interface HostTiming {
  idleLogoutMinutes: number;
  pollSeconds: number;
}

export type ModuleInfo = NonNullable<ModuleRow["info"]>;

export type ToHost =
  | { kind: "start"; setup: HostSetup }
  | { kind: "call"; id: number; name: HostRequestName; input: unknown }
  | { kind: "timing"; timing: HostTiming }
  | { kind: "stop" };

export type FromHost =
  | { kind: "ready"; info: ModuleInfo }
  | { kind: "failed"; error: ErrorData }
  /** A call's turn has come: until then its time does not count. */
  | { kind: "began"; id: number }
  | { kind: "reply"; id: number; reply: Reply<unknown> }
  | { kind: "progress"; id: number; value: unknown }
  | { kind: "event"; name: EventName; data: unknown }
  /** Sent before a PKCS#11 function is entered (once for a run of the same one), so that a crash or hang has a name. */
  | { kind: "entering"; function: string };
