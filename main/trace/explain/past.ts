import type { TraceCall } from "../../../preload/contract/trace.ts";
import { nameCodes, programAt, type TraceView } from "../view/view.ts";

/** What went before a call in the same process. */
export interface Past {
  /**
   * Calls with these names, newest first.
   * @param limit at most so many are decoded
   */
  back(names: readonly string[], limit?: number): Iterable<TraceCall>;
}

const lookBehindRows = 1_000_000;

/** What went before a row of a trace, over at most a million rows. */
export const pastOf = (view: TraceView, row: number): Past => {
  const program = programAt(view, row);
  return {
    back: function* (names, limit = 200) {
      const wanted = nameCodes(view, names);
      const end = Math.max(0, row - lookBehindRows);
      let left = limit;
      for (let at = row - 1; at >= end && left > 0 && wanted.size > 0; at -= 1) {
        if (!wanted.has(view.nameAt(at)) || !view.isCall(at) || programAt(view, at) !== program) continue;
        left -= 1;
        yield* view.calls([at]);
      }
    },
  };
};

/** The newest call that fits. */
export const lastOf = (
  past: Past,
  names: readonly string[],
  fits: (call: TraceCall) => boolean = () => true,
  limit?: number,
): TraceCall | null => {
  for (const call of past.back(names, limit)) if (fits(call)) return call;
  return null;
};

export const succeeded = (call: TraceCall): boolean => call.rv === "CKR_OK";
