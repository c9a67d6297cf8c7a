import {
  type Arrival,
  type Ask,
  type Bridge,
  type BridgeMessage,
  bindingName,
  bridgeName,
  receiverName,
  usableMark,
} from "./contract/bridge.ts";
import type { Reply } from "./contract/errors.ts";

/** Runs in the window before the page's own code: makes the bridge out of the binding that the browser shell adds. */
const scope = globalThis as unknown as Record<string, unknown> & {
  PerformanceObserver: new (
    found: (list: { getEntriesByName(name: string): unknown[] }) => void,
  ) => { observe(what: { type: "mark"; buffered: boolean }): void };
};
const binding = scope[bindingName] as ((payload: string) => void) | undefined;
delete scope[bindingName];

const waiting = new Map<number, (reply: Reply<unknown>) => void>();
const listeners = new Set<(message: BridgeMessage) => void>();
let nextReply = 1;

const ask = (message: Ask): void => binding?.(JSON.stringify(message));

const take = (arrival: Arrival): void => {
  if (arrival.kind === "reply") {
    waiting.get(arrival.reply)?.(arrival.value);
    waiting.delete(arrival.reply);
  } else for (const listener of listeners) listener(arrival);
};

const bridge: Bridge = {
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
};

Object.defineProperty(scope, receiverName, {
  value: (batch: string) => (JSON.parse(batch) as Arrival[]).forEach(take),
});
Object.defineProperty(scope, bridgeName, { value: Object.freeze(bridge) });

new scope.PerformanceObserver((list) => {
  if (list.getEntriesByName(usableMark).length > 0) ask({ kind: "usable" });
}).observe({ type: "mark", buffered: true });
