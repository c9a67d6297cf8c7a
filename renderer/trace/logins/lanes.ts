import type { LoginEvent } from "../../../preload/contract/trace.ts";

/** A token's line in the picture. */
export interface Lane {
  token: string;
  events: LoginEvent[];
  /** Times in which somebody was logged in, as parts of the whole (0 to 1); `open`: no logout is in the log. */
  spans: { from: number; to: number; open: boolean }[];
}

export interface Lanes {
  lanes: Lane[];
  /** ns; null if the log has no times: then events stand one after the other. */
  from: string | null;
  to: string | null;
}

/** How a token is called that the log does not name. */
export const tokenOf = (event: LoginEvent): string =>
  event.token ?? (event.slot === null ? "a token that the log does not name" : `the token in slot ${event.slot}`);

/** Places events on a line: by time, or in their order where a time is missing. @returns 0 to 1 */
export const placesOf = (events: readonly LoginEvent[]): ((event: LoginEvent) => number) => {
  const times = events.map(({ time }) => time);
  if (times.some((time) => time === null)) {
    const order = new Map(events.map(({ row }, index) => [row, index]));
    return ({ row }) => (events.length < 2 ? 0.5 : (order.get(row) ?? 0) / (events.length - 1));
  }
  const [first, last] = extremes(times.map((time) => BigInt(time ?? 0)));
  const length = Number(last - first);
  return ({ time }) => (length === 0 ? 0.5 : Number(BigInt(time ?? 0) - first) / length);
};

const extremes = (times: readonly bigint[]): [bigint, bigint] => {
  let [first = 0n] = times;
  let last = first;
  for (const time of times) {
    if (time < first) first = time;
    if (time > last) last = time;
  }
  return [first, last];
};

/** A line for each token, in the order of their first event. */
export const lanesOf = (events: readonly LoginEvent[]): Lanes => {
  const place = placesOf(events);
  const byToken = new Map<string, LoginEvent[]>();
  for (const event of events) {
    const token = tokenOf(event);
    byToken.set(token, [...(byToken.get(token) ?? []), event]);
  }
  const timed = events.length > 0 && events.every(({ time }) => time !== null);
  const [from, to] = timed ? extremes(events.map(({ time }) => BigInt(time ?? 0))) : [null, null];
  return {
    lanes: [...byToken].map(([token, own]) => ({ token, events: own, spans: spansOf(own, place) })),
    from: from === null ? null : String(from),
    to: to === null ? null : String(to),
  };
};

const begins = new Set(["C_Login", "C_LoginUser"]);
const ends = new Set(["C_Logout", "C_InitToken"]);

/** From each login that succeeded to the logout of the same process. */
const spansOf = (events: readonly LoginEvent[], place: (event: LoginEvent) => number): Lane["spans"] => {
  const open = new Map<number | null, number>();
  const spans: Lane["spans"] = [];
  for (const event of events) {
    if (event.outcome !== "ok") continue;
    const { process, user } = event;
    const since = open.get(process);
    if (begins.has(event.function) && user !== "context-specific" && since === undefined)
      open.set(process, place(event));
    if (ends.has(event.function) && since !== undefined) {
      spans.push({ from: since, to: place(event), open: false });
      open.delete(process);
    }
  }
  for (const from of open.values()) spans.push({ from, to: 1, open: true });
  return spans;
};

export interface Cluster {
  /** Middle, in pixels. */
  x: number;
  events: LoginEvent[];
}

/** Events that would lie upon each other, put together. @param width pixels of the line @param apart pixels that a mark needs */
export const clustersOf = (
  events: readonly LoginEvent[],
  place: (event: LoginEvent) => number,
  width: number,
  apart: number,
): Cluster[] => {
  const clusters: Cluster[] = [];
  for (const event of [...events].sort((a, b) => place(a) - place(b))) {
    const x = apart / 2 + place(event) * Math.max(0, width - apart);
    const last = clusters.at(-1);
    if (last && x - last.x < apart) last.events.push(event);
    else clusters.push({ x, events: [event] });
  }
  return clusters;
};

const rank = { error: 3, warning: 2, expected: 1, ok: 1, none: 0 } as const;

/** The worst outcome of some events. */
export const worstOf = (events: readonly LoginEvent[]): LoginEvent["outcome"] =>
  events.reduce<LoginEvent["outcome"]>(
    (worst, { outcome }) => (rank[outcome] > rank[worst] ? outcome : worst),
    events[0]?.outcome ?? "none",
  );
