import type { ComparePart } from "../../../preload/contract/trace.ts";
import { programAt, type TraceView } from "../view/view.ts";

/** Threads that can be chosen; a trace may have tens of thousands. */
const maxThreads = 100;

const processPart = (program: number): string => `process ${program}`;
const threadPart = (lane: number): string => `thread ${lane}`;

/** The processes of a trace that make calls, busiest first, each with its threads if it has several. One pass. */
export const partsOf = (view: TraceView): ComparePart[] => {
  const ofProgram = new Float64Array(view.programs.length);
  const ofLane = new Float64Array(view.lanes.length);
  for (let row = 0; row < view.count; row += 1) {
    if (!view.isCall(row)) continue;
    const lane = view.laneAt(row);
    const program = programAt(view, row);
    ofProgram[program] = (ofProgram[program] ?? 0) + 1;
    ofLane[lane] = (ofLane[lane] ?? 0) + 1;
  }
  const threads = view.lanes
    .map(({ program, thread }, lane) => ({ program, thread, lane, calls: ofLane[lane] ?? 0 }))
    .filter(({ calls }) => calls > 0)
    .sort((a, b) => b.calls - a.calls);
  return view.programs
    .map((facts, program) => ({ ...facts, id: program, calls: ofProgram[program] ?? 0 }))
    .filter(({ calls }) => calls > 0)
    .sort((a, b) => b.calls - a.calls)
    .flatMap(({ id, process, program, calls }) => {
      const own = threads.filter((thread) => thread.program === id);
      return [
        { key: processPart(id), process, program, thread: null, calls },
        ...(own.length < 2 ? [] : own.slice(0, maxThreads)).map((thread) => ({
          key: threadPart(thread.lane),
          process,
          program,
          thread: thread.thread ?? "",
          calls: thread.calls,
        })),
      ];
    });
};

/** Rows of the calls of a part, in the order of time. */
export const rowsOfPart = (view: TraceView, { key, calls }: Pick<ComparePart, "key" | "calls">): Uint32Array => {
  const rows = new Uint32Array(calls);
  const isOwn = (row: number) => key === processPart(programAt(view, row)) || key === threadPart(view.laneAt(row));
  let used = 0;
  for (let row = 0; row < view.count && used < calls; row += 1) if (view.isCall(row) && isOwn(row)) rows[used++] = row;
  return rows;
};
