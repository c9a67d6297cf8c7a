import { describe, expect, test } from "vitest";
import { type CallSketch, text, tokenInfo, trace } from "../../../test/harness/trace-calls.ts";
import { fixtureView } from "../../../test/harness/trace-fixtures.ts";
import { arrayView } from "../view/array-view.ts";
import { loginTrace } from "./login-trace.ts";
import { loginRows } from "./select.ts";

const open = (process: number, session = "0x1", slot = "0x0"): CallSketch => ({
  name: "C_OpenSession",
  process,
  fields: [text("slotID", slot), text("phSession", session, "out")],
});
const info = (process: number, flags: string, slot = "0x0"): CallSketch => ({
  name: "C_GetTokenInfo",
  process,
  fields: [text("slotID", slot), tokenInfo("card", "0815", flags)],
});
const login = (process: number, rv: string, user = "CKU_USER", pin = "PIN of 6 bytes"): CallSketch => ({
  name: "C_Login",
  process,
  session: "0x1",
  rv,
  fields: [text("userType", user), text("pPin", pin, "in", { kind: "pin" })],
});
const traced = (...sketches: readonly CallSketch[]) => {
  const calls = trace(...sketches);
  return loginTrace(arrayView(calls));
};

describe("who locked my token", () => {
  const { events, verdicts } = traced(
    open(1),
    info(1, "CKF_RNG"),
    login(1, "CKR_PIN_INCORRECT"),
    open(2),
    info(2, "CKF_USER_PIN_COUNT_LOW"),
    login(2, "CKR_PIN_INCORRECT"),
    info(2, "CKF_USER_PIN_FINAL_TRY"),
    login(2, "CKR_PIN_INCORRECT"),
    info(2, "CKF_USER_PIN_LOCKED"),
    login(1, "CKR_PIN_LOCKED"),
  );
  test("is told over several processes, with the row", () =>
    expect(verdicts).toEqual([
      {
        token: "card (0815)",
        text: "a program that the log does not name (process 2) locked the PIN with the wrong one in row 7. 2 wrong ones came before it, from a program that the log does not name (process 1), a program that the log does not name (process 2).",
        row: 7,
        outcome: "error",
      },
    ]));
  test("each try counts on, with the flags before and after it", () => {
    expect(events.map(({ meaning }) => meaning)).toEqual([
      "Wrong PIN.",
      "Wrong PIN. Number 2 in a row. The token had reported wrong tries before. The last try is left.",
      "Wrong PIN. Number 3 in a row. The token had reported the last try before. It is locked since.",
      "The PIN is locked: it was not compared.",
    ]);
    expect(events[1]).toMatchObject({
      flagsBefore: ["CKF_USER_PIN_COUNT_LOW"],
      flagsAfter: ["CKF_USER_PIN_FINAL_TRY"],
    });
    expect(events[0]).toMatchObject({ flagsBefore: [], flagsAfter: null });
  });
});

test("a token that was locked before blames nobody in the trace", () =>
  expect(traced(open(1), info(1, "CKF_USER_PIN_LOCKED"), login(1, "CKR_PIN_LOCKED")).verdicts[0]?.text).toContain(
    "before this trace or by a program that is not in it",
  ));

test("a locked PIN that the SO set anew is a warning", () =>
  expect(
    traced(
      open(1),
      info(1, ""),
      login(1, "CKR_PIN_INCORRECT"),
      login(1, "CKR_PIN_LOCKED"),
      login(1, "CKR_OK", "CKU_SO"),
      { name: "C_InitPIN", process: 1, session: "0x1" },
      login(1, "CKR_OK"),
    ).verdicts,
  ).toMatchObject([
    { outcome: "warning", row: 2, text: expect.stringContaining("usable again in row 5 (C_InitPIN)") },
  ]));

test("two tokens are kept apart by their slots", () => {
  const { events } = traced(
    open(1, "0x1", "0x7"),
    { ...info(1, "", "0x7"), fields: [text("slotID", "0x7"), tokenInfo("other", "1", "")] },
    info(1, "", "0x0"),
    login(1, "CKR_OK"),
  );
  expect(events).toMatchObject([
    { token: "other (1)", slot: "0x7", meaning: "Logged in as user.", user: "user", how: "PIN" },
  ]);
});

