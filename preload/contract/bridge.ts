import type { ErrorData, Reply } from "./errors.ts";
import type { EventName, RequestName } from "./index.ts";

/** What the window gets from its shell: one call and one stream of messages. Nothing else crosses. */
export interface Bridge {
  /** `id` is the caller's own number for the request; progress carries it. */
  call(id: number, name: RequestName, input: unknown): Promise<Reply<unknown>>;
  /** @returns a function that ends the subscription. */
  onMessage(listener: (message: BridgeMessage) => void): () => void;
}

export type BridgeMessage =
  | { kind: "event"; name: EventName; data: unknown }
  | { kind: "progress"; id: number; value: unknown };

export type { ErrorData, Reply };

/** Name under which the window finds the bridge. */
export const bridgeName = "tokenglass";

/**
 * Between the browser shell and its preload script: the binding by which requests leave the page, and the function
 * that takes batches of arrivals.
 */
export const bindingName = "tokenglassAsk";
export const receiverName = "tokenglassReceive";

/** The two channels of the Electron shell: requests out of the page, batches of arrivals into it. */
export const askChannel = "tokenglass-ask";
export const arriveChannel = "tokenglass-arrive";

/** What leaves the page, as JSON. `reply` is the preload's own number, `id` the caller's. */
export type Ask =
  | { kind: "call"; reply: number; id: number; name: string; input: unknown }
  | { kind: "usable" }
  /** The window has another size. */
  | { kind: "resized" };

/** What comes into the page, in batches: a JSON array. */
export type Arrival = { kind: "reply"; reply: number; value: Reply<unknown> } | BridgeMessage;

/** The page dispatches an event of this name on itself when it shows the modules and can be worked with. */
export const usableEvent = "tokenglass-usable";
