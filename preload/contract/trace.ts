import { z } from "zod";
import { event, request } from "./declare.ts";
import { dialects, loginFunctions, marks, pinCommands } from "./trace-words.ts";

/**
 * Opened logs: our own recordings, live or finished, and the logs of other tools. One opened trace is one list of rows,
 * whatever its files and dialects; all that is known of a row is decoded when it is asked for, never for all rows.
 */

export const dialectName = z.enum(dialects);
export type DialectName = z.infer<typeof dialectName>;

/** Id of an opened trace ("t1"). It lives until it is closed or the app ends. */
const traceId = z.string().min(1).meta({ title: "Opened trace" });
/** Number of a row in the opened trace, from 0, after merging files by time. Rows of a growing trace keep their numbers
 *  within a file; merging may move them, which `generation` in every reply tells. */
const rowNumber = z.number().int().nonnegative();
const filterText = z.string().max(2000);

export const mark = z.enum(marks);

/** How a return code is to be taken here: `expected` is a non-zero code that is no error (size question, probe). */
export const outcome = z.enum(["ok", "expected", "warning", "error", "none"]);

/** A value of an argument. Sensitive ones have `masked` and no text until `trace.reveal`. */
export interface TraceField {
  name: string;
  direction: "in" | "out";
  /** For people: names of constants, decoded text, lengths. */
  text: string;
  /** What the argument is for, one line, from the function description. */
  about?: string | undefined;
  kind:
    | "number"
    | "handle"
    | "session"
    | "slot"
    | "flags"
    | "name"
    | "text"
    | "bytes"
    | "pin"
    | "template"
    | "attribute"
    | "mechanism"
    | "structure"
    | "list"
    | "pointer"
    | "null";
  /** Length in bytes of the value, if it has one. */
  length?: number | undefined;
  /** Up to 4,096 bytes of a value that may be shown, lower-case hex. */
  hex?: string | undefined;
  /** Handle of an object, "0x5", if it is one. */
  handle?: string | undefined;
  masked?: boolean | undefined;
  /** Where the value stands in the record: bytes from its start. */
  at?: { from: number; to: number } | undefined;
  fields?: TraceField[] | undefined;
}
export const traceField: z.ZodType<TraceField> = z.lazy(() =>
  z.object({
    name: z.string(),
    direction: z.enum(["in", "out"]),
    text: z.string(),
    about: z.string().optional(),
    kind: z.enum([
      "number",
      "handle",
      "session",
      "slot",
      "flags",
      "name",
      "text",
      "bytes",
      "pin",
      "template",
      "attribute",
      "mechanism",
      "structure",
      "list",
      "pointer",
      "null",
    ]),
    length: z.number().optional(),
    hex: z.string().optional(),
    handle: z.string().optional(),
    masked: z.boolean().optional(),
    at: z.object({ from: z.number().int(), to: z.number().int() }).optional(),
    fields: z.array(traceField).optional(),
  }),
);

/** What every row has, in the list. */
export const traceRow = z.object({
  row: rowNumber,
  /** Index into the trace's files. */
  file: z.number().int(),
  /** call: a PKCS#11 call. apdu: a command and its answer. enter, message: lines of OPENSC_DEBUG. note: lines about the log itself. */
  kind: z.enum(["call", "apdu", "enter", "message", "note"]),
  /** Nesting in OPENSC_DEBUG and folded operations. */
  depth: z.number().int(),
  /** Number that the log itself gives the record. */
  number: z.number().nullable(),
  /** Nanoseconds since the epoch as text ("1764000000123456789"); null if the log has no time. Day unknown: since midnight. */
  time: z.string().nullable(),
  /** ns. `durationIs`: exact (both ends measured), at-most (until the next call of the thread), unknown. */
  duration: z.number().nullable(),
  durationIs: z.enum(["exact", "at-most", "unknown"]),
  process: z.number().nullable(),
  thread: z.string().nullable(),
  name: z.string(),
  /** CKR name, "0x..." or an OpenSC code ("-1214"); null: none in the log. */
  rv: z.string().nullable(),
  outcome,
  session: z.string().nullable(),
  /** The arguments that matter, in a line. Nothing sensitive. */
  summary: z.string(),
  marks: z.array(mark),
});
export type TraceRow = z.infer<typeof traceRow>;

