/** Options of tests that are skipped on some machines. @param reason what the run says of them then */
export const needs = (reason: string): { meta: object } => ({ meta: { needs: reason } });
