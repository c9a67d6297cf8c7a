import type { z } from "zod";

/** Names each wrong place of an input and what is expected there; never the value, which may be a PIN. */
export const describeIssues = (issues: readonly z.core.$ZodIssue[]): string =>
  issues
    .slice(0, 5)
    .map((issue) => `${issue.path.join(".") || "input"}: ${issue.message}`)
    .join("; ");
