import type { Finding, TraceFile, TraceProgress, TraceSummary } from "../../../preload/contract/trace.ts";
import { detectors, gravestFirst } from "../findings/registry.ts";
import { loginTrace } from "../logins/login-trace.ts";
import type { TraceView } from "../view/view.ts";
import { functionStatistics } from "./functions.ts";
import { programCounts, threadCounts } from "./programs.ts";
import { returnCodeCounts } from "./return-codes.ts";

/** Lets other requests in between two parts. */
const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * The first tab of a trace: programs, functions, return codes, threads, logins, findings. As of now, for a trace that
 * grows. Some ten seconds for three million rows, in parts between which other requests are served.
 * @param look gives the trace as it is at the moment
 */
export const summaryOf = async (
  look: () => TraceView,
  files: readonly TraceFile[],
  progress: TraceProgress,
): Promise<TraceSummary> => {
  const functions = functionStatistics(look());
  await pause();
  const hasCommands = files.some(({ dialect }) => dialect === "opensc-debug");
  const commands = hasCommands ? functionStatistics(look(), look().isCommand) : [];
  const counts = {
    programs: programCounts(look()),
    returnCodes: returnCodeCounts(look()),
    threads: threadCounts(look()),
  };
  await pause();
  const logins = loginTrace(look());
  const found: Finding[] = [];
  for (const detect of detectors) {
    await pause();
    const finding = detect({ view: look(), logins });
    if (finding !== null) found.push(finding);
  }
  return { files: [...files], progress, functions, commands, ...counts, logins, findings: gravestFirst(found) };
};
