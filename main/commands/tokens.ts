import { padLabel } from "../tokens/label.ts";
import type { CommandTable } from "./equivalent.ts";
import type { KnownInput } from "./known-input.ts";
import {
  asSecurityOfficer,
  type Equivalent,
  loggedIn,
  type ModuleWords,
  onToken,
  orBlank,
  pkcs11Tool,
} from "./tools.ts";
import { slotsMove, whichToken } from "./which-token.ts";

const perCommand = "pkcs11-tool logs in for one command at a time (--login) and asks for the PIN itself.";

/**
 * Always by the slot: with --token-label the first token whose label begins so would be wiped.
 * @throws Failure for a label that a token cannot have
 */
const initialise = (module: ModuleWords, { token, label }: KnownInput): Equivalent => {
  if (label) padLabel(label);
  const { slot } = whichToken(module, token);
  if (slot === undefined)
    return {
      commands: [],
      note: "Only with the slot is it sure which token is wiped, and the slot is not known here.",
    };
  const named = token?.serial ? `the serial ${token.serial}` : "no serial yet";
  const words = ["--slot", String(slot), "--init-token", "--label", orBlank(label, "LABEL")];
  return {
    commands: [pkcs11Tool(module, ["--list-slots"]), pkcs11Tool(module, words)],
    note: `The first command shows what is in slot ${slot} then: go on only if its token has ${named}. The second asks twice for the SO PIN (it says new, but an initialised token wants the one it has), and for no confirmation: every object on the token is gone. ${slotsMove}`,
  };
};

export const tokenCommands: CommandTable<"tokens"> = {
  slots: (module) => ({ commands: [pkcs11Tool(module, ["--list-slots"])], note: null }),
  mechanisms: (module, input) => ({ commands: [onToken(module, input, ["--list-mechanisms"])], note: null }),
  pinPrompt: (module) => ({
    commands: [pkcs11Tool(module, ["--list-slots"])],
    note: "The token flags name the PIN's state: count low, final try, locked.",
  }),
  login: (module, input) => ({
    commands: [
      input.who === "so"
        ? asSecurityOfficer(module, input, ["--list-objects"])
        : loggedIn(module, input, ["--list-objects"]),
    ],
    note: perCommand,
  }),
  used: () => ({ commands: [], note: "pkcs11-tool logs out at the end of every command, so nothing is idle." }),
  logout: () => ({ commands: [], note: "pkcs11-tool logs out at the end of every command." }),
  initialisePreview: (module, input) => ({
    commands: [loggedIn(module, input, ["--list-objects"])],
    note: "Lists what C_InitToken would destroy.",
  }),
  initialise,
  setUserPin: (module, input) => ({
    commands: [asSecurityOfficer(module, input, ["--init-pin"])],
    note: "Asks for the SO PIN, then twice for the new user PIN.",
  }),
  // C_SetPIN without a login changes the user PIN (PKCS#11 2.40, C_SetPIN); --login would only ask for it once more.
  changePin: (module, input) => ({
    commands: [
      input.who === "so"
        ? asSecurityOfficer(module, input, ["--change-pin"])
        : onToken(module, input, ["--change-pin"]),
    ],
    note: `Asks for the ${input.who === "so" ? "SO PIN to log in, again as the old one" : "old PIN"}, then twice for the new one.`,
  }),
};
