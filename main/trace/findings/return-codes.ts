import type { Finding } from "../../../preload/contract/trace.ts";
import { type Detector, Rows } from "./finding.ts";

interface CodeFinding extends Pick<Finding, "id" | "severity" | "title" | "text" | "remedy"> {
  codes: readonly string[];
  /** Codes that count even where they are no errors. */
  always?: boolean;
}

/** Findings that are the return code alone. What each row means in its place, its explanation tells. */
const table: readonly CodeFinding[] = [
  {
    id: "pin-locked",
    severity: "error",
    title: "The PIN is locked",
    text: "A login was refused because the PIN is locked.",
    remedy:
      "The login trace tells who locked it. The SO can set a new user PIN; a locked SO PIN needs the vendor's reset.",
    codes: ["CKR_PIN_LOCKED", "-1212", "6983", "63C0"],
  },
  {
    id: "session-gone",
    severity: "error",
    title: "A session was used that is not there",
    text: "Calls came with a session that was closed (C_CloseSession, C_CloseAllSessions, C_Finalize), ended with its token, or belongs to the parent process of a fork.",
    remedy: "Open a new session. The explanation of each row tells what ended it.",
    codes: ["CKR_SESSION_HANDLE_INVALID", "CKR_SESSION_CLOSED"],
  },
  {
    id: "not-initialised",
    severity: "error",
    title: "The library was used before it was started or after it was ended",
    text: "In a child process after fork, and after C_Finalize by another part of the program, C_Initialize is needed again.",
    remedy: "Call C_Initialize in the process that uses the library; only who started it should end it.",
    codes: ["CKR_CRYPTOKI_NOT_INITIALIZED"],
  },
  {
    id: "two-initialisations",
    severity: "hint",
    title: "The library was started twice in one process",
    text: "Two parts of the program use the same library. Harmless, unless one of them ends it with C_Finalize while the other still works.",
    remedy: "Let only the first one call C_Finalize, or load the library through p11-kit, which counts its users.",
    codes: ["CKR_CRYPTOKI_ALREADY_INITIALIZED"],
    always: true,
  },
  {
    id: "token-gone",
    severity: "warning",
    title: "The token went away",
    text: "The token was removed, or another program or the reader reset it. Its sessions and the login ended.",
    remedy: "Look for other programs that use the token, and for power saving of the reader.",
    codes: ["CKR_DEVICE_REMOVED", "CKR_TOKEN_NOT_PRESENT", "-1105", "-1106"],
  },
  {
    id: "unexplained-failure",
    severity: "error",
    title: "The library or device failed without saying why",
    text: "CKR_GENERAL_ERROR, CKR_FUNCTION_FAILED and CKR_DEVICE_ERROR say nothing more.",
    remedy: "Look at the library's own log at that time (OPENSC_DEBUG with OpenSC), and at the calls before.",
    codes: ["CKR_GENERAL_ERROR", "CKR_FUNCTION_FAILED", "CKR_DEVICE_ERROR", "CKR_HOST_MEMORY"],
  },
  {
    id: "operation-order",
    severity: "error",
    title: "Calls of an operation came in the wrong order",
    text: "An operation went on that was not begun or had ended, or one began while another was not finished.",
    remedy: "The explanation of each row names the call that ended or began it. Threads must not share a session.",
    codes: ["CKR_OPERATION_NOT_INITIALIZED", "CKR_OPERATION_ACTIVE"],
  },
  {
    id: "key-use-forbidden",
    severity: "error",
    title: "A key was used for what it may not do",
    text: "The usage attributes of the key (CKA_SIGN, CKA_DECRYPT ...) do not allow it.",
    remedy: "Use another key, or make it with the uses that are needed.",
    codes: ["CKR_KEY_FUNCTION_NOT_PERMITTED"],
  },
  {
    id: "template-refused",
    severity: "error",
    title: "The token refused an object's attributes",
    text: "An object could not be made or changed with the attributes that were given.",
    remedy: "Give fewer attributes; the explanation of each row names those that devices often refuse.",
    codes: [
      "CKR_TEMPLATE_INCONSISTENT",
      "CKR_TEMPLATE_INCOMPLETE",
      "CKR_ATTRIBUTE_VALUE_INVALID",
      "CKR_ATTRIBUTE_READ_ONLY",
    ],
  },
  {
    id: "read-only-session",
    severity: "error",
    title: "Something was to be written in a read-only session",
    text: "The session was opened without CKF_RW_SESSION, or the token is write protected.",
    remedy: "Open the session with CKF_RW_SESSION.",
    codes: ["CKR_SESSION_READ_ONLY", "CKR_TOKEN_WRITE_PROTECTED"],
  },
  {
    id: "stale-handle",
    severity: "error",
    title: "A handle was used that is not there",
    text: "The object was deleted, its session closed, or the login ended; or the handle comes from another process.",
    remedy: "Search for the object again. The explanation of each row tells what became of it.",
    codes: ["CKR_OBJECT_HANDLE_INVALID", "CKR_KEY_HANDLE_INVALID"],
  },
  {
    id: "out-of-sessions",
    severity: "error",
    title: "The token took no more sessions",
    text: "The number of open sessions is limited by the device.",
    remedy: "Close sessions that are not used, and other programs.",
    codes: ["CKR_SESSION_COUNT", "CKR_TOKEN_RESOURCE_EXCEEDED"],
  },
  {
    id: "size-questions",
    severity: "hint",
    title: "CKR_BUFFER_TOO_SMALL is no error here",
    text: "The program asked for a length, or guessed it too small and asks again. These calls are not counted as errors.",
    remedy: "",
    codes: ["CKR_BUFFER_TOO_SMALL"],
    always: true,
  },
];

const detector =
  ({ codes, always = false, ...texts }: CodeFinding): Detector =>
  ({ view }) => {
    const wanted = new Set(view.codes.flatMap((code, number) => (codes.includes(code) ? [number] : [])));
    if (wanted.size === 0) return null;
    const found = new Rows();
    for (let row = 0; row < view.count; row += 1) {
      if (!wanted.has(view.codeAt(row)) || view.isAmbiguous(row)) continue;
      if (!always && !view.isError(row)) continue;
      found.add(row);
    }
    return found.count === 0 ? null : { ...texts, rows: found.rows, count: found.count };
  };

export const returnCodeFindings: readonly Detector[] = table.map(detector);
