import type { TraceCall } from "../../../../preload/contract/trace.ts";
import { sessionOf, truthOf } from "../../view/fields.ts";
import { attributeKnown, initOf, keyKnown, keyUse, loginKnown, rowText, slotKnown, userOf } from "../known.ts";
import type { Past } from "../past.ts";
import type { Here, Rule } from "./rule.ts";

const contextLogin =
  "Call C_Login with CKU_CONTEXT_SPECIFIC and the PIN after each Init call of this key, before the data.";

/** The process is logged in, and yet the token wants a login: then it is about this key, or another token. */
const loggedInAlready = (call: TraceCall, login: TraceCall, past: Past): Here => {
  const [slot, loginSlot] = [slotKnown(call, past), slotKnown(login, past)];
  if (slot !== null && loginSlot !== null && slot !== loginSlot)
    return {
      here: `The process is logged in to slot ${loginSlot} (${rowText(login)}), but this session is with slot ${slot}.`,
      remedy: "Log in to the token of this session as well.",
    };
  const key = keyKnown(call, past);
  const always = key === null ? null : attributeKnown(key, "CKA_ALWAYS_AUTHENTICATE", past);
  if (keyUse.test(call.name) && always !== null && truthOf(always.field) === true)
    return {
      here: `The process is logged in (${rowText(login)}), but key ${key} has CKA_ALWAYS_AUTHENTICATE (${rowText(always)}): it wants the PIN again for each use.`,
      remedy: contextLogin,
    };
  if (userOf(login) === "SO")
    return {
      here: `The SO is logged in (${rowText(login)}). Private objects and keys are the user's.`,
      remedy: "Log the SO out and log in as user.",
    };
  if (keyUse.test(call.name))
    return {
      here: `The process is logged in (${rowText(login)}). Most likely the key has CKA_ALWAYS_AUTHENTICATE (the log does not show the attribute), or another program reset the card and so ended the login.`,
      remedy: `Read CKA_ALWAYS_AUTHENTICATE of the key. If it is true: ${contextLogin}`,
    };
  return {
    here: `The process logged in before (${rowText(login)}) and did not log out. Another program or a removal of the token has ended the login.`,
    remedy: "Log in again. Find out which other program uses the token.",
  };
};

export const loginRules: readonly Rule[] = [
  {
    codes: ["CKR_USER_NOT_LOGGED_IN"],
    tell: (call, past) => {
      const { login, endedBy } = loginKnown(past);
      if (call.name === "C_Logout") return { here: "There was no login to end; harmless.", remedy: "" };
      if (userOf(call) === "context-specific")
        return { here: "A context-specific login confirms one use of a key by a user who is logged in; nobody is." };
      if (login === null) {
        const waits = keyUse.test(call.name) && initOf(call, past) !== null;
        return {
          here: `No login of this process succeeded before in this trace.${waits ? " The token let the operation begin and refused only now." : ""}`,
          remedy: "Log in (C_Login) before using private keys and objects.",
        };
      }
      if (endedBy !== null)
        return {
          here: `The login of ${rowText(login)} was ended by ${endedBy.name} (${rowText(endedBy)}).`,
          remedy: "Log in again, or end the login later.",
        };
      return loggedInAlready(call, login, past);
    },
  },
  {
    codes: ["CKR_USER_ALREADY_LOGGED_IN"],
    tell: (call, past) => {
      const { login } = loginKnown(past);
      const [own, first] = [sessionOf(call), login === null ? null : sessionOf(login)];
      if (login === null)
        return {
          here: "The user is logged in already; the login stands before this trace or came from another part of the process. A login counts for all sessions of a process.",
          remedy: "Go on: the login that is there can be used.",
        };
      const through = first === null ? "" : first === own ? " in this same session" : ` through session ${first}`;
      return {
        here: `This process is logged in since ${rowText(login)}${through}. A login counts for all its sessions with the token, so this one is not needed. The PIN that was given was not checked.`,
        remedy: "Go on: the login that is there can be used. Ask C_GetSessionInfo for the state before logging in.",
      };
    },
  },
  {
    codes: ["CKR_USER_ANOTHER_ALREADY_LOGGED_IN"],
    tell: (_call, past) => {
      const { login } = loginKnown(past);
      if (login === null) return null;
      return {
        here: `The ${userOf(login) ?? "other user"} of this process is logged in since ${rowText(login)}. A token takes one of the two at a time.`,
        remedy: "C_Logout first.",
      };
    },
  },
  {
    codes: ["CKR_OPERATION_NOT_INITIALIZED"],
    functions: /^C_Login(User)?$/,
    tell: (call) =>
      userOf(call) === "context-specific"
        ? {
            here: "A context-specific login belongs between an Init call (C_SignInit, C_DecryptInit) and the data; no operation is begun in this session.",
            remedy: "Call the Init function first, then log in.",
          }
        : null,
  },
];
