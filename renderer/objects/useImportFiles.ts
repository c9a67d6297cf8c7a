import { useEffect, useRef, useState } from "react";
import type { Output } from "../../preload/contract/index.ts";
import type { TokenRow } from "../../preload/contract/tokens.ts";
import { call, errorOf } from "../client/call.ts";
import { base64OfFile, base64OfText } from "./bytes.ts";
import { freshFile, type ImportFile, looked, planOf, stateAfter } from "./import-files.ts";
import { type Chosen, itemsOf } from "./importing.ts";
import type { Address } from "./tasks.ts";

/** The files of an import dialog, and what can be done with them. None leaves the list unless the user removes it. */
export const useImportFiles = (address: Address, login: TokenRow["login"], initial: File[]) => {
  const list = useFileList();
  const { latest, put, patch } = list;
  const next = useRef(0);

  const open = async (key: string, password: string): Promise<void> => {
    const file = latest(key);
    if (!file) return;
    patch(key, { state: "opening", error: null });
    try {
      const input = { ...address, fileName: file.fileName, content: file.content, keepOpen: password !== "" };
      const reply = await call("objects.importPreview", { ...input, ...(password ? { password } : {}) });
      const now = latest(key);
      if (now) patch(key, looked(now, reply));
      else close(address, reply.opened);
    } catch (thrown) {
      const error = errorOf(thrown);
      patch(key, { state: stateAfter(error), error, opened: null });
    }
  };
  const addContent = (fileName: string, content: string) => {
    const key = `${fileName} ${next.current++}`;
    put(freshFile(key, fileName, content));
    void open(key, "");
  };
  const addFiles = async (files: File[]) => {
    for (const file of files) addContent(file.name, await base64OfFile(file));
  };

  /** A login shows more of the token: matching keys, and what is there already. */
  const lookAgain = async (file: ImportFile): Promise<void> => {
    const input = { ...address, fileName: file.fileName, keepOpen: file.opened !== null };
    const at = file.opened ? { opened: file.opened } : { content: file.content };
    const reply = await call("objects.importPreview", { ...input, ...at }).catch(() => null);
    const now = latest(file.key);
    if (reply && now?.state === "open") patch(file.key, looked(now, reply));
  };
  const seen = useRef(login);
  useEffect(() => {
    if (seen.current === login) return;
    seen.current = login;
    for (const file of list.all()) if (file.state === "open") void lookAgain(file);
  });

  const start = useRef(() => void addFiles(initial));
  useEffect(() => start.current(), []);
  const end = useRef(() => {
    for (const file of list.all()) close(address, file.opened);
  });
  useEffect(() => () => end.current(), []);

  return {
    files: list.files,
    addFiles: (files: File[]) => void addFiles(files),
    addText: (text: string) => addContent("pasted.pem", base64OfText(text)),
    open: (key: string, password: string) => void open(key, password),
    change: (key: string, chosen: Chosen) => {
      const file = latest(key);
      if (file) patch(key, { chosen: { ...file.chosen, [chosen.item.index]: chosen } });
    },
    remove: (key: string) => {
      close(address, latest(key)?.opened ?? null);
      list.drop(key);
    },
    /** Writes what is chosen, file by file. A file that is refused stays, with the reason; the others go on. */
    write: async (allowDuplicate: boolean, onStep: (words: string) => void): Promise<Written> => {
      const written: Output<"objects.import">["written"] = [];
      for (const { key } of planOf(list.all()).ready) {
        const file = latest(key);
        if (file) written.push(...(await writeFile(address, file, allowDuplicate, patch, onStep)));
      }
      return { written, complete: list.all().every(({ state, error }) => state !== "locked" && error === null) };
    },
  };
};

export interface Written {
  /** Objects of this run. */
  written: Output<"objects.import">["written"];
  /** Whether nothing was refused. */
  complete: boolean;
}

const close = ({ module }: Address, opened: string | null): void => {
  // A host that has ended keeps no file open: there is nothing to be told.
  if (opened !== null) call("objects.importClose", { module, opened }).catch(() => {});
};

/** The list as it is right now, also between two drawings of the window. */
const useFileList = () => {
  const [files, setFiles] = useState<ImportFile[]>([]);
  const now = useRef<ImportFile[]>([]);
  const set = (change: (old: ImportFile[]) => ImportFile[]) => {
    now.current = change(now.current);
    setFiles(now.current);
  };
  return {
    files,
    all: () => now.current,
    latest: (key: string) => now.current.find((file) => file.key === key),
    put: (file: ImportFile) => set((old) => [...old, file]),
    patch: (key: string, some: Partial<ImportFile>) =>
      set((old) => old.map((file) => (file.key === key ? { ...file, ...some } : file))),
    drop: (key: string) => set((old) => old.filter((file) => file.key !== key)),
  };
};

/** Writes one file. @returns what was written; nothing if it was refused */
const writeFile = async (
  address: Address,
  file: ImportFile,
  allowDuplicate: boolean,
  patch: (key: string, some: Partial<ImportFile>) => void,
  onStep: (words: string) => void,
): Promise<Output<"objects.import">["written"]> => {
  const { key, fileName } = file;
  const input = { ...address, fileName, ...(file.opened ? { opened: file.opened } : { content: file.content }) };
  patch(key, { error: null });
  try {
    const { written } = await call(
      "objects.import",
      { ...input, items: itemsOf(file.chosen), allowDuplicate },
      ({ done, of }) => onStep(`${fileName}: ${done} of ${of}`),
    );
    patch(key, { state: "written", opened: null, handles: written.map(({ object }) => object.handle) });
    close(address, file.opened);
    return written;
  } catch (thrown) {
    const error = errorOf(thrown);
    patch(key, { error, ...(stateAfter(error) === "locked" ? { state: "locked", opened: null } : {}) });
    // Some of it may be on the token now: that is not to be written again.
    const again = await call("objects.importPreview", { ...input, keepOpen: file.opened !== null }).catch(() => null);
    if (again) patch(key, looked(file, again));
    return [];
  }
};
