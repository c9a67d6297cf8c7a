import type { EventData, EventName } from "../../preload/contract/index.ts";
import type { HostTiming } from "../host/protocol.ts";
import type { Library } from "../pkcs11/library.ts";

type Emit = <E extends EventName>(name: E, data: EventData<E>) => void;

/** Looks for inserted and removed tokens between requests, and ends logins that are idle. */
export class Watch {
  constructor(_library: Library, _module: string, _timing: HostTiming, _emit: Emit) {}
  start(): void {}
  stop(): void {}
  setTiming(_timing: HostTiming): void {}
  /** Told that a request starts. @returns a function to be called when it has ended. */
  busy(_input: unknown): () => void {
    return () => {};
  }
}
