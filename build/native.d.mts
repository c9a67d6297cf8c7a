/**
 * Builds the libraries under native/ that are out of date.
 * @returns paths of the libraries that were built now, and the number of the others
 */
export function buildNative(): { built: string[]; upToDate: number };

/** Builds one of native/programs if it is out of date. @returns its path @throws Error if it does not compile */
export function buildProgram(name: string, options?: { sanitize?: "address" | "thread" }): string;

/** Builds a library of native/ a second time, with a sanitizer in it. @returns its path @throws Error if it does not compile */
export function buildSanitized(name: string, sanitize: "address" | "thread"): string;