/** A record fully decoded. */
export const traceCall = traceRow.extend({
  rvNumber: z.number().nullable(),
  fields: z.array(traceField),
});
export type TraceCall = z.infer<typeof traceCall>;

export const explanation = z.object({
  /** What the call is for, what must precede it. */
  purpose: z.string(),
  /** What the return code says in general. */
  meaning: z.string(),
  /** What it says here, in this sequence of calls, and why. Empty if nothing more is known. */
  here: z.string(),
  /** What to do. Empty if nothing. */
  remedy: z.string(),
  /** Section of the standard or other source. */
  source: z.string(),
  outcome,
});
export type Explanation = z.infer<typeof explanation>;

/** The life of a handle: rows where it was made, found, used and ended. */
export const handleStory = z.object({
  handle: z.string(),
  kind: z.enum(["session", "object"]),
  process: z.number().nullable(),
  /** Label, class, CKA_ID as far as the log shows them. */
  about: z.string(),
  events: z.array(
    z.object({ row: rowNumber, what: z.enum(["made", "found", "used", "changed", "ended"]), name: z.string() }),
  ),
  more: z.number().int(),
});
export type HandleStory = z.infer<typeof handleStory>;

export const loginEvent = z.object({
  row: rowNumber,
  time: z.string().nullable(),
  function: z.enum([...loginFunctions, ...pinCommands]),
  process: z.number().nullable(),
  program: z.string().nullable(),
  session: z.string().nullable(),
  slot: z.string().nullable(),
  /** "label (serial)" of the token as far as the log tells. */
  token: z.string().nullable(),
  user: z.enum(["user", "SO", "context-specific", "other"]).nullable(),
  how: z.enum(["PIN", "PIN pad", "none"]),
  rv: z.string().nullable(),
  outcome,
  /** What it means: "wrong PIN; the token reported the last try before". */
  meaning: z.string(),
  /** CKF_ words of the token's PIN state read before and after, if the program read them; tries left of a card. */
  flagsBefore: z.array(z.string()).nullable(),
  flagsAfter: z.array(z.string()).nullable(),
  triesLeft: z.number().nullable(),
  duration: z.number().nullable(),
  durationIs: z.enum(["exact", "at-most", "unknown"]),
});
export type LoginEvent = z.infer<typeof loginEvent>;

export const loginTrace = z.object({
  events: z.array(loginEvent),
  /** One sentence per token: who locked it, or how near it is to that. */
  verdicts: z.array(z.object({ token: z.string(), text: z.string(), row: rowNumber.nullable(), outcome })),
  /** Older events that are left out of a very long trace. */
  more: z.number().int().nonnegative(),
});
export type LoginTrace = z.infer<typeof loginTrace>;

export const functionStatistics = z.object({
  name: z.string(),
  calls: z.number().int(),
  errors: z.number().int(),
  /** ns; null where the log has no usable times. Ambiguous records are left out. */
  total: z.number().nullable(),
  mean: z.number().nullable(),
  p50: z.number().nullable(),
  p95: z.number().nullable(),
  max: z.number().nullable(),
  /** Share of the time of all calls, 0 to 1. */
  share: z.number().nullable(),
  /** Calls per decade step of duration: bucket i counts durations in [100 ns * 10^(i/2), ...). */
  histogram: z.array(z.number().int()),
});
export type FunctionStatistics = z.infer<typeof functionStatistics>;

export const finding = z.object({
  /** Stable name: "repeated-wrong-pin", "session-leak" ... */
  id: z.string(),
  severity: z.enum(["error", "warning", "hint"]),
  title: z.string(),
  text: z.string(),
  remedy: z.string(),
  rows: z.array(rowNumber),
  count: z.number().int(),
});
export type Finding = z.infer<typeof finding>;

