import { explainReturnValue } from "../../pkcs11/return-values.ts";
import { openscCode } from "../explain/opensc-codes.ts";
import { pinIs, pinName } from "../explain/pins.ts";
import type { BareEvent } from "./event.ts";

const done: Record<BareEvent["function"], (event: BareEvent) => string> = {
  C_Login: ({ user }) =>
    user === "context-specific" ? "One use of the key was confirmed." : `Logged in as ${user ?? "user"}.`,
  C_LoginUser: () => "Logged in by user name.",
  C_Logout: () => "Logged out.",
  C_InitPIN: () => "The SO set a new user PIN.",
  C_SetPIN: ({ user }) => `The ${user === "SO" ? "SO PIN" : "user PIN"} was changed.`,
  C_InitToken: () => "The token was initialised: all that was on it is erased.",
  VERIFY: () =>
    "A PIN command of OpenSC succeeded. The log does not show whether it compared a PIN, changed it or asked for its tries.",
  "CHANGE REFERENCE DATA": () => "The PIN was changed.",
  "RESET RETRY COUNTER": () => "The PIN was unblocked.",
};

const general = (event: BareEvent): string => {
  if (event.rv === null) return "The call did not come back in this log.";
  if (/^-\d+$/.test(event.rv)) return openscCode(Number(event.rv))?.meaning ?? "";
  return event.meaning || explainReturnValue(event.rv, "").message;
};

/**
 * What the event means, in a line.
 * @param wrongBefore wrong PINs of this user of the token in a row before it, by any process
 */
export const meaningOf = (event: BareEvent, wrongBefore: number): string => {
  const parts: string[] = [];
  if (event.verdict === "right") {
    parts.push(
      event.meaning !== "" && event.rv === "9000" && event.function === "VERIFY"
        ? "The PIN was right."
        : done[event.function](event),
    );
    if (wrongBefore > 0 && event.function !== "C_Logout") parts.push(`${wrongBefore} wrong before it.`);
  } else if (event.verdict === "wrong") {
    parts.push(event.triesLeft === null ? `Wrong ${pinName(event.user)}.` : event.meaning);
    if (wrongBefore > 0) parts.push(`Number ${wrongBefore + 1} in a row.`);
    if (pinIs(event.flagsBefore, "FINAL_TRY")) parts.push("The token had reported the last try before.");
    else if (pinIs(event.flagsBefore, "COUNT_LOW")) parts.push("The token had reported wrong tries before.");
    if (pinIs(event.flagsAfter, "LOCKED")) parts.push("It is locked since.");
    else if (pinIs(event.flagsAfter, "FINAL_TRY")) parts.push("The last try is left.");
  } else if (event.verdict === "locked") {
    parts.push(
      event.triesLeft === null || event.meaning === ""
        ? `The ${pinName(event.user)} is locked: it was not compared.`
        : event.meaning,
    );
  } else parts.push(general(event));
  if (event.how === "PIN pad" && event.verdict !== "right") parts.push("Entered on the PIN pad.");
  return parts.join(" ");
};
