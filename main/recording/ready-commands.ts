import type { RecordingState, SpyCopy } from "../../preload/contract/recording.ts";
import { quote } from "../commands/shell-words.ts";

/** Command lines for other programs, ready to be copied: with the audit library, and with each copy of the spy. */
export const commandsFor = (copies: readonly SpyCopy[], whyNoAudit: string): RecordingState["commands"] => [
  ...(process.platform === "linux" && whyNoAudit === ""
    ? [
        {
          title: "Any program, as it is configured",
          command: "npx tokenglass trace -- pkcs11-tool --list-slots",
          note: "Whatever PKCS#11 module the program loads is recorded. Put your own command behind the two dashes.",
        },
      ]
    : []),
  ...copies
    .filter(({ good }) => good)
    .map(({ name, library }) => ({
      title: `A program that is given the module's path: ${name}`,
      command: `pkcs11-tool --module ${quote(library)} --list-slots`,
      note: "Give this path to any program where it names the module.",
    })),
];
