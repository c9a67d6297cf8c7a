import type { TraceSummary } from "../../preload/contract/trace.ts";
import type { HandlersOf } from "../dispatch.ts";
import { failure } from "../pkcs11/failure.ts";
import { fillMasks, type Mask, type RecordBytes } from "./dialects/dialect.ts";
import { equivalentsOf } from "./explain/equivalents.ts";
import { explain } from "./explain/explain.ts";
import { withTexts } from "./explain/field-texts.ts";
import { pastOf } from "./explain/past.ts";
import { exportTrace } from "./export/export.ts";
import { checkFilter } from "./filter/check.ts";
import { operationAround } from "./folding.ts";
import { handleStories, handleStoryOf, handlesIn } from "./handles/story.ts";
import { nextRow } from "./next-row.ts";
import { timeline } from "./timeline.ts";
import type { Trace } from "./trace.ts";
import { pageOf, positionIn } from "./trace-rows.ts";
import type { OpenedTrace, Traces } from "./traces.ts";
import { readerView } from "./view/reader-view.ts";

const firstRows = 100;
/** Bytes of a record that are handed out for the hex and text view. */
const shownBytes = 65536;

/** The requests on traces, each in a few lines over the parts that do the work. */
export const traceHandlers = (traces: Traces): HandlersOf<"trace"> => ({
  "trace.open": async (sources) => {
    const { trace } = await traces.open(sources);
    const first = Array.from({ length: Math.min(firstRows, trace.rowCount) }, (_, row) => trace.row(row));
    return { trace: trace.id, files: [...trace.files], first, progress: trace.progress() };
  },
  "trace.close": async ({ trace }) => {
    await traces.close(trace);
    return {};
  },
  "trace.cancel": ({ trace }) => {
    const opened = traces.named(trace);
    opened.trace.cancel();
    return opened.trace.progress();
  },
  "trace.progress": ({ trace }) => {
    const opened = traces.named(trace);
    return { files: [...opened.trace.files], progress: opened.trace.progress() };
  },
  "trace.rows": ({ trace: id, from, count, filter, fold }) => {
    const { trace, rows } = traces.named(id);
    const matching = rows.matching(filter, fold);
    return {
      generation: trace.generation,
      matched: matching.count,
      total: trace.rowCount,
      from,
      rows: pageOf(matching, from, count, (row) => trace.row(row)),
      searching: matching.searching,
    };
  },
  "trace.position": ({ trace: id, row: then, generation, filter, fold }) => {
    const { trace, rows } = traces.named(id);
    const matching = rows.matching(filter, fold);
    const row = trace.rowNow(then, generation ?? trace.generation);
    const now = { row, generation: trace.generation };
    if (row === null) return { position: 0, exact: false, ...now };
    if (matching.rows) return { ...positionIn(matching.rows, row), ...now };
    return { position: Math.min(row, Math.max(0, trace.rowCount - 1)), exact: row < trace.rowCount, ...now };
  },
  "trace.next": ({ trace: id, row, what, backwards, filter }) => {
    const { trace, rows } = traces.named(id);
    return { row: nextRow(trace, rows.matching(filter, false).rows, { row, what, backwards }) };
  },
  "trace.check": ({ trace, filter, cursor }) =>
    checkFilter(filter, cursor, trace === undefined ? null : traces.named(trace).trace),
  "trace.call": ({ trace, row }) => callOf(traces.named(trace), row),
  "trace.reveal": ({ trace: id, row, at }) => {
    const { trace } = traces.named(id);
    existing(trace.rowCount, id, row);
    if (!masksIn(trace, row, trace.record(row)).some(({ from, to }) => from <= at.from && at.to <= to))
      throw failure("INVALID_REQUEST", {
        where: `${id}, row ${row}`,
        message: "There is no masked value at this place.",
        remedy: "Give the place of one masked field.",
      });
    const value = Buffer.from(trace.recordPart(row, at.from, Math.min(at.to, at.from + shownBytes)));
    return { hex: value.toString("hex"), text: value.toString("utf8") };
  },
  "trace.handle": ({ trace: id, row, handle, kind }) => {
    const { trace } = traces.named(id);
    existing(trace.rowCount, id, row);
    const known = handlesIn(trace.parse(row)).find((entry) => entry.handle === handle);
    return handleStoryOf(readerView(trace), row, handle, kind ?? known?.kind ?? "object");
  },
  "trace.logins": ({ trace }) => traces.analyse("logins", [traces.named(trace)]),
  "trace.statistics": ({ trace }) => summaryFor(traces, traces.named(trace)),
  "trace.timeline": ({ trace: id, from, to, pixels, filter }) => {
    const { trace, rows } = traces.named(id);
    return timeline(trace, { from, to, pixels, rows: rows.matching(filter, false).rows });
  },
  "trace.compare": ({ left, right, ...wanted }) =>
    traces.analyse("compare", [traces.named(left), traces.named(right)], wanted),
  "trace.summary": (sources) => traces.with(sources, (opened) => summaryFor(traces, opened)),
  "trace.records": ({ from, count, filter, ...sources }) =>
    traces.with(sources, async ({ trace, rows }) => {
      const matching = await rows.matchingAll(filter);
      const records = pageOf(matching, from, count, (row) => trace.parse(row));
      return { matched: matching.count, total: trace.rowCount, records };
    }),
  "trace.export": (wanted) => exportTrace(traces, wanted),
});

/** The last summary of each trace, with the state that it is of: asking again for the same costs nothing. */
const summaries = new WeakMap<Trace, { of: string; summary: Promise<TraceSummary> }>();

const summaryFor = (traces: Traces, opened: OpenedTrace): Promise<TraceSummary> => {
  const { trace } = opened;
  const progress = trace.progress();
  const of = `${trace.generation} ${trace.rowCount} ${progress.state}`;
  const kept = summaries.get(trace);
  if (kept?.of === of) return kept.summary;
  const summary = traces.analyse("summary", [opened]);
  summaries.set(trace, { of, summary });
  summary.catch(() => summaries.delete(trace));
  return summary;
};

const existing = (rowCount: number, id: string, row: number): void => {
  if (row < rowCount) return;
  throw failure("INVALID_REQUEST", {
    where: `${id}, row ${row}`,
    message: `The trace has ${rowCount} rows.`,
    remedy: "Ask for a row that is there.",
  });
};

const masksIn = (trace: Trace, row: number, record: RecordBytes): Mask[] =>
  trace.logOf(row).dialect.mask(record, trace.context(row));

const callOf = ({ trace, rows }: OpenedTrace, row: number) => {
  existing(trace.rowCount, trace.id, row);
  const call = trace.parse(row);
  const view = readerView(trace);
  const past = pastOf(view, row);
  const record = trace.record(row);
  const masks = masksIn(trace, row, record);
  const masked = masks.map(({ from, to }) => ({ from, to })).filter(({ from }) => from < shownBytes);
  return {
    call: { ...call, fields: withTexts(call.fields) },
    explanation: explain(call, past),
    bytes: {
      offset: trace.columns.offset[trace.slot(row)] ?? 0,
      length: record.length,
      base64: Buffer.from(fillMasks(record.bytes.subarray(0, shownBytes), masks)).toString("base64"),
      masked,
    },
    handles: handleStories(view, call),
    operation: operationAround(trace, rows.folds, row).map((member) => ({
      row: member,
      name: trace.names[trace.columns.name[trace.slot(member)] ?? 0] ?? "",
    })),
    equivalents: equivalentsOf(call, past, trace.logOf(row).detection.facts.module),
  };
};
