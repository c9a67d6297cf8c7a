import { useSyncExternalStore } from "react";
import type { ErrorData } from "../../../preload/contract/errors.ts";
import type { Output } from "../../../preload/contract/index.ts";
import type { StoreEntry, StoreSource } from "../../../preload/contract/truststores.ts";
import { asksPassword } from "../../client/asks-password.ts";
import { call, errorOf } from "../../client/call.ts";
import { base64OfFile, base64OfText } from "../../objects/bytes.ts";

/**
 * What was gathered for trust stores. It outlives the screen: certificates are added from tokens, one after the other.
 * Public material only; a file is forgotten once its certificates are out.
 */
export interface Basket {
  entries: readonly StoreEntry[];
  /** Issuers that complete the chains, offered. */
  completion: readonly StoreEntry[];
  missingIssuers: readonly string[];
  refused: Output<"truststores.collect">["refused"];
  warnings: readonly string[];
  error: ErrorData | null;
  /** A file that waits for its password. */
  locked: { fileName: string; content: string } | null;
  busy: boolean;
}

const nothing: Basket = {
  entries: [],
  completion: [],
  missingIssuers: [],
  refused: [],
  warnings: [],
  error: null,
  locked: null,
  busy: false,
};

let basket = nothing;
const listeners = new Set<() => void>();

const change = (next: Partial<Basket>): void => {
  basket = { ...basket, ...next };
  for (const listener of listeners) listener();
};

export const useBasket = (): Basket =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => basket,
  );

export const emptyBasket = (): void => change(nothing);

const merged = (old: readonly StoreEntry[], more: readonly StoreEntry[]): StoreEntry[] => {
  const seen = new Set(old.map(({ sha256 }) => sha256));
  return [...old, ...more.filter(({ sha256 }) => !seen.has(sha256))];
};

/** Adds what sources hold. What is refused or fails is said on screen; what was gathered before stays. */
export const addSources = async (sources: StoreSource[]): Promise<void> => {
  change({ busy: true, error: null, locked: null });
  try {
    const found = await call("truststores.collect", { sources });
    const entries = merged(basket.entries, found.entries);
    const have = new Set(entries.map(({ sha256 }) => sha256));
    change({
      ...found,
      entries,
      completion: merged(basket.completion, found.completion).filter(({ sha256 }) => !have.has(sha256)),
    });
  } catch (thrown) {
    const error = errorOf(thrown);
    const [only] = sources;
    const locked =
      asksPassword(error) && only?.kind === "file" ? { fileName: only.fileName, content: only.content } : null;
    change({ error: locked && error.code === "PASSWORD_NEEDED" ? null : error, locked });
  } finally {
    change({ busy: false });
  }
};

/** Each by itself, so that one that needs a password keeps none of the others out. */
export const addFiles = async (files: readonly File[]): Promise<void> => {
  for (const file of files) {
    await addSources([{ kind: "file", fileName: file.name, content: await base64OfFile(file) }]);
    if (basket.locked) return;
  }
};

export const addText = (text: string): Promise<void> =>
  addSources([{ kind: "file", fileName: "Pasted text", content: base64OfText(text) }]);

/** The password is sent once and kept nowhere. */
export const unlock = async (password: string): Promise<void> => {
  if (basket.locked) await addSources([{ kind: "file", ...basket.locked, password }]);
};

export const addCompletion = (): void =>
  change({ entries: merged(basket.entries, basket.completion), completion: [], missingIssuers: [] });

export const removeEntry = (sha256: string): void =>
  change({ entries: basket.entries.filter((entry) => entry.sha256 !== sha256) });

export const renameEntry = (sha256: string, alias: string): void =>
  change({ entries: basket.entries.map((entry) => (entry.sha256 === sha256 ? { ...entry, alias } : entry)) });
