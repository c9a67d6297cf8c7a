import type { TraceCall } from "../../../../preload/contract/trace.ts";
import { fieldOf, sessionOf, slotOf } from "../../view/fields.ts";
import { flagsOf } from "../../view/flags.ts";
import { opened, rowText } from "../known.ts";
import { lastOf, type Past, succeeded } from "../past.ts";
import type { Here, Rule } from "./rule.ts";

const gone = ["CKR_DEVICE_REMOVED", "CKR_TOKEN_NOT_PRESENT", "CKR_DEVICE_ERROR"];
/** Calls that end a session or after which it can be gone. */
const enders = ["C_CloseSession", "C_CloseAllSessions", "C_Finalize"];
const anyUse = [
  "C_GetSessionInfo",
  "C_GetTokenInfo",
  "C_GetSlotInfo",
  "C_Sign",
  "C_Login",
  "C_Decrypt",
  "C_FindObjectsInit",
  "C_FindObjects",
  "C_GetAttributeValue",
  "C_WaitForSlotEvent",
];

const openAgain = "Open a new session, and log in again.";

const whyInvalid = (call: TraceCall, past: Past): Here => {
  const session = sessionOf(call);
  const open = opened(session, past);
  if (session === null || open === null)
    return {
      here: `This process did not open session ${session ?? ""} in this trace. After a fork, the parent's sessions are not valid in the child (C_Initialize and C_OpenSession are needed anew); or the log begins later.`,
      remedy: "Check which process opened it. In a child process, start the library and open sessions anew.",
    };
  const ender = lastOf(past, enders, (earlier) => {
    if (!succeeded(earlier) || earlier.row < open.row) return false;
    if (earlier.name === "C_CloseSession") return sessionOf(earlier) === session;
    return earlier.name === "C_Finalize" || slotOf(earlier) === null || slotOf(earlier) === slotOf(open);
  });
  if (ender !== null)
    return {
      here: `Session ${session} was opened in ${rowText(open)} and closed by ${ender.name} in ${rowText(ender)}${ender.thread !== call.thread ? `, by another thread (${ender.thread})` : ""}.`,
      remedy: "Do not use a session after it was closed; threads must agree on who closes.",
    };
  const removed = lastOf(past, anyUse, (earlier) => earlier.row > open.row && gone.includes(earlier.rv ?? ""), 100);
  if (removed !== null)
    return {
      here: `Session ${session} (${rowText(open)}) ended when the token went: ${removed.name} answered ${removed.rv} in ${rowText(removed)}.`,
      remedy: openAgain,
    };
  return {
    here: `Session ${session} was opened in ${rowText(open)}, and nothing in this process closed it: the token was removed or reset, or the library dropped it.`,
    remedy: openAgain,
  };
};

export const sessionRules: readonly Rule[] = [
  { codes: ["CKR_SESSION_HANDLE_INVALID", "CKR_SESSION_CLOSED"], tell: whyInvalid },
  {
    codes: ["CKR_SESSION_READ_ONLY", "CKR_SESSION_READ_ONLY_EXISTS"],
    tell: (call, past) => {
      const open = opened(sessionOf(call), past);
      if (open === null) return null;
      if (call.rv === "CKR_SESSION_READ_ONLY_EXISTS")
        return {
          here: "The SO can only log in while all of the process's sessions are read-write ones.",
          remedy: "Close the read-only sessions first.",
        };
      const writes = flagsOf(fieldOf(open, "flags"), "session").includes("CKF_RW_SESSION");
      return writes
        ? { here: `The session was opened for writing (${rowText(open)}), so the token itself is write protected.` }
        : {
            here: `The session was opened without CKF_RW_SESSION (${rowText(open)}).`,
            remedy: "Open the session with CKF_RW_SESSION | CKF_SERIAL_SESSION.",
          };
    },
  },
  {
    codes: ["CKR_CRYPTOKI_ALREADY_INITIALIZED"],
    tell: (call, past) => {
      const first = lastOf(past, ["C_Initialize"], succeeded);
      const other = first !== null && first.thread !== call.thread ? ", by another thread" : "";
      return {
        here:
          first === null
            ? "Another part of this process started the library before. That part also decides when it ends (C_Finalize)."
            : `This process started the library in ${rowText(first)}${other}: two parts of it (for example two libraries) use the same module. Harmless, as long as only the first one calls C_Finalize.`,
        remedy:
          "Take it as success, and do not call C_Finalize for it. p11-kit counts the users of a module and avoids this.",
      };
    },
  },
  {
    codes: ["CKR_CRYPTOKI_NOT_INITIALIZED"],
    tell: (call, past) => {
      const end = lastOf(past, ["C_Initialize", "C_Finalize"], succeeded);
      if (end?.name === "C_Finalize")
        return {
          here: `The library was ended in ${rowText(end)}${end.thread === call.thread ? "" : ` by another thread (${end.thread})`}.`,
          remedy: "A part of the program that did not start the library must not end it.",
        };
      return {
        here:
          end === null
            ? "This process did not start the library in this trace. After a fork, the child has to call C_Initialize itself."
            : `The library was started in ${rowText(end)}; that it says otherwise now points to a fork or to a second copy of it.`,
        remedy: "Call C_Initialize in this process.",
      };
    },
  },
  {
    codes: ["CKR_SESSION_COUNT"],
    tell: (_call, past) => {
      let open = 0;
      for (const call of past.back(["C_OpenSession", "C_CloseSession", "C_CloseAllSessions", "C_Finalize"], 2000)) {
        if (!succeeded(call)) continue;
        if (call.name === "C_OpenSession") open += 1;
        else if (call.name === "C_CloseSession") open -= 1;
        else break;
      }
      return {
        here: `The token takes no further session. This process has ${Math.max(0, open)} open.`,
        remedy:
          open > 8
            ? "Close sessions that are no longer used: this looks like a leak."
            : "Close other programs that use the token.",
      };
    },
  },
  {
    codes: ["CKR_DEVICE_REMOVED", "CKR_TOKEN_NOT_PRESENT"],
    tell: (call, past) => {
      if (call.name === "C_GetTokenInfo" || call.name === "C_OpenSession") {
        const worked = lastOf(
          past,
          ["C_GetTokenInfo", "C_OpenSession"],
          (earlier) => succeeded(earlier) && slotOf(earlier) === slotOf(call),
          50,
        );
        return {
          here:
            worked === null
              ? "The slot is empty. Usual for readers without a card."
              : `The token was there in ${rowText(worked)} and is gone now.`,
          remedy: worked === null ? "" : "Insert it again. Then open new sessions and log in again.",
        };
      }
      return {
        here: "The token was removed, or another program or a power-saving reader reset it. All sessions with it and the login have ended.",
        remedy: "Insert it again. Then open new sessions and log in again.",
      };
    },
  },
  {
    codes: ["CKR_SESSION_EXISTS"],
    functions: /^C_InitToken$/,
    tell: (call, past) => {
      const open = lastOf(past, ["C_OpenSession"], (earlier) => succeeded(earlier) && slotOf(earlier) === slotOf(call));
      return {
        here:
          open === null
            ? "Another program has a session open with the token."
            : `A session with this slot is open, last opened in ${rowText(open)}.`,
        remedy: "Close all sessions with the token (C_CloseAllSessions) before initialising it.",
      };
    },
  },
];
