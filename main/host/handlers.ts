import type {
  CheckedInput,
  EventData,
  EventName,
  HostRequestName,
  Output,
  Progress,
} from "../../preload/contract/index.ts";
import type { Library } from "../pkcs11/library.ts";

/** What a handler in the token host has at hand. */
export interface HostContext<N extends HostRequestName = HostRequestName> {
  /** The module, loaded and initialised. */
  library: Library;
  /** Id of the module in events. */
  module: string;
  progress(value: Progress<N>): void;
  emit<E extends EventName>(name: E, data: EventData<E>): void;
}

/** Carries out one request; throws a Failure (or lets a Pkcs11Error through) when it cannot. */
export type HostHandler<N extends HostRequestName> = (
  input: CheckedInput<N>,
  context: HostContext<N>,
) => Output<N> | Promise<Output<N>>;

/** One handler for every host request of the contract: a missing one does not compile. */
export type HostHandlers = { [N in HostRequestName]: HostHandler<N> };

/** The handlers of one domain, named as in the contract. */
export type DomainHandlers<D extends string> = {
  [N in HostRequestName as N extends `${D}.${infer R}` ? R : never]: HostHandler<N>;
};
