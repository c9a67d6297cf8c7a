import { useSyncExternalStore } from "react";
import type { ErrorData } from "../../../preload/contract/errors.ts";
import type { Output } from "../../../preload/contract/index.ts";
import { asksPassword } from "../../client/asks-password.ts";
import { call, errorOf } from "../../client/call.ts";
import { base64OfFile, base64OfText } from "../../objects/bytes.ts";

/** What is open for viewing. It outlives the screen: whoever looks at a token meanwhile finds it again. */

export type ItemTab = "fields" | "names" | "tls" | "asn1";

export interface OpenedFile {
  key: string;
  fileName: string;
  state: "reading" | "locked" | "failed" | "open";
  /** Why it is not open. */
  error: ErrorData | null;
  view: Output<"x509.view"> | null;
  /** Its bytes (base64), as long as a password may still be needed; empty afterwards. */
  content: string;
}

interface State {
  files: readonly OpenedFile[];
  /** File and item in front. */
  front: { file: string; item: number } | null;
  tab: ItemTab;
}

let state: State = { files: [], front: null, tab: "fields" };
const listeners = new Set<() => void>();

const change = (next: Partial<State>): void => {
  state = { ...state, ...next };
  for (const listener of listeners) listener();
};

export const useOpened = (): State =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );

export const showItem = (file: string, item: number): void => change({ front: { file, item } });

export const showItemTab = (tab: ItemTab): void => change({ tab });

const patch = (key: string, next: Partial<OpenedFile>): void =>
  change({ files: state.files.map((one) => (one.key === key ? { ...one, ...next } : one)) });

export const closeFile = (key: string): void => {
  const files = state.files.filter((one) => one.key !== key);
  const last = files.at(-1);
  const front = state.front?.file === key ? (last ? { file: last.key, item: 0 } : null) : state.front;
  change({ files, front });
};

export const closeAll = (): void => change({ files: [], front: null });

let made = 0;

/** Opens bytes (base64) and brings them to the front. */
export const viewContent = async (fileName: string, content: string): Promise<void> => {
  const key = `file-${++made}`;
  const file: OpenedFile = { key, fileName, state: "reading", error: null, view: null, content };
  change({ files: [...state.files, file], front: { file: key, item: 0 } });
  await read(file, undefined);
};

export const viewText = (text: string): Promise<void> => viewContent("Pasted text", base64OfText(text));

/** Opens files, each by itself; the last one is in front. */
export const viewFiles = async (files: readonly File[]): Promise<void> => {
  for (const file of files) await viewContent(file.name, await base64OfFile(file));
};

/** Tries a password on a file; it is sent once and kept nowhere. */
export const unlock = async (key: string, password: string): Promise<void> => {
  const file = state.files.find((one) => one.key === key);
  if (file) await read(file, password);
};

const read = async ({ key, fileName, content }: OpenedFile, password: string | undefined): Promise<void> => {
  try {
    const view = await call("x509.view", { fileName, content, ...(password === undefined ? {} : { password }) });
    const locked = view.items.some(({ problems }) => problems.some(asksPassword));
    patch(key, { state: "open", error: null, view, content: locked ? content : "" });
  } catch (thrown) {
    const error = errorOf(thrown);
    const locked = asksPassword(error);
    patch(key, { state: locked ? "locked" : "failed", error, content: locked ? content : "" });
  }
};
