import type { LoginTrace, TraceProgress, TraceSummary } from "../../../preload/contract/trace.ts";
import { type Comparison, compare, type Wanted } from "../compare/compare.ts";
import { loginTrace } from "../logins/login-trace.ts";
import type { TraceReader } from "../reader.ts";
import { summaryOf } from "../statistics/summary.ts";
import { readerView } from "../view/reader-view.ts";
import { SnapshotReader, type TraceSnapshot } from "./snapshot.ts";

/** The questions about whole traces, which take up to seconds, with their answers. */
export interface Analyses {
  summary: TraceSummary;
  logins: LoginTrace;
  compare: Comparison;
}

/** A question for a worker thread. */
export interface Analysis {
  what: keyof Analyses;
  of: readonly TraceSnapshot[];
  /** Of a comparison. */
  wanted: Wanted;
}

/** What is read for an answer. */
export interface Read {
  reader: TraceReader;
  progress: TraceProgress;
}

const answers: { [What in keyof Analyses]: (first: Read, second: Read, wanted: Wanted) => Analyses[What] } = {
  summary: ({ reader, progress }) => summaryOf(readerView(reader), reader.files, progress),
  logins: ({ reader }) => loginTrace(readerView(reader)),
  compare: (left, right, wanted) => compare(readerView(left.reader), readerView(right.reader), wanted),
};

/** Answers a question; blocks while it does. @param read one trace; two to compare */
export const answer = <What extends keyof Analyses>(
  what: What,
  read: readonly Read[],
  wanted: Wanted,
): Analyses[What] => {
  const [first, second = first] = read;
  if (!first || !second) throw new Error("a question about nothing");
  return answers[what](first, second, wanted);
};

/** Answers in the worker thread, which reads the logs itself. @throws if one is gone, or another file has its name now */
export const analyse = ({ what, of, wanted }: Analysis): Analyses[keyof Analyses] => {
  const readers: SnapshotReader[] = [];
  try {
    for (const snapshot of of) readers.push(new SnapshotReader(snapshot));
    return answer(
      what,
      readers.map((reader) => ({ reader, progress: reader.progress })),
      wanted,
    );
  } finally {
    for (const reader of readers) reader.close();
  }
};
