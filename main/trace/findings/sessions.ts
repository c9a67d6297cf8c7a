import { nameCodes, programAt, returnCode, type TraceView } from "../view/view.ts";
import { callRows, counted, type Detector, programNamed, Rows } from "./finding.ts";

interface Life {
  open: number;
  peak: number;
  opens: number;
  closes: number;
  /** Row of the newest opening. */
  last: number;
}

const leakFrom = 20;
const churnFrom = 50;

/** Numbers of open sessions of each process, from return codes alone. @param atEnd told of C_Finalize with sessions open */
const lives = (view: TraceView, atEnd: (row: number, open: number) => void): Life[] => {
  const names = ["C_OpenSession", "C_CloseSession", "C_CloseAllSessions", "C_Finalize"] as const;
  const [opens, closes, closesAll, ends] = names.map((name) => nameCodes(view, [name]));
  const ok = returnCode(view, "CKR_OK");
  const found: Life[] = view.programs.map(() => ({ open: 0, peak: 0, opens: 0, closes: 0, last: 0 }));
  for (const row of callRows(view, names)) {
    const program = programAt(view, row);
    const life = found[program];
    if (life === undefined || !view.programs[program]?.tellsAll || view.codeAt(row) !== ok) continue;
    const name = view.nameAt(row);
    if (opens?.has(name)) {
      life.open += 1;
      life.opens += 1;
      life.last = row;
      life.peak = Math.max(life.peak, life.open);
    } else if (closes?.has(name)) {
      life.open = Math.max(0, life.open - 1);
      life.closes += 1;
    } else if (closesAll?.has(name) || ends?.has(name)) {
      if (ends?.has(name) && life.open > 0) atEnd(row, life.open);
      life.open = 0;
    }
  }
  return found;
};

/** Sessions are opened and hardly ever closed. */
export const sessionLeak: Detector = ({ view }) => {
  const found = new Rows();
  let worst: Life | null = null;
  let program = 0;
  for (const [id, life] of lives(view, () => {}).entries()) {
    if (life.peak < leakFrom || life.closes * 2 > life.opens) continue;
    found.add(life.last);
    if (worst === null || life.peak > worst.peak) {
      worst = life;
      program = id;
    }
  }
  return worst === null
    ? null
    : {
        id: "session-leak",
        severity: "warning",
        title: "Sessions are opened and not closed",
        text: `${programNamed(view, program)} opened ${counted(worst.opens, "session")} and closed ${worst.closes}; ${worst.peak} were open at once. Devices take a limited number.`,
        remedy: "Close each session when its work is done, or keep one and use it again.",
        rows: found.rows,
        count: found.count,
      };
};

/** A session is opened and closed for each small piece of work. */
export const sessionChurn: Detector = ({ view }) => {
  const found = new Rows();
  let most = 0;
  for (const { opens, closes, peak, last } of lives(view, () => {})) {
    if (opens < churnFrom || closes * 2 < opens || peak > 4) continue;
    found.add(last);
    most = Math.max(most, opens);
  }
  return found.count === 0
    ? null
    : {
        id: "session-churn",
        severity: "hint",
        title: "A new session for each piece of work",
        text: `${most} sessions were opened and closed one after the other. With the last one the login ends too, so the PIN is needed again.`,
        remedy: "Keep one session open while the token is in use.",
        rows: found.rows,
        count: found.count,
      };
};

/** C_Finalize while several sessions are open: allowed, but work of other threads ends with it. One alone is usual. */
export const finalizeWithSessions: Detector = ({ view }) => {
  const found = new Rows();
  let most = 0;
  lives(view, (row, open) => {
    if (open < 2) return;
    found.add(row);
    most = Math.max(most, open);
  });
  return found.count === 0
    ? null
    : {
        id: "finalize-with-sessions",
        severity: "hint",
        title: "The library was ended while sessions were open",
        text: `Up to ${counted(most, "session")} ended with C_Finalize. That is allowed; work that other threads had under way in them was lost.`,
        remedy: "Close sessions first, if other parts of the program may use them.",
        rows: found.rows,
        count: found.count,
      };
};
