import type { TraceCall } from "../../../preload/contract/trace.ts";
import { csv } from "../../objects/csv.ts";
import type { ExportParts } from "./same.ts";
import { masksOf, sanitised, unseenPart } from "./sanitise.ts";

/** The rows decoded from what is left of their bytes when all masks are in: what is masked cannot be in a field. */
function* calls({ trace, rows, pseudonyms, counts }: ExportParts): Generator<TraceCall> {
  const count = rows?.length ?? trace.rowCount;
  for (let i = 0; i < count; i++) {
    const row = rows?.[i] ?? i;
    const { dialect } = trace.logOf(row);
    const record = trace.record(row);
    const context = trace.context(row);
    const masks = masksOf(dialect, record, context, pseudonyms);
    counts.addMasks(masks);
    if (unseenPart(dialect, record)) counts.add("middle of a very long record");
    yield dialect.parse(sanitised(dialect, record, masks), context);
  }
}

/** JSON Lines: one decoded record (TraceCall of the contract) a line. */
export function* jsonLines(parts: ExportParts): Generator<string> {
  for (const call of calls(parts)) yield `${JSON.stringify(call)}\n`;
}

const columns: [string, (call: TraceCall, hasDay: boolean) => string | number | null][] = [
  ["row", ({ row }) => row],
  ["file", ({ file }) => file],
  ["kind", ({ kind }) => kind],
  ["number", ({ number }) => number],
  ["time", ({ time }, hasDay) => (time === null ? null : readable(BigInt(time), hasDay))],
  ["time_ns", ({ time }) => time],
  ["duration_ns", ({ duration }) => duration],
  ["duration_is", ({ durationIs }) => durationIs],
  ["process", ({ process }) => process],
  ["thread", ({ thread }) => thread],
  ["name", ({ name }) => name],
  ["rv", ({ rv }) => rv],
  ["outcome", ({ outcome }) => outcome],
  ["session", ({ session }) => session],
  ["summary", ({ summary }) => summary],
  ["marks", ({ marks }) => marks.join(" ")],
];

/** UTC, with nanoseconds; a log without a day has the time of day alone. */
const readable = (time: bigint, hasDay: boolean): string => {
  const milliseconds = Number(time / 1_000_000n);
  if (!Number.isFinite(milliseconds) || Math.abs(milliseconds) > 8.64e15) return "";
  const text = new Date(milliseconds).toISOString().slice(0, -1);
  const whole = `${text}${String(time % 1_000_000n).padStart(6, "0")}`;
  return hasDay ? `${whole}Z` : whole.slice(whole.indexOf("T") + 1);
};

/** CSV (RFC 4180): one row a line, without arguments beyond the summary. */
export function* csvLines(parts: ExportParts): Generator<string> {
  yield csv(
    columns.map(([name]) => name),
    [],
  );
  for (const call of calls(parts)) {
    const hasDay = parts.trace.logs[call.file]?.dialect.times === "epoch";
    yield csv(
      columns.map(([, cell]) => String(cell(call, hasDay) ?? "")),
      [],
    );
  }
}

/**
 * Chrome trace event format (JSON object format), which Perfetto reads: calls as complete events ("X"), notes and
 * messages as instants ("i"). Times are us from the first row that has one, with ns behind the point; `otherData` says
 * when that was. A row without a time stands where the row before it began, and says so.
 */
export function* chromeTrace(parts: ExportParts): Generator<string> {
  let first: bigint | null = null;
  let last = 0n;
  const lanes = new Map<string, number>();
  let start = '{"displayTimeUnit":"ns","traceEvents":[\n';
  for (const call of calls(parts)) {
    const time = call.time === null ? null : BigInt(call.time);
    if (time !== null) {
      first ??= time;
      last = time - first;
    }
    const pid = call.process ?? call.file;
    const lane = `${pid} ${call.file} ${call.thread ?? ""}`;
    let tid = lanes.get(lane);
    if (tid === undefined) {
      tid = lanes.size + 1;
      lanes.set(lane, tid);
      const name = call.thread === null ? "thread not in the log" : `thread ${call.thread}`;
      yield `${start}${JSON.stringify({ ph: "M", name: "thread_name", pid, tid, args: { name } })}`;
      start = ",\n";
    }
    yield `${start}${eventOf(call, { pid, tid, at: last })}`;
    start = ",\n";
  }
  const otherData = first === null ? {} : { firstTimeNs: String(first) };
  yield `${start === ",\n" ? "" : start}\n],"otherData":${JSON.stringify(otherData)}}\n`;
}

const eventOf = (call: TraceCall, { pid, tid, at }: { pid: number; tid: number; at: bigint }): string => {
  const { row, number, name, kind, rv, outcome, session, summary, marks, durationIs, duration } = call;
  const isInstant = kind === "note" || kind === "message";
  const noTime = call.time === null ? { timeIs: "unknown" } : {};
  const args = { row, number, rv, outcome, session, summary, marks, durationIs, ...noTime };
  const event = { name: name || kind, cat: kind, ph: isInstant ? "i" : "X", pid, tid, args };
  const length = isInstant ? ',"s":"t"' : `,"dur":${microseconds(BigInt(Math.max(0, Math.round(duration ?? 0))))}`;
  return `${JSON.stringify(event).slice(0, -1)},"ts":${microseconds(at)}${length}}`;
};

/** ns as us, exactly: a double has not enough digits for both. */
const microseconds = (ns: bigint): string => {
  const size = ns < 0n ? -ns : ns;
  return `${ns < 0n ? "-" : ""}${size / 1000n}.${String(size % 1000n).padStart(3, "0")}`;
};
