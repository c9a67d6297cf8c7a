import type { ErrorData } from "../../preload/contract/errors.ts";
import { type Failure, failure, returnValueOf, toErrorData } from "../pkcs11/failure.ts";

type Words = Pick<ErrorData, "message" | "remedy"> & { code?: ErrorData["code"] };

/** What return values mean when an object is written, changed or deleted. */
const meanings: Record<string, Words> = {
  CKR_ATTRIBUTE_READ_ONLY: {
    message: "The token does not let this attribute be changed.",
    remedy:
      "Some attributes are fixed when the object is made, others can be changed in one direction only (sensitive on, extractable off). Make a copy or a new object with the value you want.",
  },
  CKR_ACTION_PROHIBITED: {
    message: "The object forbids it (CKA_MODIFIABLE, CKA_COPYABLE or CKA_DESTROYABLE is no).",
    remedy: "This was decided when the object was made and cannot be undone.",
  },
  CKR_USER_NOT_LOGGED_IN: {
    code: "LOGIN_NEEDED",
    message: "The token wants a login for this.",
    remedy: "Log in with the user PIN and try again.",
  },
  CKR_SESSION_READ_ONLY: {
    message: "The session with the token is read-only.",
    remedy: "The token is write-protected, or the module opens it so. See the token's flags.",
  },
  CKR_TOKEN_WRITE_PROTECTED: {
    message: "The token is write-protected.",
    remedy: "Nothing on it can be changed, unless the device has a switch for it.",
  },
  CKR_TEMPLATE_INCONSISTENT: {
    message: "The token does not take these values together.",
    remedy: "Change one attribute at a time to see which it refuses.",
  },
};

/** Turns what a module threw at a write into a Failure that says what it means there. @param where what was being done */
export const moduleRefused = (thrown: unknown, where: string): Failure => {
  const rv = returnValueOf(thrown);
  const known = rv === null ? undefined : meanings[rv];
  const { code, ...data } = toErrorData(thrown, where);
  if (!known || rv === null) return failure(code, data);
  const { code: special, ...words } = known;
  return failure(special ?? "PKCS11", { ...data, rv, ...words });
};
