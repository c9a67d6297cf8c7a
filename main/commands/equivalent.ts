import type { HostRequestName } from "../../preload/contract/index.ts";
import { certificateCommands } from "./certificates.ts";
import { checkInput } from "./check-input.ts";
import { keyCommands } from "./keys.ts";
import { type KnownInput, knownInput } from "./known-input.ts";
import { linkCommands } from "./links.ts";
import { objectCommands } from "./objects.ts";
import { tokenCommands } from "./tokens.ts";
import type { Equivalent, ModuleWords } from "./tools.ts";
import { whichToken } from "./which-token.ts";

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
  links: linkCommands,
};

/** Requests whose commands name no token, or say themselves which one. */
const namesNoToken: ReadonlySet<string> = new Set(["tokens.slots", "tokens.initialise"]);

/**
 * The command lines of other tools that do what a request would. Pure: nothing is looked up.
 * @param module null if the input names none that is kept; the commands then have MODULE in its place.
 * @throws Failure INVALID_REQUEST for an input that the request itself would refuse
 */
export const equivalentCommands = (
  request: string,
  input: Record<string, unknown>,
  module: (ModuleWords & { initString: string | null }) | null,
): Equivalent => {
  checkInput(request, input);
  const [domain = "", name = ""] = request.split(".");
  const builder = tables[domain]?.[name];
  if (!builder) return { commands: [], note: "This does nothing on a token, so other tools have no command for it." };
  const known = knownInput.parse(input);
  const built = builder(module ?? { path: "MODULE", environment: {} }, known);
  const which = whichToken(module ?? {}, known.token);
  if (which.none && request !== "tokens.slots") return { commands: [], note: which.note };
  const selection = built.commands.length === 0 || namesNoToken.has(request) ? null : which.note;
  const parameters = module?.initString
    ? "pkcs11-tool cannot give a module the parameters that this one needs (NSS: use certutil and modutil)."
    : null;
  return { ...built, note: [built.note, selection, parameters].filter(Boolean).join(" ") || null };
};
