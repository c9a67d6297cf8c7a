import { useSyncExternalStore } from "react";
import type { ErrorData } from "../../preload/contract/errors.ts";
import type { Output } from "../../preload/contract/index.ts";
import type { KeySpec } from "../../preload/contract/keys.ts";
import type { TokenRef } from "../../preload/contract/shared.ts";
import { call, errorOf } from "../client/call.ts";
import { sameToken } from "../frame/place.tsx";
import { durationWords, keyWords } from "../objects/words.ts";
import { toast } from "../ui/toasts.tsx";

/**
 * Key generations under way. They belong to the window, not to the dialog that started them, since a token can take
 * minutes: the dialog may be closed and opened again meanwhile.
 */
export interface Generation {
  id: number;
  module: string;
  token: TokenRef;
  spec: KeySpec;
  /** `performance.now()`. */
  startedAt: number;
  /** What the token host says it is doing. */
  step: string;
  result: Output<"keys.generate"> | null;
  error: ErrorData | null;
}

let generations: Generation[] = [];
let nextId = 1;
/** Those that a dialog shows; the others tell their end with a toast. */
const watched = new Set<number>();
const listeners = new Set<() => void>();

const change = (next: Generation[]): void => {
  generations = next;
  for (const listener of listeners) listener();
};

const update = (id: number, some: Partial<Generation>): void =>
  change(generations.map((one) => (one.id === id ? { ...one, ...some } : one)));

const remove = (id: number): void => change(generations.filter((one) => one.id !== id));

/** Those of a token that have not been shown to their end. */
export const useGenerations = (module: string, token: TokenRef): Generation[] =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => generations,
  ).filter((one) => one.module === module && sameToken(one.token, token));

/** @returns its id */
export const startGeneration = (module: string, token: TokenRef, spec: KeySpec): number => {
  const id = nextId++;
  const fresh = {
    id,
    module,
    token,
    spec,
    startedAt: performance.now(),
    step: "generating",
    result: null,
    error: null,
  };
  change([...generations, fresh]);
  call("keys.generate", { module, token, spec }, ({ step }) => update(id, { step })).then(
    (result) => ended(id, { result }),
    (thrown) => ended(id, { error: errorOf(thrown) }),
  );
  return id;
};

const ended = (id: number, end: Partial<Generation>): void => {
  update(id, end);
  if (!watched.has(id)) tell(id);
};

/** A dialog shows it. @returns the end of showing. What ended meanwhile is told, unless {@link dismiss} came first. */
export const watch = (id: number): (() => void) => {
  watched.add(id);
  return () => {
    watched.delete(id);
    const one = generations.find((generation) => generation.id === id);
    if (one?.result || one?.error) tell(id);
  };
};

/** Its end has been read: nothing more is said of it. */
export const dismiss = (id: number): void => remove(id);

const tell = (id: number): void => {
  const one = generations.find((generation) => generation.id === id);
  remove(id);
  if (one?.result) {
    const { key, test, testNote, milliseconds } = one.result;
    const how = test ? "test signature verified" : testNote;
    toast({
      title: `Key "${key.label}" generated`,
      text: `${keyWords(key)}, ${durationWords(milliseconds)}, ${how}`,
      look: test && !test.verified ? "danger" : "good",
    });
  } else if (one?.error)
    toast({
      title: `Key "${one.spec.label}" not generated`,
      text: `${one.error.message} ${one.error.rv ?? ""} ${one.error.remedy}`,
      look: "danger",
    });
};
