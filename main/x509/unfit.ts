import { failure } from "../pkcs11/failure.ts";

/** A profile says something that cannot be written. @param where the part of it, e.g. "subjectAltName" */
export const unfit = (where: string, message: string, remedy: string) =>
  failure("INVALID_REQUEST", { where, message, remedy });
