import type { EventData } from "../../preload/contract/index.ts";
import type { MainHandlers } from "../dispatch.ts";
import { failure } from "../pkcs11/failure.ts";
import { explain } from "./explain/explain.ts";
import { pastOf } from "./explain/past.ts";
import { loginTrace } from "./logins/login-trace.ts";
import { summaryOf } from "./statistics/summary.ts";
import { Trace } from "./trace.ts";
import { readerView } from "./view/reader-view.ts";

type TraceHandlers = Pick<MainHandlers, Extract<keyof MainHandlers, `trace.${string}`>>;

export interface TraceOptions {
  emit(name: "trace.progress", data: EventData<"trace.progress">): void;
}

const firstRows = 100;

const notYet = (name: string) => (): never => {
  throw failure("NOT_OFFERED", {
    where: name,
    message: "This part of the trace viewer is not in this version.",
    remedy: "Use another view of the trace.",
  });
};

/** The opened traces and the requests on them. */
export const traceHandlers = ({ emit }: TraceOptions): TraceHandlers => {
  const traces = new Map<string, Trace>();
  let count = 0;

  const traceNamed = (id: string): Trace => {
    const trace = traces.get(id);
    if (trace) return trace;
    throw failure("INVALID_REQUEST", {
      where: id,
      message: "No trace with this id is open.",
      remedy: "Open the log again.",
    });
  };

  return {
    "trace.open": ({ files }) => {
      const trace = new Trace(`t${++count}`, (progress) => emit("trace.progress", progress));
      trace.open(files);
      traces.set(trace.id, trace);
      const rows = Math.min(firstRows, trace.rowCount);
      const first = Array.from({ length: rows }, (_, row) => trace.row(row));
      void trace.run();
      return { trace: trace.id, files: [...trace.files], first, progress: trace.progress() };
    },
    "trace.close": ({ trace }) => {
      traceNamed(trace).close();
      traces.delete(trace);
      return {};
    },
    "trace.cancel": ({ trace }) => {
      const opened = traceNamed(trace);
      opened.cancel();
      return opened.progress();
    },
    "trace.progress": ({ trace }) => {
      const opened = traceNamed(trace);
      return { files: [...opened.files], progress: opened.progress() };
    },
    "trace.rows": ({ trace, from, count: wanted }) => {
      const opened = traceNamed(trace);
      const total = opened.rowCount;
      const end = Math.min(from + wanted, total);
      const rows = Array.from({ length: Math.max(0, end - from) }, (_, i) => opened.row(from + i));
      return { generation: opened.generation, matched: total, total, from, rows, searching: false };
    },
    "trace.position": ({ row }) => ({ position: row, exact: true }),
    "trace.next": notYet("trace.next"),
    "trace.check": notYet("trace.check"),
    "trace.call": ({ trace, row }) => {
      const opened = traceNamed(trace);
      if (row >= opened.rowCount)
        throw failure("INVALID_REQUEST", {
          where: `${trace}, row ${row}`,
          message: `The trace has ${opened.rowCount} rows.`,
          remedy: "Ask for a row that is there.",
        });
      const call = { ...opened.parse(row), row };
      const { bytes, length } = opened.record(row);
      const slot = opened.slot(row);
      return {
        call,
        explanation: explain(call, pastOf(readerView(opened), row)),
        bytes: {
          offset: opened.columns.offset[slot] ?? 0,
          length,
          base64: Buffer.from(bytes.subarray(0, 65536)).toString("base64"),
          masked: [],
        },
        handles: [],
        operation: [],
        equivalents: [],
      };
    },
    "trace.reveal": notYet("trace.reveal"),
    "trace.handle": notYet("trace.handle"),
    "trace.logins": ({ trace }) => loginTrace(readerView(traceNamed(trace))),
    "trace.statistics": ({ trace }) => {
      const opened = traceNamed(trace);
      return summaryOf(readerView(opened), opened.files, opened.progress());
    },
    "trace.timeline": notYet("trace.timeline"),
    "trace.compare": notYet("trace.compare"),
    "trace.summary": notYet("trace.summary"),
    "trace.records": notYet("trace.records"),
    "trace.export": notYet("trace.export"),
  };
};
