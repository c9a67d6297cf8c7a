import { number } from "../ui/words.ts";
import { showRow, showTrace } from "./opened.ts";

/** A call's name that leads to its row, in whichever opened trace. */
export const RowLink = ({ trace, row, name }: { trace: string; row: number; name: string }) => (
  <button
    type="button"
    className="row-link"
    onClick={() => {
      showTrace(trace);
      showRow(trace, row);
    }}
  >
    {name} <span className="muted">row {number(row)}</span>
  </button>
);
