import type { LoginTrace } from "../../../preload/contract/trace.ts";
import { pinIs, pinName } from "../explain/pins.ts";
import { programText } from "../view/view.ts";
import type { BareEvent } from "./event.ts";

type Verdict = LoginTrace["verdicts"][number];

const unnamedToken = "a token that the log does not name";
export const tokenKey = (event: Pick<BareEvent, "token" | "slot">): string =>
  event.token ?? (event.slot === null ? unnamedToken : `the token in slot ${event.slot}`);

const by = (event: BareEvent): string => programText(event, "a program that the log does not name");

const isLockEvidence = (event: BareEvent): boolean => event.verdict === "locked" || pinIs(event.flagsAfter, "LOCKED");
const wasLockedBefore = (event: BareEvent): boolean => pinIs(event.flagsBefore, "LOCKED");

const listed = (names: readonly string[]): string => [...new Set(names)].join(", ");

/** A PIN given when one try was left, that a card answers with "locked": it was compared, and was the wrong one that locked. */
const isLastTry = (event: BareEvent, before: BareEvent | undefined): boolean =>
  event.verdict === "locked" && event.how !== "none" && before?.triesLeft === 1;

/** What unlocks: a new PIN by the SO, a new token, an unblocking APDU. */
const unlocks = (event: BareEvent): boolean =>
  event.verdict === "right" && ["C_InitPIN", "C_InitToken", "RESET RETRY COUNTER"].includes(event.function);

/** Whose PIN an event is about: the SO gives the user a new one, and a new token begins anew for both. */
const pinsOf = (event: BareEvent): ("user" | "SO")[] => {
  if (event.function === "C_InitPIN") return ["user"];
  if (event.function === "C_InitToken" && event.verdict === "right") return ["user", "SO"];
  return [event.user === "SO" ? "SO" : "user"];
};

const lockedText = (culprits: readonly BareEvent[], evidence: BareEvent): { text: string; row: number } => {
  const last = culprits.at(-1);
  const pin = pinName(evidence.user);
  if (last === undefined || wasLockedBefore(culprits[0] ?? evidence))
    return {
      text: `The ${pin} was locked before this trace or by a program that is not in it; ${by(evidence)} met it locked in row ${evidence.row}.`,
      row: evidence.row,
    };
  const before = culprits.slice(0, -1);
  const others =
    before.length === 0
      ? ""
      : ` ${before.length} wrong ${before.length === 1 ? "one" : "ones"} came before it, from ${listed(before.map(by))}.`;
  const sure = last === evidence ? "" : ` It was first met locked in row ${evidence.row}.`;
  return {
    text: `${by(last)} locked the ${pin} with the wrong one in row ${last.row}.${others}${sure}`,
    row: last.row,
  };
};

/** The verdict of one user's PIN of one token. @param events in the order of time */
const verdictOf = (token: string, events: readonly BareEvent[]): Verdict => {
  let wrong: BareEvent[] = [];
  let locked: { text: string; row: number } | null = null;
  let reset: BareEvent | null = null;
  for (const event of events) {
    if (unlocks(event)) {
      if (locked !== null) reset = event;
      wrong = [];
      continue;
    }
    if (event.verdict === "right" && event.function !== "C_Logout") {
      wrong = [];
      if (locked !== null) reset ??= event;
    }
    if (event.verdict === "wrong" || isLastTry(event, wrong.at(-1))) wrong.push(event);
    if (isLockEvidence(event)) {
      if (locked === null || reset !== null) locked = lockedText(wrong, event);
      reset = null;
    }
  }
  if (locked !== null)
    return reset === null
      ? { token, ...locked, outcome: "error" }
      : {
          token,
          text: `${locked.text} It was usable again in row ${reset.row} (${reset.function}).`,
          row: locked.row,
          outcome: "warning",
        };
  const last = wrong.at(-1);
  if (last !== undefined) {
    const left = last.triesLeft === null ? "" : ` ${last.triesLeft} tries left.`;
    const final = pinIs(last.flagsAfter, "FINAL_TRY") ? " The last try is left." : left;
    return {
      token,
      text: `${wrong.length} wrong ${pinName(last.user)}${wrong.length === 1 ? "" : "s in a row"}, last by ${by(last)} in row ${last.row}.${final}`,
      row: last.row,
      outcome: "warning",
    };
  }
  const right = events.filter(({ verdict, function: name }) => verdict === "right" && name !== "C_Logout").length;
  const all = events.filter(({ verdict }) => verdict === "wrong").length;
  return {
    token,
    text: `${all === 0 ? "No wrong PIN" : all === 1 ? "1 wrong PIN, followed by the right one" : `${all} wrong PINs, each followed by the right one`}; ${right} ${right === 1 ? "login or change" : "logins and changes"} that succeeded.`,
    row: null,
    outcome: "ok",
  };
};

const rank: Record<Verdict["outcome"], number> = { error: 0, warning: 1, expected: 2, ok: 3, none: 4 };

/** One sentence per token: who locked it, or how near it is to that. The worst first. */
export const verdictsOf = (events: readonly BareEvent[]): Verdict[] => {
  const groups = new Map<string, BareEvent[]>();
  for (const event of events)
    for (const pin of pinsOf(event)) {
      const key = `${tokenKey(event)}\n${pin}`;
      const group = groups.get(key) ?? [];
      groups.set(key, group);
      group.push(event);
    }
  const verdicts = new Map<string, Verdict>();
  for (const [key, group] of groups) {
    const token = key.split("\n")[0] ?? key;
    const verdict = verdictOf(token, group);
    const other = verdicts.get(token);
    if (other === undefined) verdicts.set(token, verdict);
    else {
      const [worse, better] = rank[verdict.outcome] < rank[other.outcome] ? [verdict, other] : [other, verdict];
      verdicts.set(token, better.outcome === "ok" ? worse : { ...worse, text: `${worse.text} ${better.text}` });
    }
  }
  return [...verdicts.values()].sort((a, b) => rank[a.outcome] - rank[b.outcome]);
};
