import { Trace } from "../../main/trace/trace.ts";
import { readerView } from "../../main/trace/view/reader-view.ts";
import type { TraceView } from "../../main/trace/view/view.ts";
import { Pool } from "../../main/trace/worker/pool.ts";
import type { TraceCall } from "../../preload/contract/trace.ts";

const folder = new URL("../fixtures/", import.meta.url).pathname;

/** Opens logs from test/fixtures ("spy/wrong-pin.p11.jsonl") as one trace. They are shorter than a first screen. */
export const openFixtures = (...names: readonly string[]): Trace => {
  const trace = new Trace({ id: "fixture", pool: new Pool(null), onProgress: () => {} });
  trace.openWhole(names.map((name) => `${folder}${name}`));
  return trace;
};

export const fixtureView = (...names: readonly string[]): TraceView => readerView(openFixtures(...names));

export const allCalls = (view: TraceView): TraceCall[] => [
  ...view.calls(Array.from({ length: view.count }, (_, row) => row)),
];
