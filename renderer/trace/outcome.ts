import type { TraceRow } from "../../preload/contract/trace.ts";

/** A sign and a word for each outcome: colour alone tells nobody anything. */
export const outcomeWords: Record<TraceRow["outcome"], { sign: string; word: string }> = {
  ok: { sign: "✓", word: "succeeded" },
  expected: { sign: "○", word: "no error here" },
  warning: { sign: "▲", word: "worth a look" },
  error: { sign: "✕", word: "failed" },
  none: { sign: "·", word: "no return code" },
};

/** How badges and notices about an outcome look. */
export const outcomeLook = {
  ok: "good",
  expected: undefined,
  warning: "warn",
  error: "danger",
  none: undefined,
} as const satisfies Record<TraceRow["outcome"], string | undefined>;

/** Words and meaning of the marks. */
export const markWords: Record<TraceRow["marks"][number], { title: string; about: string; look?: "warn" | "danger" }> =
  {
    ambiguous: {
      title: "ambiguous",
      about: "The log does not say which call this belongs to. It is left out of statistics.",
      look: "warn",
    },
    broken: { title: "broken", about: "Bytes of this record are missing or damaged.", look: "danger" },
    cut: { title: "cut", about: "The recorder left out some of the arguments." },
    "no-return": { title: "did not return", about: "The call never came back in this log.", look: "danger" },
    running: { title: "running", about: "The call has not come back yet.", look: "warn" },
    "size-question": { title: "size?", about: "The program asked how long the result would be." },
    "begin-only": { title: "begin only", about: "Only the beginning of the call was recorded.", look: "warn" },
    "best-effort": { title: "guessed", about: "Read from pasted text as well as it could be.", look: "warn" },
    "untrusted-text": {
      title: "odd text",
      about: "Text from a token in this record looks like lines of the log.",
      look: "warn",
    },
    "other-interface": { title: "3.x", about: "The call came in through a PKCS#11 3.x interface." },
  };
