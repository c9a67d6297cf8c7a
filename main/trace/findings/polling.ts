import { programAt } from "../view/view.ts";
import { callRows, counted, type Detector, programNamed, Rows } from "./finding.ts";

const polled = new Set(["C_GetSlotList", "C_GetSlotInfo", "C_GetTokenInfo", "C_WaitForSlotEvent", "C_GetSessionInfo"]);
const storm = 100;

/** A program asks for slots and tokens again and again, with nothing else between. */
export const pollingStorm: Detector = ({ view }) => {
  const isPolled = view.names.map((name) => polled.has(name));
  const runs: { length: number; from: number }[] = [];
  const found = new Rows();
  const loud: number[] = [];
  let total = 0;
  const end = (program: number) => {
    const run = runs[program];
    if (run !== undefined && run.length >= storm) {
      found.add(run.from);
      total += run.length;
      loud[program] = (loud[program] ?? 0) + run.length;
    }
  };
  for (const row of callRows(view, null)) {
    const program = programAt(view, row);
    const run = runs[program];
    if (isPolled[view.nameAt(row)]) {
      if (run === undefined || run.length === 0) runs[program] = { length: 1, from: row };
      else run.length += 1;
    } else if (run !== undefined && run.length > 0) {
      end(program);
      run.length = 0;
    }
  }
  for (const program of runs.keys()) end(program);
  if (found.count === 0) return null;
  const [loudest] = loud
    .map((length, program) => ({ length: length ?? 0, program }))
    .sort((a, b) => b.length - a.length);
  return {
    id: "polling-storm",
    severity: "warning",
    title: "Slots and tokens are asked for again and again",
    text: `${counted(total, "call")} in ${counted(found.count, "row")} of ${storm} and more with nothing else between, most by ${programNamed(view, loudest?.program ?? 0)}. Each may go to the reader and keep others from it.`,
    remedy: "Wait with C_WaitForSlotEvent, or ask less often.",
    rows: found.rows,
    count: total,
  };
};
