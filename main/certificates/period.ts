/** Clocks of two machines differ; what is signed must be valid when it arrives at the other. */
const clockToleranceMilliseconds = 60_000;
const dayMilliseconds = 86_400_000;

/** So many days in whole seconds, which is all that DER has room for. @param start by default now */
export const periodOf = (
  days: number,
  start: number = Date.now() - clockToleranceMilliseconds,
): { from: Date; until: Date } => {
  const from = Math.floor(start / 1000) * 1000;
  return { from: new Date(from), until: new Date(from + days * dayMilliseconds) };
};
