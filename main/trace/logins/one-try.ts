import type { TraceCall } from "../../../preload/contract/trace.ts";
import type { BareEvent } from "./event.ts";
import { pinMessage } from "./functions.ts";

interface Try {
  /** The PKCS#11 call that the try is part of, and when it came back, ns. */
  call: { event: BareEvent; end: bigint } | null;
  /** A command with a PIN went to the card since OpenSC's PIN function was entered. */
  command: boolean;
}

/**
 * A log of OpenSC may tell one try three times: the PKCS#11 call, OpenSC's own PIN function inside it, and the command to
 * the card inside that. The outermost that has a result is the event; the card's counter is added to it.
 */
export class Tries {
  readonly #threads = new Map<string, Try>();

  /** To be asked for every record of the PIN functions, in order. @returns whether the event is one of its own. */
  isNew(call: TraceCall, event: BareEvent | null): boolean {
    const key = `${call.file} ${call.process} ${call.thread}`;
    const known = this.#threads.get(key) ?? { call: null, command: false };
    this.#threads.set(key, known);
    if (call.name === pinMessage && call.kind === "enter") known.command = false;
    if (event === null) return false;
    if (call.kind === "call") {
      const isTimed = call.time !== null && call.duration !== null && call.rv !== null;
      known.call = isTimed ? { event, end: BigInt(call.time ?? 0) + BigInt(Math.round(call.duration ?? 0)) } : null;
      return true;
    }
    const outer = known.call;
    if (outer && call.time !== null && BigInt(call.time) <= outer.end) {
      outer.event.triesLeft ??= event.triesLeft;
      return false;
    }
    if (call.kind === "apdu") known.command = true;
    else if (known.command) return false;
    return true;
  }
}
