import { useEffect, useRef, useState } from "react";
import type { Output } from "../../../preload/contract/index.ts";
import { call, errorOf } from "../../client/call.ts";

export type Checked = Output<"trace.check">;

/** Milliseconds of rest after which what is typed is checked. */
const rest = 60;

/**
 * Whether what is typed is a filter, and what may follow at the cursor.
 * @param onValid told a text that may be used
 */
export const useFilterCheck = (trace: string, text: string, cursor: number, onValid: (text: string) => void) => {
  const [checked, setChecked] = useState<(Checked & { text: string }) | null>(null);
  const latest = useRef(onValid);
  latest.current = onValid;
  useEffect(() => {
    let gone = false;
    const timer = setTimeout(() => {
      call("trace.check", { trace, filter: text, cursor }).then(
        (reply) => {
          if (gone) return;
          setChecked({ ...reply, text });
          if (reply.valid) latest.current(text);
        },
        (thrown) => {
          if (!gone) setChecked({ valid: false, message: errorOf(thrown).message, at: null, completions: [], text });
        },
      );
    }, rest);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [trace, text, cursor]);
  return checked?.text === text ? checked : null;
};
