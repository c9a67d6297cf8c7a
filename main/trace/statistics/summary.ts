import type { TraceFile, TraceProgress, TraceSummary } from "../../../preload/contract/trace.ts";
import { findings } from "../findings/registry.ts";
import { loginTrace } from "../logins/login-trace.ts";
import type { TraceView } from "../view/view.ts";
import { functionStatistics } from "./functions.ts";
import { programCounts, threadCounts } from "./programs.ts";
import { returnCodeCounts } from "./return-codes.ts";

/** The first tab of a trace: programs, functions, return codes, threads, logins, findings. As of now, for a trace that grows. */
export const summaryOf = (view: TraceView, files: readonly TraceFile[], progress: TraceProgress): TraceSummary => {
  const logins = loginTrace(view);
  return {
    files: [...files],
    progress,
    programs: programCounts(view),
    functions: functionStatistics(view),
    returnCodes: returnCodeCounts(view),
    logins,
    findings: findings(view, logins),
    threads: threadCounts(view),
  };
};
