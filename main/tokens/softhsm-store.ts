import { readdirSync } from "node:fs";
import { homedir } from "node:os";
import { softHsmConfiguration } from "../pkcs11/softhsm-configuration.ts";

/**
 * SoftHSM reads its token folder in C_Initialize only: a token that softhsm2-util or another program makes or deletes
 * stays unseen in a process that is running, however often C_GetSlotList is called. This looks at the folder instead.
 */
export class SoftHsmStore {
  readonly #folder: string;
  #atLastStart: string;

  /** @returns null if the module is not SoftHSM, or its folder is not known. @param library CK_INFO.libraryDescription and manufacturerID. */
  static of(library: string): SoftHsmStore | null {
    const folder = /softhsm/i.test(library) ? softHsmConfiguration(process.env, homedir())?.tokenFolder : null;
    return folder ? new SoftHsmStore(folder) : null;
  }

  constructor(folder: string) {
    this.#folder = folder;
    this.#atLastStart = this.#names().join();
  }

  /**
   * Whether the module has to be initialised again to see what is there. Answers yes once for each change of the
   * folder, so that a folder that SoftHSM cannot read does not start it over and over.
   * @param tokens tells how many initialised tokens the module shows now.
   */
  changedOutside(tokens: () => number): boolean {
    const names = this.#names();
    const now = names.join();
    if (now === this.#atLastStart) return false;
    this.#atLastStart = now;
    return names.length !== tokens();
  }

  /** One folder a token, named by a UUID. */
  #names(): string[] {
    try {
      return readdirSync(this.#folder).sort();
    } catch {
      return [];
    }
  }
}
