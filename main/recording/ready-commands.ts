import type { RecordingState, SpyCopy } from "../../preload/contract/recording.ts";
import { quote } from "../commands/shell-words.ts";
import { hasCommandLine } from "./natives.ts";

/**
 * Command lines for other programs, ready to be copied: with the audit library, and with each copy of the spy.
 * @param audit path of the audit library for programs that are started elsewhere; null if there is none
 */
export const commandsFor = (copies: readonly SpyCopy[], audit: string | null): RecordingState["commands"] => [
  ...(audit !== null && hasCommandLine
    ? [
        {
          title: "Any program, as it is configured",
          command: "npx tokenglass trace -- pkcs11-tool --list-slots",
          note: "Whatever PKCS#11 module the program loads is recorded. Put your own command behind the two dashes.",
        },
      ]
    : []),
  ...(audit !== null
    ? [
        {
          title: "Any program that gets an environment variable, e.g. a service",
          command: `LD_AUDIT=${quote(audit)} pkcs11-tool --list-slots`,
          note: "The same without this app: it need not run. Only for programs of your own user, at level 0.",
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
