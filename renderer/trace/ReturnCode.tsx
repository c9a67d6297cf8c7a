import type { TraceRow } from "../../preload/contract/trace.ts";
import { outcomeWords } from "./outcome.ts";

/** Sign, return code, and for those who do not see the sign its word. */
export const ReturnCode = ({ row: { rv, outcome } }: { row: Pick<TraceRow, "rv" | "outcome"> }) => (
  <>
    <span aria-hidden="true">{outcomeWords[outcome].sign} </span>
    {rv ?? ""}
    <span className="visually-hidden"> {outcomeWords[outcome].word}</span>
  </>
);