export const traceFile = z.object({
  path: z.string(),
  dialect: dialectName,
  /** Version or generation of the dialect: "0.23", "1". */
  version: z.string().nullable(),
  bytes: z.number(),
  /** What durations of its rows are: both ends are in the log; upper bounds, from the times of beginning; not in it. */
  durations: z.enum(["exact", "at-most", "none"]),
  /** Sentences on what this dialect cannot tell, for the screen. */
  limits: z.array(z.string()),
  program: z.string().nullable(),
  process: z.number().nullable(),
  module: z.string().nullable(),
  /** Redaction level of an own recording. */
  level: z.number().nullable(),
  /** gz, xz, zst, utf-16, pasted; empty for a plain log. */
  wrapped: z.array(z.string()),
});
export type TraceFile = z.infer<typeof traceFile>;

/** How far the index is. */
export const traceProgress = z.object({
  trace: traceId,
  /** Grows each time rows may have changed their numbers. */
  generation: z.number().int(),
  rows: z.number().int(),
  /** Estimate of the final number of rows while indexing. */
  estimatedRows: z.number().int(),
  bytesDone: z.number(),
  bytesTotal: z.number(),
  errors: z.number().int(),
  ambiguous: z.number().int(),
  broken: z.number().int(),
  lost: z.number().int(),
  state: z.enum(["indexing", "following", "done", "cancelled", "failed"]),
  /** Why it failed. */
  message: z.string().nullable(),
});
export type TraceProgress = z.infer<typeof traceProgress>;

const sources = {
  /** Paths of log files. */
  files: z.array(z.string()).default([]),
  /** Names of recordings in the app's own trace folder; with `live`, those that come later too. */
  recordings: z.array(z.string()).default([]),
};

export const traceSummary = z.object({
  files: z.array(traceFile),
  progress: traceProgress,
  programs: z.array(
    z.object({
      program: z.string(),
      process: z.number().nullable(),
      calls: z.number().int(),
      errors: z.number().int(),
      sessions: z.number().int(),
      logins: z.number().int(),
      first: z.string().nullable(),
      last: z.string().nullable(),
    }),
  ),
  functions: z.array(functionStatistics),
  /** Commands to the card by their names, with the card's time; logs of OpenSC have them. */
  commands: z.array(functionStatistics),
  /** `expected`: how often it was no error there. `meaning`: what the code says in general. */
  returnCodes: z.array(
    z.object({ rv: z.string(), count: z.number().int(), expected: z.number().int(), meaning: z.string() }),
  ),
  logins: loginTrace,
  findings: z.array(finding),
  threads: z.array(z.object({ process: z.number().nullable(), thread: z.string(), calls: z.number().int() })),
});
export type TraceSummary = z.infer<typeof traceSummary>;

/** A process, or a thread of one that has several, whose calls can be compared. */
export const comparePart = z.object({
  key: z.string(),
  process: z.number().nullable(),
  program: z.string().nullable(),
  /** null: all threads of the process. */
  thread: z.string().nullable(),
  calls: z.number().int(),
});
export type ComparePart = z.infer<typeof comparePart>;
const compareSide = z.object({
  /** Key of the part that was compared. */
  part: z.string(),
  /** Parts of the trace, the busiest process first. */
  parts: z.array(comparePart),
});

export const exportFormat = z.enum(["same", "jsonl", "csv", "chrome"]);

