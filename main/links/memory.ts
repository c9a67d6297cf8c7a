import type { FoundToken, Library } from "../pkcs11/library.ts";
import { showPadded } from "../pkcs11/text.ts";
import { Proofs } from "./proofs.ts";
import type { UndoRecord } from "./undo.ts";

/** What the token host remembers of a token for links, as long as it runs. Nothing of it is written anywhere. */
export interface LinkMemory {
  proofs: Proofs;
  /** Objects whose change the module has refused, by handle, with the CKR name. */
  refusals: Map<string, string>;
  undos: UndoRecord[];
}

const memories = new WeakMap<Library, Map<string, LinkMemory>>();

/** @returns the memory of a token, by serial number and label: the same in whatever slot it is. */
export const linkMemory = (library: Library, { info }: FoundToken): LinkMemory => {
  const ofModule = memories.get(library) ?? new Map<string, LinkMemory>();
  memories.set(library, ofModule);
  const name = JSON.stringify([showPadded(info.serialNumber), showPadded(info.label)]);
  const memory = ofModule.get(name) ?? { proofs: new Proofs(), refusals: new Map(), undos: [] };
  ofModule.set(name, memory);
  return memory;
};
