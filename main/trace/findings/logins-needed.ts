import { keyUse, loginCalls, loginEnders } from "../explain/known.ts";
import { attributesOf, truthOf } from "../view/fields.ts";
import { nameCodes, programAt, returnCode, type TraceView } from "../view/view.ts";
import { callRows, type Detector, Rows } from "./finding.ts";

/** Calls one after the other, with whether their process is logged in as far as the return codes tell. */
function* withLogin(view: TraceView, names: readonly string[]): Generator<{ row: number; loggedIn: boolean }> {
  const wanted = nameCodes(view, names);
  const ends = nameCodes(view, loginEnders);
  const logins = nameCodes(view, loginCalls);
  const ok = returnCode(view, "CKR_OK");
  const already = returnCode(view, "CKR_USER_ALREADY_LOGGED_IN");
  const state: boolean[] = [];
  for (const row of callRows(view, [...names, ...loginCalls, ...loginEnders])) {
    const name = view.nameAt(row);
    const code = view.codeAt(row);
    const program = programAt(view, row);
    if (wanted.has(name)) yield { row, loggedIn: state[program] ?? false };
    if (logins.has(name) && (code === ok || code === already)) state[program] = true;
    else if (ends.has(name) && code === ok) state[program] = false;
  }
}

const refusals = (view: TraceView, loggedInWanted: boolean): Rows => {
  const code = returnCode(view, "CKR_USER_NOT_LOGGED_IN");
  const found = new Rows();
  if (code === null) return found;
  const names = view.names.filter((name) =>
    loggedInWanted ? keyUse.test(name) : name.startsWith("C_") && name !== "C_Logout",
  );
  for (const { row, loggedIn } of withLogin(view, names))
    if (view.codeAt(row) === code && loggedIn === loggedInWanted) found.add(row);
  return found;
};

/** A key was refused for want of a login although the process is logged in: it wants the PIN for each use. */
export const contextLoginMissing: Detector = ({ view }) => {
  const { rows, count } = refusals(view, true);
  return count === 0
    ? null
    : {
        id: "context-login-missing",
        severity: "error",
        title: "A key wants the PIN again for each use",
        text: "The process was logged in, and the token still answered CKR_USER_NOT_LOGGED_IN: keys with CKA_ALWAYS_AUTHENTICATE (signature keys, PIV slot 9c) want a context-specific login each time.",
        remedy:
          "After each C_SignInit or C_DecryptInit, call C_Login with CKU_CONTEXT_SPECIFIC. Or use a key without CKA_ALWAYS_AUTHENTICATE.",
        rows,
        count,
      };
};

/** Something was refused because nobody had logged in. */
export const loginMissing: Detector = ({ view }) => {
  const { rows, count } = refusals(view, false);
  return count === 0
    ? null
    : {
        id: "login-missing",
        severity: "error",
        title: "Something was wanted that needs a login",
        text: "The token answered CKR_USER_NOT_LOGGED_IN, and the process had not logged in, or had logged out.",
        remedy: "Log in (C_Login) first.",
        rows,
        count,
      };
};

const decodedSearches = 300;

/** Private objects were searched for before a login: they are not found then, and no error says so. */
export const privateBeforeLogin: Detector = ({ view }) => {
  const searches: number[] = [];
  for (const { row, loggedIn } of withLogin(view, ["C_FindObjectsInit"]))
    if (!loggedIn && searches.length < decodedSearches) searches.push(row);
  const found = new Rows();
  for (const call of view.calls(searches)) {
    const template = attributesOf(call, "in");
    const isPrivate =
      /CKO_PRIVATE_KEY/.test(template.get("CKA_CLASS")?.text ?? "") || truthOf(template.get("CKA_PRIVATE")) === true;
    if (isPrivate) found.add(call.row);
  }
  return found.count === 0
    ? null
    : {
        id: "private-before-login",
        severity: "hint",
        title: "Private objects were searched for before a login",
        text: "Without a login, private keys and private objects are not found, and the search succeeds with nothing. Many programs search so on purpose and log in later.",
        remedy: "If a key is missing in the program, log in before the search.",
        rows: found.rows,
        count: found.count,
      };
};
