import type { TraceFile } from "../../preload/contract/trace.ts";

/** Whether a trace has lines of OpenSC's own log and commands to the card among its calls. */
export const hasLines = (files: readonly Pick<TraceFile, "dialect">[]): boolean =>
  files.some(({ dialect }) => dialect === "opensc-debug");
