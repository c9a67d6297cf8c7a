import { expect, test } from "vitest";
import type { LoginEvent } from "../../../preload/contract/trace.ts";
import { clustersOf, lanesOf, placesOf, worstOf } from "./lanes.ts";

const event = (row: number, time: number | null, more: Partial<LoginEvent> = {}): LoginEvent => ({
  row,
  time: time === null ? null : String(1_764_000_000_000_000_000n + BigInt(time)),
  function: "C_Login",
  process: 7,
  program: "/usr/bin/app",
  session: "0x1",
  slot: "0x0",
  token: "Ada (1)",
  user: "user",
  how: "PIN",
  rv: "CKR_OK",
  outcome: "ok",
  meaning: "",
  flagsBefore: null,
  flagsAfter: null,
  triesLeft: null,
  duration: null,
  durationIs: "unknown",
  ...more,
});

test("a line for each token, with the times in which somebody was logged in", () => {
  const { lanes } = lanesOf([
    event(1, 0),
    event(2, 250, { token: null, slot: "0x9", outcome: "error" }),
    event(3, 500, { function: "C_Logout", user: null, how: "none" }),
    event(4, 750),
    event(5, 1000, { function: "C_SetPIN" }),
  ]);
  expect(lanes.map(({ token, events }) => [token, events.length])).toEqual([
    ["Ada (1)", 4],
    ["the token in slot 0x9", 1],
  ]);
  expect(lanes[0]?.spans).toEqual([
    { from: 0, to: 0.5, open: false },
    { from: 0.75, to: 1, open: true },
  ]);
  expect(lanes[1]?.spans).toEqual([]);
});

test("the logout of one process is not that of another; a context-specific login begins nothing", () => {
  const { lanes } = lanesOf([
    event(1, 0, { process: 1 }),
    event(2, 10, { process: 2, user: "context-specific" }),
    event(3, 100, { process: 2, function: "C_Logout" }),
  ]);
  expect(lanes[0]?.spans).toEqual([{ from: 0, to: 1, open: true }]);
});

test("without times, events stand in their order", () => {
  const events = [event(10, null), event(20, 5), event(90, null)];
  expect(events.map(placesOf(events))).toEqual([0, 0.5, 1]);
  expect(lanesOf(events)).toMatchObject({ from: null, to: null });
});

test("a single event stands in the middle", () => {
  const events = [event(1, 5)];
  expect(events.map(placesOf(events))).toEqual([0.5]);
});

test("what would lie upon each other is one mark, of the worst outcome", () => {
  const events = [event(1, 0), event(2, 10, { outcome: "error" }), event(3, 1000)];
  const clusters = clustersOf(events, placesOf(events), 424, 24);
  expect(clusters.map(({ x, events }) => [x, events.map(({ row }) => row)])).toEqual([
    [12, [1, 2]],
    [412, [3]],
  ]);
  expect(worstOf(clusters[0]?.events ?? [])).toBe("error");
});
