import type { TraceSummary } from "../../../preload/contract/trace.ts";
import { explainReturnValue } from "../../pkcs11/return-values.ts";
import type { TraceView } from "../view/view.ts";

/** How often each return code came, and how often it was no error there; the most frequent first. One pass. */
export const returnCodeCounts = (view: TraceView): TraceSummary["returnCodes"] => {
  const counts = new Float64Array(view.codes.length);
  const errors = new Float64Array(view.codes.length);
  for (let row = 0; row < view.count; row += 1) {
    const code = view.codeAt(row);
    if (code < 0 || !view.isCall(row) || view.isAmbiguous(row)) continue;
    counts[code] = (counts[code] ?? 0) + 1;
    if (view.isError(row)) errors[code] = (errors[code] ?? 0) + 1;
  }
  return view.codes
    .map((rv, code) => ({ rv, count: counts[code] ?? 0, expected: (counts[code] ?? 0) - (errors[code] ?? 0) }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || (a.rv < b.rv ? -1 : 1))
    .map((entry) => ({ ...entry, meaning: explainReturnValue(entry.rv, "").message }));
};
