import { type Bridge, bridgeName } from "../../preload/contract/bridge.ts";
import type { ErrorData } from "../../preload/contract/errors.ts";
import type { EventData, EventName, Input, Output, Progress, RequestName } from "../../preload/contract/index.ts";

const bridge = (globalThis as unknown as Record<typeof bridgeName, Bridge>)[bridgeName];

/** A reply that is an error, thrown so that queries and forms see it. */
export class RequestError extends Error {
  readonly data: ErrorData;

  constructor(data: ErrorData) {
    super(data.message);
    this.name = "RequestError";
    this.data = data;
  }
}

/** @returns error data for whatever was thrown, for showing. */
export const errorOf = (thrown: unknown): ErrorData =>
  thrown instanceof RequestError
    ? thrown.data
    : {
        code: "INTERNAL",
        where: "window",
        message: thrown instanceof Error ? thrown.message : String(thrown),
        remedy: "This is a fault of Tokenglass. Please report it with the text above.",
      };

let nextId = 1;
const progressOf = new Map<number, (value: unknown) => void>();
const eventListeners = new Map<EventName, Set<(data: unknown) => void>>();

bridge.onMessage((message) => {
  if (message.kind === "progress") progressOf.get(message.id)?.(message.value);
  else for (const listener of eventListeners.get(message.name) ?? []) listener(message.data);
});

/**
 * Asks main for something of the contract.
 * @throws RequestError with the reply's error data
 */
export const call = async <N extends RequestName>(
  name: N,
  input: Input<N>,
  onProgress?: (value: Progress<N>) => void,
): Promise<Output<N>> => {
  const id = nextId++;
  if (onProgress) progressOf.set(id, onProgress as (value: unknown) => void);
  try {
    const reply = await bridge.call(id, name, input);
    if (!reply.ok) throw new RequestError(reply.error);
    return reply.value as Output<N>;
  } finally {
    progressOf.delete(id);
  }
};

/** @returns a function that ends the subscription. */
export const onEvent = <N extends EventName>(name: N, listener: (data: EventData<N>) => void): (() => void) => {
  const listeners = eventListeners.get(name) ?? new Set();
  eventListeners.set(name, listeners);
  listeners.add(listener as (data: unknown) => void);
  return () => listeners.delete(listener as (data: unknown) => void);
};
