import type { ErrorCode, ErrorData } from "../../preload/contract/errors.ts";
import { explainReturnValue, returnValueName } from "./return-values.ts";

/** Carries error data to where a request is answered. Anything else that is thrown is a bug. */
export class Failure extends Error {
  readonly data: ErrorData;

  constructor(data: ErrorData) {
    super(`${data.code}: ${data.message}`);
    this.name = "Failure";
    this.data = data;
  }
}

/** @returns a Failure to throw. */
export const failure = (code: ErrorCode, parts: Omit<ErrorData, "code">): Failure => new Failure({ code, ...parts });

/** @returns the CKR name (or number, where it has none) in something thrown by pkcs11js, or null if it is something else. */
export const returnValueOf = (thrown: unknown): string | null => {
  if (thrown instanceof Failure) return thrown.data.rv ?? null;
  if (!(thrown instanceof Error)) return null;
  // pkcs11js calls every value that it does not know CKR_VENDOR_DEFINED, 3.x ones too: the number tells them apart.
  const { code } = thrown as { code?: unknown };
  if (thrown.name === "Pkcs11Error" && typeof code === "number" && code !== 0) return returnValueName(code);
  // Some functions throw the native text as it is: "CKR_VENDOR_DEFINED:27".
  const [, name, number] = /\b(CKR_[A-Z0-9_]+)(?::(\d+))?/.exec(thrown.message) ?? [];
  return number === undefined ? (name ?? null) : returnValueName(Number(number));
};

/** Turns whatever was thrown while doing `where` into error data. */
export const toErrorData = (thrown: unknown, where: string): ErrorData => {
  if (thrown instanceof Failure) return thrown.data;
  const rv = returnValueOf(thrown);
  if (rv) {
    const method = (thrown as { method?: string }).method;
    const place = method?.startsWith("C_") && !where.includes(method) ? `${method}, ${where}` : where;
    return { code: "PKCS11", rv, where: place, ...explainReturnValue(rv, place) };
  }
  return {
    code: "INTERNAL",
    where,
    message: thrown instanceof Error ? thrown.message : String(thrown),
    remedy: "This is a fault of Tokenglass. Please report it with the text above.",
  };
};
