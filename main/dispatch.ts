import type { ErrorData, Reply } from "../preload/contract/errors.ts";
import {
  type CheckedInput,
  declarationOf,
  type HostRequestName,
  type MainRequestName,
  type Output,
  type Progress,
  type RequestName,
  requestNames,
} from "../preload/contract/index.ts";
import { describeIssues } from "../preload/contract/issues.ts";
import { toErrorData } from "./pkcs11/failure.ts";

export type MainHandler<N extends MainRequestName> = (
  input: CheckedInput<N>,
  context: { progress(value: Progress<N>): void },
) => Output<N> | Promise<Output<N>>;

/** One handler for every request that main carries out itself: a missing one does not compile. */
export type MainHandlers = { [N in MainRequestName]: MainHandler<N> };

/** The handlers of one domain of the contract. */
export type HandlersOf<D extends string> = Pick<MainHandlers, Extract<MainRequestName, `${D}.${string}`>>;

/** The handlers of a domain whose code is large: it is loaded with the first request, and not at every start. */
export const loadedLater = <D extends string>(domain: D, load: () => Promise<HandlersOf<D>>): HandlersOf<D> => {
  type Name = keyof HandlersOf<D>;
  let loaded: Promise<HandlersOf<D>> | undefined;
  const later =
    (name: Name) =>
    async (...given: unknown[]): Promise<unknown> => {
      loaded ??= load();
      const handler = (await loaded)[name] as unknown as (...given: unknown[]) => unknown;
      return handler(...given);
    };
  const names = requestNames.filter((name) => name.startsWith(`${domain}.`)) as Name[];
  return Object.fromEntries(names.map((name) => [name, later(name)])) as HandlersOf<D>;
};

/** Passes a checked request to the token host of the module that its input names. */
export type CallHost = (
  module: string,
  name: HostRequestName,
  input: unknown,
  limitSeconds: number,
  onProgress?: (value: unknown) => void,
) => Promise<Reply<unknown>>;

export type Dispatch = (name: string, input: unknown, onProgress?: (value: unknown) => void) => Promise<Reply<unknown>>;

/**
 * The one way into the app: window, command line and tests all come through here. Every request is checked against
 * the contract before anything else sees it; every failure goes back as error data.
 */
export const makeDispatch =
  (handlers: MainHandlers, callHost: CallHost): Dispatch =>
  async (name, input, onProgress) => {
    const declaration = declarationOf(name);
    if (!declaration) return refused(name, `There is no request called ${JSON.stringify(name).slice(0, 80)}.`);
    const checked = declaration.input.safeParse(input);
    if (!checked.success) return refused(name, describeIssues(checked.error.issues));
    if (declaration.runs === "host") {
      const { module } = checked.data as { module: string };
      return callHost(module, name as HostRequestName, checked.data, declaration.limitSeconds, onProgress);
    }
    try {
      const handler = handlers[name as MainRequestName] as unknown as (
        input: unknown,
        context: { progress(value: unknown): void },
      ) => unknown;
      return { ok: true, value: await handler(checked.data, { progress: (value) => onProgress?.(value) }) };
    } catch (thrown) {
      return { ok: false, error: toErrorData(thrown, name) };
    }
  };

/** Typed form of a dispatch, for callers inside main and for tests. */
export const call = <N extends RequestName>(dispatch: Dispatch, name: N, input: unknown) =>
  dispatch(name, input) as Promise<Reply<Output<N>>>;

const refused = (where: string, message: string): { ok: false; error: ErrorData } => ({
  ok: false,
  error: {
    code: "INVALID_REQUEST",
    where: where.slice(0, 80),
    message,
    remedy: "`npx tokenglass describe` prints every request with the shape of its input.",
  },
});
