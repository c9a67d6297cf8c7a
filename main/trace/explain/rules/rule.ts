import type { TraceCall } from "../../../../preload/contract/trace.ts";
import type { Past } from "../past.ts";

/** What a return code says in this place. */
export interface Here {
  here: string;
  remedy?: string;
}

export interface Rule {
  /** Return codes that it is about. */
  codes: readonly string[];
  /** Functions that it is about; all, if left out. */
  functions?: RegExp;
  /** @returns null if it has nothing to say here. */
  tell(call: TraceCall, past: Past): Here | null;
}