test("a PIN pad, the SO and a change of the SO PIN are told", () => {
  const { events } = traced(
    open(1),
    login(1, "CKR_OK", "CKU_SO", "entered at the PIN pad"),
    { name: "C_SetPIN", process: 1, session: "0x1" },
    { name: "C_Logout", process: 1, session: "0x1" },
  );
  expect(events).toMatchObject([
    { how: "PIN pad", user: "SO", meaning: "Logged in as SO." },
    { function: "C_SetPIN", user: "SO", meaning: "The SO PIN was changed." },
    { function: "C_Logout", how: "none", user: "SO" },
  ]);
});

test("APDUs and OpenSC's results tell tries", () => {
  const { events, verdicts } = traced(
    { name: "VERIFY", kind: "apdu", rv: "63C2", fields: [text("command", "00 20 00 81 06 ...", "in", { length: 11 })] },
    { name: "VERIFY", kind: "apdu", rv: "63C2", fields: [text("command", "00 20 00 81", "in", { length: 4 })] },
    { name: "sc_pin_cmd", kind: "enter", rv: null },
    { name: "sc_pin_cmd", kind: "message", rv: "-1214" },
    { name: "sc_pin_cmd", kind: "message", rv: "-1212" },
  );
  expect(events.map(({ how, triesLeft, outcome }) => [how, triesLeft, outcome])).toEqual([
    ["PIN", 2, "error"],
    ["none", 2, "expected"],
    ["PIN", null, "error"],
    ["PIN", null, "error"],
  ]);
  expect(verdicts).toMatchObject([{ outcome: "error", row: 3 }]);
});

test("a recording of pkcs11-tool with a wrong PIN names program, token and PIN length only", () => {
  const { events, verdicts } = loginTrace(fixtureView("spy/wrong-pin.p11.jsonl"));
  expect(events).toMatchObject([
    {
      function: "C_Login",
      program: "/usr/bin/pkcs11-tool",
      user: "user",
      rv: "CKR_PIN_INCORRECT",
      flagsBefore: [],
      meaning: "Wrong PIN.",
      durationIs: "exact",
    },
  ]);
  expect(events[0]?.token).toMatch(/^fixture \([0-9a-f]{16}\)$/);
  expect(verdicts).toMatchObject([
    { outcome: "warning", text: expect.stringMatching(/^1 wrong PIN, last by pkcs11-tool \(process \d+\)/) },
  ]);
});

test("recordings of several programs are merged", () => {
  const { events } = loginTrace(
    fixtureView("spy/change-pin.p11.jsonl", "spy/wrong-pin.p11.jsonl", "spy/change-pin-back.p11.jsonl"),
  );
  expect(new Set(events.map(({ process }) => process)).size).toBe(3);
  expect(events.filter(({ function: name }) => name === "C_SetPIN")).toHaveLength(2);
  expect(events.map(({ row }) => row)).toEqual([...events.map(({ row }) => row)].sort((a, b) => a - b));
});

describe("of a million calls", () => {
  const base = arrayView(trace(open(1), info(1, ""), login(1, "CKR_OK")));
  const long = (every: number) => ({
    ...base,
    count: 1_000_000,
    nameAt: (row: number) => (row % every === 2 ? 2 : row % 2),
    laneAt: () => 0,
  });
  test("only the logins and what is near them are decoded", () =>
    expect(loginRows(long(100_000)).rows.length).toBeLessThan(10 * (16 + 6 + 6 + 1) + 1));
  test("that are nearly all logins, the newest are told, and how many are not", () => {
    const { rows, logins, more } = loginRows(long(10));
    expect(rows.length).toBeLessThanOrEqual(8000);
    expect(rows.at(-1)).toBeGreaterThan(999_900);
    expect(logins + more).toBe(100_000);
  });
});
