import type { CommandTable } from "./equivalent.ts";
import { loggedIn } from "./tools.ts";

export const linkCommands: CommandTable<"links"> = {
  examine: (module, input) => ({
    commands: [loggedIn(module, input, ["--list-objects"])],
    note: "pkcs11-tool lists the objects; which of them belong together it does not say.",
  }),
  prove: () => ({
    commands: [],
    note: "No tool checks one signature against all public keys of a token; `keys.testSignature` has the commands for one pair.",
  }),
  repairPreview: () => eachStep,
  repair: () => eachStep,
  undoList: () => inMemory,
  undo: () => inMemory,
};

const eachStep = {
  commands: [],
  note: "Each step of the preview is one change of an object: `objects.set` has the commands for it (pkcs11-tool --set-id, p11tool --set-label).",
};

const inMemory = { commands: [], note: "Other tools keep no list of what they changed." };
