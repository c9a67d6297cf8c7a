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
