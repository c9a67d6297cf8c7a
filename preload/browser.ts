import { type Bridge, type BridgeMessage, bridgeName } from "./contract/bridge.ts";

/** Runs in the window before the page's own code: makes the bridge out of the binding that the browser shell exposes. */
interface Exposed {
  tokenglassSend(id: number, name: string, input: unknown): Promise<string>;
  tokenglassReceive(text: string): void;
}

const exposed = globalThis as unknown as Exposed;
const send = exposed.tokenglassSend;
const listeners = new Set<(message: BridgeMessage) => void>();

Object.defineProperty(globalThis, "tokenglassReceive", {
  value: (text: string) => {
    const message = JSON.parse(text) as BridgeMessage;
    for (const listener of listeners) listener(message);
  },
});

const bridge: Bridge = {
  call: async (id, name, input) => JSON.parse(await send(id, name, input)),
  onMessage: (listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

Object.defineProperty(globalThis, bridgeName, { value: Object.freeze(bridge) });
