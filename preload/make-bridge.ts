import { type Arrival, type Ask, type Bridge, type BridgeMessage, usableEvent } from "./contract/bridge.ts";
import type { Reply } from "./contract/errors.ts";

/** The parts of the window's own world that are needed; the preload sees no DOM types, as the contract does. */
interface Scope {
  addEventListener(type: string, listener: () => void): void;
  setTimeout(act: () => void, milliseconds: number): number;
  clearTimeout(timer: number): void;
}

/**
 * Makes the window's bridge out of a one-way channel to the app.
 * @param send takes an Ask as JSON.
 * @returns the bridge, and what takes the batches that come from the app.
 */
export const makeBridge = (send: (payload: string) => void): { bridge: Bridge; receive(batch: string): void } => {
  const waiting = new Map<number, (reply: Reply<unknown>) => void>();
  const listeners = new Set<(message: BridgeMessage) => void>();
  let nextReply = 1;
  const ask = (message: Ask): void => send(JSON.stringify(message));

  const take = (arrival: Arrival): void => {
    if (arrival.kind === "reply") {
      waiting.get(arrival.reply)?.(arrival.value);
      waiting.delete(arrival.reply);
    } else for (const listener of listeners) listener(arrival);
  };

  const scope = globalThis as unknown as Scope;
  scope.addEventListener(usableEvent, () => ask({ kind: "usable" }));
  let settled = 0;
  scope.addEventListener("resize", () => {
    scope.clearTimeout(settled);
    settled = scope.setTimeout(() => ask({ kind: "resized" }), 400);
  });

  return {
    bridge: {
      call: (id, name, input) =>
        new Promise((resolve) => {
          const reply = nextReply++;
          waiting.set(reply, resolve);
          ask({ kind: "call", reply, id, name, input });
        }),
      onMessage: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    receive: (batch) => {
      for (const arrival of JSON.parse(batch) as Arrival[]) take(arrival);
    },
  };
};
