import { fileURLToPath } from "node:url";
import type { Handle } from "pkcs11js";
import { failure } from "./failure.ts";

/** native/pin-pad: what a token host needs beside pkcs11js. */
export interface AddOn {
  /** The calls that take a PIN, with none; each gives the call's return value. */
  login(path: string, session: Handle, userType: number): number;
  initPin(path: string, session: Handle, nothing: null): number;
  setPin(path: string, session: Handle, nothing: null): number;
  initToken(path: string, slot: Handle, label: Buffer): number;
  /** Opens a library, which runs its constructors. @returns false if it cannot be opened; the loader's text comes from pkcs11js. */
  openFirst(path: string): boolean;
  /** Ends this process some seconds after that parent is gone. @returns false where the system cannot tell that (Linux can). */
  endWithParent(pid: number): boolean;
}

let loaded: AddOn | null = null;

/** @throws Failure NOT_OFFERED if it was not built */
export const addOn = (): AddOn => {
  const found = addOnIfBuilt();
  if (found) return found;
  throw failure("NOT_OFFERED", {
    where: "dist/native/pin-pad.node",
    message: "The part of Tokenglass that lets a reader ask for the PIN is missing.",
    remedy: "`node build/native.mjs` builds it; it needs a C compiler. Windows has none of it yet.",
  });
};

/** Built by the set-up into dist/native; looked for from the bundle, from a chunk of it, and from the sources. */
export const addOnIfBuilt = (): AddOn | null => {
  for (const folder of ["../native/", "../../native/", "../../dist/native/"]) {
    if (loaded) break;
    const target = { exports: {} as AddOn };
    try {
      process.dlopen(target, fileURLToPath(new URL(`${folder}pin-pad.node`, import.meta.url)));
      loaded = target.exports;
    } catch {}
  }
  return loaded;
};
