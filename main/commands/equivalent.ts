import type { HostRequestName } from "../../preload/contract/index.ts";
import { certificateCommands } from "./certificates.ts";
import { keyCommands } from "./keys.ts";
import { type KnownInput, knownInput } from "./known-input.ts";
import { objectCommands } from "./objects.ts";
import { tokenCommands } from "./tokens.ts";
import type { Equivalent, ModuleWords } from "./tools.ts";

type Builder = (module: ModuleWords, input: KnownInput) => Equivalent;

/** One entry for every request of a domain that runs on a token: a missing one does not compile. */
export type CommandTable<D extends string> = {
  [N in HostRequestName as N extends `${D}.${infer R}` ? R : never]: Builder;
};

const tables: Record<string, Record<string, Builder>> = {
  tokens: tokenCommands,
  keys: keyCommands,
  objects: objectCommands,
  certificates: certificateCommands,
};

/**
 * The command lines of other tools that do what a request would. Pure: nothing is looked up.
 * @param module null if the input names none that is kept; the commands then have MODULE in its place.
 */
export const equivalentCommands = (
  request: string,
  input: Record<string, unknown>,
  module: (ModuleWords & { initString: string | null }) | null,
): Equivalent => {
  const [domain = "", name = ""] = request.split(".");
  const table = Object.hasOwn(tables, domain) ? tables[domain] : undefined;
  const builder = table && Object.hasOwn(table, name) ? table[name] : undefined;
  if (!builder) return { commands: [], note: "This does nothing on a token, so other tools have no command for it." };
  const { commands, note } = builder(module ?? { path: "MODULE", environment: {} }, knownInput.parse(input));
  const parameters = module?.initString
    ? "pkcs11-tool cannot give a module the parameters that this one needs (NSS: use certutil and modutil)."
    : null;
  return { commands, note: [note, parameters].filter(Boolean).join(" ") || null };
};
