import { describe, expect, test } from "vitest";
import { type CallSketch, handle, mechanism, template, text, trace } from "../../../test/harness/trace-calls.ts";
import { allCalls, fixtureView } from "../../../test/harness/trace-fixtures.ts";
import { arrayView } from "../view/array-view.ts";
import { handleStories, handleStoryOf } from "./story.ts";

const open: CallSketch = {
  name: "C_OpenSession",
  fields: [text("slotID", "0x3"), text("flags", "0x6", "in", { kind: "flags" }), text("phSession", "0x1", "out")],
};
const close: CallSketch = { name: "C_CloseSession", session: "0x1" };
const find: CallSketch = {
  name: "C_FindObjects",
  session: "0x1",
  fields: [{ ...text("phObject", "1: 0x5", "out"), kind: "list", fields: [handle("phObject", "0x5", "out")] }],
};
const read: CallSketch = {
  name: "C_GetAttributeValue",
  session: "0x1",
  fields: [
    handle("hObject", "0x5"),
    template({ CKA_CLASS: "CKO_PRIVATE_KEY", CKA_LABEL: "ecec", CKA_ID: "45" }, "out"),
  ],
};
const sign: CallSketch = {
  name: "C_SignInit",
  session: "0x1",
  fields: [mechanism("CKM_ECDSA"), handle("hKey", "0x5")],
};
const destroy: CallSketch = { name: "C_DestroyObject", session: "0x1", fields: [handle("hObject", "0x5")] };
const create: CallSketch = {
  name: "C_CreateObject",
  session: "0x1",
  fields: [template({ CKA_LABEL: "later" }), handle("phObject", "0x5", "out")],
};

const told = (kind: "session" | "object", row: number, number: string, ...sketches: readonly CallSketch[]) => {
  const story = handleStoryOf(arrayView(trace(...sketches)), row, number, kind);
  return { ...story, events: story.events.map(({ row: at, what }) => `${at} ${what}`) };
};

describe("an object", () => {
  test("is found, used and ended, and known by what was read of it", () =>
    expect(told("object", 3, "0x5", open, find, read, sign, destroy)).toMatchObject({
      about: 'CKO_PRIVATE_KEY, "ecec", ID 45',
      events: ["1 found", "2 used", "3 used", "4 ended"],
      process: 100,
    }));
  test("whose number is used again is another one", () => {
    const calls = [find, read, destroy, create, sign, destroy];
    expect(told("object", 1, "0x5", ...calls).events).toEqual(["0 found", "1 used", "2 ended"]);
    expect(told("object", 4, "0x5", ...calls)).toMatchObject({
      about: '"later"',
      events: ["3 made", "4 used", "5 ended"],
    });
  });
  test("of another process is another one", () =>
    expect(told("object", 2, "0x5", { ...find, process: 1 }, { ...destroy, process: 1 }, find, sign).events).toEqual([
      "2 found",
      "3 used",
    ]));
  test("ends with the library", () =>
    expect(told("object", 1, "0x5", find, sign, { name: "C_Finalize" }, find).events).toEqual([
      "0 found",
      "1 used",
      "2 ended",
    ]));
});

describe("a session", () => {
  test("is opened, used and closed, and opened anew under the same number", () => {
    const calls = [open, sign, close, open, sign];
    expect(told("session", 1, "0x1", ...calls)).toMatchObject({
      about: "slot 0x3, read-write",
      events: ["0 made", "1 used", "2 ended"],
    });
    expect(told("session", 4, "0x1", ...calls).events).toEqual(["3 made", "4 used"]);
  });
  test("ends with C_CloseAllSessions of its slot alone", () =>
    expect(
      told("session", 0, "0x1", open, { name: "C_CloseAllSessions", fields: [text("slotID", "0x9")] }, sign, {
        name: "C_CloseAllSessions",
        fields: [text("slotID", "0x3")],
      }).events,
    ).toEqual(["0 made", "2 used", "3 ended"]));
});

test("in a recording of pkcs11-tool every key that is made is followed to its end or the library's", () => {
  const view = fixtureView("spy/generate-ec.p11.jsonl");
  const call = allCalls(view).find(({ name }) => name === "C_GenerateKeyPair");
  if (call === undefined) throw new Error("no key pair in the fixture");
  const stories = handleStories(view, call);
  expect(stories.map(({ kind }) => kind)).toEqual(["session", "object", "object"]);
  for (const { events } of stories.slice(1)) {
    expect(events[0]).toMatchObject({ what: "made", row: call.row });
    expect(events.at(-1)).toMatchObject({ what: "ended", name: "C_Finalize" });
  }
});

test("a story of a long trace decodes a bounded number of calls", () => {
  let decoded = 0;
  const small = trace(find, sign);
  const base = arrayView(small);
  const view = {
    ...base,
    count: 1_000_000,
    nameAt: () => 1,
    laneAt: () => 0,
    isCall: () => true,
    calls: function* (rows: Iterable<number>) {
      for (const row of rows) {
        decoded += 1;
        const [, call] = small;
        if (call !== undefined) yield { ...call, row };
      }
    },
  };
  const story = handleStoryOf(view, 500_000, "0x5", "object");
  expect(decoded).toBeLessThanOrEqual(6000);
  expect(story.events).toHaveLength(200);
  expect(story.more).toBeGreaterThan(5000);
});
