import type { CommandTable } from "./equivalent.ts";
import { asSecurityOfficer, loggedIn, onToken, orBlank, pkcs11Tool } from "./tools.ts";

const perCommand = "pkcs11-tool logs in for one command at a time (--login) and asks for the PIN itself.";

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
  initialise: (module, input) => ({
    commands: [onToken(module, input, ["--init-token", "--label", orBlank(input.label, "LABEL")])],
    note: "Asks for the SO PIN. It does not ask for a confirmation: every object on the token is gone.",
  }),
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
