/**
 * Builds the libraries under native/ that are out of date.
 * @returns paths of the libraries that were built now, and the number of the others
 */
export function buildNative(): { built: string[]; upToDate: number };
