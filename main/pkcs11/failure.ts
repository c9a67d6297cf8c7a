import type { ErrorCode, ErrorData } from "../../preload/contract/errors.ts";
import { explainReturnValue } from "./return-values.ts";

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

/** @returns the CKR name in something thrown by pkcs11js, or null if it is something else. */
export const returnValueOf = (thrown: unknown): string | null => {
  if (thrown instanceof Failure) return thrown.data.rv ?? null;
  if (!(thrown instanceof Error)) return null;
  const name = /\bCKR_[A-Z0-9_]+/.exec(thrown.message)?.[0];
  if (name) return name;
  // pkcs11js has no name for vendor and 3.x values; it then gives the number alone.
  const code = (thrown as { code?: unknown }).code;
  return thrown.name === "Pkcs11Error" && typeof code === "number" ? `0x${code.toString(16)}` : null;
};

/** Turns whatever was thrown while doing `where` into error data. */
export const toErrorData = (thrown: unknown, where: string): ErrorData => {
  if (thrown instanceof Failure) return thrown.data;
  const rv = returnValueOf(thrown);
  if (rv) {
    const method = (thrown as { method?: string }).method;
    const place = method && method.startsWith("C_") && !where.includes(method) ? `${method}, ${where}` : where;
    return { code: "PKCS11", rv, where: place, ...explainReturnValue(rv, where) };
  }
  return {
    code: "INTERNAL",
    where,
    message: thrown instanceof Error ? thrown.message : String(thrown),
    remedy: "This is a fault of Tokenglass. Please report it with the text above.",
  };
};
