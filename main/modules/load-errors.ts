import type { ErrorData } from "../../preload/contract/errors.ts";

/**
 * What the dynamic loader's text means. @returns null if the thrown value does not come from loading.
 */
export const loadError = (path: string, thrown: unknown): ErrorData | null => {
  if (!(thrown instanceof Error) || /CKR_/.test(thrown.message)) return null;
  return { code: "MODULE_LOAD_FAILED", where: path, message: thrown.message, remedy: "" };
};