export const trace = {
  requests: {
    open: request({
      summary: "Opens logs as one list of rows; replies at once with the first rows, the index grows behind it.",
      runs: "main",
      limitSeconds: 60,
      input: z.object({
        ...sources,
        /** Follow growing files, and with `recordings` empty and `files` empty every recording that comes. */
        live: z.boolean().default(false),
        /** Text pasted from a page or issue, instead of files. */
        pasted: z.string().max(16_000_000).optional(),
      }),
      output: z.object({
        trace: traceId,
        files: z.array(traceFile),
        first: z.array(traceRow),
        progress: traceProgress,
      }),
    }),
    close: request({
      summary: "Forgets an opened trace and stops its workers.",
      runs: "main",
      input: z.object({ trace: traceId }),
      output: z.object({}),
    }),
    cancel: request({
      summary: "Stops indexing; what is indexed stays usable.",
      runs: "main",
      input: z.object({ trace: traceId }),
      output: traceProgress,
    }),
    progress: request({
      summary: "How far the index is.",
      runs: "main",
      input: z.object({ trace: traceId }),
      output: z.object({ files: z.array(traceFile), progress: traceProgress }),
    }),
    rows: request({
      summary: "Rows from a place on, of all rows or of those that a filter lets through.",
      runs: "main",
      input: z.object({
        trace: traceId,
        from: rowNumber,
        count: z.number().int().min(1).max(2000),
        filter: filterText.default(""),
        fold: z.boolean().default(false),
      }),
      output: z.object({
        generation: z.number().int(),
        /** Rows that pass the filter. */
        matched: z.number().int(),
        total: z.number().int(),
        /** Position among the matching rows of the first of `rows`. */
        from: rowNumber,
        rows: z.array(traceRow),
        /** Text search is still running over the rest. */
        searching: z.boolean(),
      }),
    }),
    position: request({
      summary: "Where a row stands among the rows of a filter (for scrolling to it).",
      runs: "main",
      input: z.object({
        trace: traceId,
        row: rowNumber,
        /** The generation in which the row had this number; without it, the present one. */
        generation: z.number().int().optional(),
        filter: filterText.default(""),
        fold: z.boolean().default(false),
      }),
      /** `row`: the number that it has in `generation`, the present one; null if its record is no longer there. */
      output: z.object({
        position: rowNumber,
        exact: z.boolean(),
        row: rowNumber.nullable(),
        generation: z.number().int(),
      }),
    }),
    next: request({
      summary: "The next or previous row of a kind, from a row on.",
      runs: "main",
      input: z.object({
        trace: traceId,
        row: z.number().int().min(-1),
        what: z.enum(["error", "login", "object-change", "match"]),
        backwards: z.boolean().default(false),
        filter: filterText.default(""),
      }),
      output: z.object({ row: rowNumber.nullable() }),
    }),
    check: request({
      summary: "Whether a filter is valid, and what may follow at the cursor.",
      runs: "main",
      input: z.object({ trace: traceId.optional(), filter: filterText, cursor: z.number().int().nonnegative() }),
      output: z.object({
        valid: z.boolean(),
        message: z.string(),
        /** Range of the faulty part. */
        at: z.object({ from: z.number().int(), to: z.number().int() }).nullable(),
        completions: z.array(
          z.object({ text: z.string(), about: z.string(), from: z.number().int(), to: z.number().int() }),
        ),
      }),
    }),
    call: request({
      summary: "One record with decoded arguments, explanation, its bytes and the objects behind its handles.",
      runs: "main",
      input: z.object({ trace: traceId, row: rowNumber }),
      output: z.object({
        call: traceCall,
        explanation,
        /** The record's place in its file and its bytes for the hex and text view, masked, at most 64 KiB (base64). */
        bytes: z.object({
          offset: z.number(),
          length: z.number(),
          base64: z.string(),
          masked: z.array(z.object({ from: z.number().int(), to: z.number().int() })),
        }),
        handles: z.array(handleStory),
        /** Rows that belong together: Init .. Final, size question and call. */
        operation: z.array(z.object({ row: rowNumber, name: z.string() })),
        /** pkcs11-tool commands that make the same call; names in capitals stand for what is not in the log. No PINs. */
        equivalents: z.array(z.string()),
      }),
    }),
    reveal: request({
      summary: "The value of one masked field of a foreign log, on the user's explicit wish. Own recordings have none.",
      runs: "main",
      input: z.object({
        trace: traceId,
        row: rowNumber,
        at: z.object({ from: z.number().int(), to: z.number().int() }),
      }),
      output: z.object({ hex: z.string(), text: z.string() }),
    }),
    handle: request({
      summary: "Where a handle was made, found, used and ended.",
      runs: "main",
      input: z.object({
        trace: traceId,
        row: rowNumber,
        handle: z.string(),
        /** Sessions and objects have numbers of their own; without it, what the row's call has under this number. */
        kind: z.enum(["session", "object"]).optional(),
      }),
      output: handleStory,
    }),
    logins: request({
      summary: "Every login, logout and PIN change with its meaning, and who locked a token.",
      runs: "main",
      limitSeconds: 120,
      input: z.object({ trace: traceId }),
      output: loginTrace,
    }),
    statistics: request({
      summary: "Summary of an opened trace: programs, functions, return codes, logins, findings.",
      runs: "main",
      limitSeconds: 120,
      input: z.object({ trace: traceId }),
      output: traceSummary,
    }),
    timeline: request({
      summary: "Spans for a lane per thread between two times, thinned out to what can be seen.",
      runs: "main",
      input: z.object({
        trace: traceId,
        from: z.string().nullable(),
        to: z.string().nullable(),
        pixels: z.number().int().min(10).max(8192),
        filter: filterText.default(""),
      }),
      output: z.object({
        from: z.string().nullable(),
        to: z.string().nullable(),
        lanes: z.array(
          z.object({
            process: z.number().nullable(),
            thread: z.string(),
            spans: z.array(
              z.object({
                /** The first of the calls in the span. */
                row: rowNumber,
                /** ns behind `from`. */
                start: z.number(),
                end: z.number(),
                name: z.string(),
                outcome,
                calls: z.number().int(),
              }),
            ),
          }),
        ),
      }),
    }),
    compare: request({
      summary: "Two opened traces side by side with handles, pointers, processes and times made comparable.",
      runs: "main",
      limitSeconds: 300,
      input: z.object({
        left: traceId,
        right: traceId,
        /** Keys of the parts to compare, of those that the reply names; without them, of each trace its busiest process. */
        leftPart: z.string().optional(),
        rightPart: z.string().optional(),
        /** Steps to leave out at the beginning: those that were shown before. */
        from: z.number().int().nonnegative().default(0),
        limit: z.number().int().min(1).max(5000).default(500),
      }),
      output: z.object({
        left: compareSide,
        right: compareSide,
        same: z.number().int(),
        /** Steps in which the two differ, with some around them; `steps` are `limit` of them at most, from `from` on. */
        total: z.number().int(),
        /** The first place where the two differ in more than handles and times. */
        first: z.object({ left: rowNumber.nullable(), right: rowNumber.nullable(), why: z.string() }).nullable(),
        steps: z.array(z.object({ left: traceRow.nullable(), right: traceRow.nullable(), difference: z.string() })),
      }),
    }),
    summary: request({
      summary:
        "Dialect, counts, calls per function, logins and findings of log files, without opening them in the window.",
      runs: "main",
      limitSeconds: 600,
      input: z.object(sources),
      output: traceSummary,
    }),
    records: request({
      summary: "Pages through the decoded, masked records of log files.",
      runs: "main",
      limitSeconds: 600,
      input: z.object({
        ...sources,
        from: rowNumber.default(0),
        count: z.number().int().min(1).max(1000).default(100),
        filter: filterText.default(""),
      }),
      output: z.object({ matched: z.number().int(), total: z.number().int(), records: z.array(traceCall) }),
    }),
    export: request({
      summary:
        "Writes a copy with everything sensitive masked: in its own dialect (same offsets), JSON Lines, CSV or Chrome trace JSON.",
      runs: "main",
      changes: true,
      limitSeconds: 600,
      input: z.object({
        trace: traceId.optional(),
        ...sources,
        format: exportFormat,
        filter: filterText.default(""),
        /** Replace serials, labels, DNs and paths by same-length stand-ins. */
        pseudonymise: z.boolean().default(false),
        path: z.string().min(1),
        overwrite: z.boolean().default(false),
      }),
      output: z.object({
        path: z.string(),
        bytes: z.number(),
        records: z.number().int(),
        masked: z.array(z.object({ what: z.string(), count: z.number().int() })),
      }),
    }),
  },
  events: {
    progress: event("An opened trace has grown or is indexed further (at most 10 a second).", traceProgress),
  },
};
