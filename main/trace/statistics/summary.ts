import type { TraceFile, TraceProgress, TraceSummary } from "../../../preload/contract/trace.ts";
import { findings } from "../findings/registry.ts";
import { loginTrace } from "../logins/login-trace.ts";
import type { TraceView } from "../view/view.ts";
import { functionStatistics } from "./functions.ts";
import { programCounts, threadCounts } from "./programs.ts";
import { returnCodeCounts } from "./return-codes.ts";

/** The first tab of a trace: programs, functions, return codes, threads, logins, findings. A second or two for three million rows. */
export const summaryOf = (view: TraceView, files: readonly TraceFile[], progress: TraceProgress): TraceSummary => {
  const logins = loginTrace(view);
  return {
    files: [...files],
    progress,
    functions: functionStatistics(view),
    commands: files.some(({ dialect }) => dialect === "opensc-debug") ? functionStatistics(view, view.isCommand) : [],
    programs: programCounts(view),
    returnCodes: returnCodeCounts(view),
    threads: threadCounts(view),
    logins,
    findings: findings(view, logins),
  };
};
