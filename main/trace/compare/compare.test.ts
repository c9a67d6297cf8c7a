import { describe, expect, test } from "vitest";
import { type CallSketch, handle, mechanism, template, text, trace } from "../../../test/harness/trace-calls.ts";
import { fixtureView } from "../../../test/harness/trace-fixtures.ts";
import { arrayView } from "../view/array-view.ts";
import { align, type Step } from "./align.ts";
import { compare } from "./compare.ts";

const aligned = (left: string, right: string): string => {
  const steps: Step[] = [];
  const codes = (word: string) => [...word].map((letter) => letter.charCodeAt(0));
  align(codes(left), codes(right), (step) => {
    steps.push(step);
  });
  return steps.map(([l, r]) => (l === null ? `+${right[r ?? 0]}` : r === null ? `-${left[l]}` : left[l])).join("");
};

describe("two sequences are aligned", () => {
  test.each([
    ["abcdef", "abcdef", "abcdef"],
    ["abcdef", "abXcdef", "ab+Xcdef"],
    ["abXcdef", "abcdef", "ab-Xcdef"],
    ["abXdef", "abYdef", "ab-X+Ydef"],
    ["", "ab", "+a+b"],
    ["abc", "", "-a-b-c"],
    ["abcd", "abcdXY", "abcd+X+Y"],
    ["abY", "abX", "ab-Y+X"],
  ])("%s and %s: %s", (left, right, expected) => expect(aligned(left, right)).toBe(expected));
  test("whatever they are, with every place once and in order", () => {
    for (let seed = 1; seed < 200; seed += 1) {
      const word = (length: number, salt: number) =>
        Array.from({ length }, (_, index) => "abc"[(((index + 1) * seed * salt * 7919) % 97) % 3] ?? "a").join("");
      const [left, right] = [word(seed % 37, 3), word(seed % 23, 5)];
      const steps: Step[] = [];
      align(
        [...left].map((c) => c.charCodeAt(0)),
        [...right].map((c) => c.charCodeAt(0)),
        (step) => {
          steps.push(step);
        },
      );
      expect(steps.flatMap(([l]) => (l === null ? [] : [l]))).toEqual([...left].map((_, index) => index));
      expect(steps.flatMap(([, r]) => (r === null ? [] : [r]))).toEqual([...right].map((_, index) => index));
    }
  });
  test("a long sequence against another that never agrees comes to an end", { timeout: 60_000 }, () => {
    let count = 0;
    align(new Uint16Array(200_000).fill(1), new Uint16Array(200_000).fill(2), () => {
      count += 1;
    });
    expect(count).toBe(400_000);
  });
});

const all = { from: 0, limit: 100 };
const view = (...sketches: readonly CallSketch[]) => arrayView(trace(...sketches));
const sign = (key: string, name = "CKM_ECDSA", rv = "CKR_OK"): CallSketch => ({
  name: "C_SignInit",
  session: key,
  rv,
  fields: [text("hSession", key, "in", { kind: "session" }), mechanism(name), handle("hKey", key)],
});

describe("two traces", () => {
  test("that differ in handles, processes and times alone are the same", () =>
    expect(
      compare(
        view(sign("0x1"), sign("0x2")),
        view({ ...sign("0x77"), process: 9 }, { ...sign("0x78"), process: 9, duration: 5 }),
        all,
      ),
    ).toMatchObject({
      same: 2,
      total: 0,
      first: null,
      steps: [],
    }));
  test("first differ in a return code", () =>
    expect(
      compare(
        view(sign("0x1"), sign("0x1")),
        view(sign("0x1"), sign("0x1", "CKM_ECDSA", "CKR_KEY_HANDLE_INVALID")),
        all,
      ),
    ).toMatchObject({
      same: 1,
      first: { left: 1, right: 1, why: "C_SignInit: CKR_OK on the left, CKR_KEY_HANDLE_INVALID on the right" },
      steps: [{ difference: "" }, { difference: expect.stringContaining("CKR_KEY_HANDLE_INVALID") }],
    }));
  test("in a mechanism", () =>
    expect(compare(view(sign("0x1")), view(sign("0x1", "CKM_RSA_PKCS")), all).first?.why).toBe(
      "C_SignInit: pMechanism: CKM_ECDSA and CKM_RSA_PKCS",
    ));
  test("in a template", () =>
    expect(
      compare(
        view({ name: "C_FindObjectsInit", fields: [template({ CKA_CLASS: "CKO_PRIVATE_KEY", CKA_ID: "01" })] }),
        view({ name: "C_FindObjectsInit", fields: [template({ CKA_CLASS: "CKO_PRIVATE_KEY" })] }),
        all,
      ).first?.why,
    ).toBe("C_FindObjectsInit: pTemplate CKA_ID on the left only (01)"));
  test("in a call that one of them leaves out", () => {
    const { first, same, steps } = compare(
      view({ name: "C_Initialize" }, { name: "C_Login" }, sign("0x1"), { name: "C_Sign" }, { name: "C_Finalize" }),
      view({ name: "C_Initialize" }, sign("0x1"), { name: "C_Sign" }, { name: "C_Finalize" }),
      all,
    );
    expect(first).toEqual({ left: 1, right: null, why: "C_Login on the left only" });
    expect(same).toBe(4);
    expect(steps.filter(({ difference }) => difference !== "")).toHaveLength(1);
  });
});

test("a recording is the same as itself, and as another run of the same command but for what the PIN was", () => {
  const name = "spy/objects.p11.jsonl";
  const { same, first } = compare(fixtureView(name), fixtureView(name), all);
  expect(first).toBeNull();
  expect(same).toBe(fixtureView(name).count - notCalls(name));
  expect(
    compare(fixtureView("spy/change-pin.p11.jsonl"), fixtureView("spy/change-pin-back.p11.jsonl"), all).first,
  ).toBeNull();
});

test("two runs of a program for different ends part at how the session is opened", () => {
  const { first } = compare(fixtureView("spy/change-pin.p11.jsonl"), fixtureView("spy/wrong-pin.p11.jsonl"), all);
  expect(first).toMatchObject({
    why: "C_OpenSession: flags: 0x6 (CKF_RW_SESSION, CKF_SERIAL_SESSION) and 0x4 (CKF_SERIAL_SESSION)",
  });
});

const notCalls = (name: string): number => {
  const fixture = fixtureView(name);
  return Array.from({ length: fixture.count }, (_, row) => row).filter((row) => !fixture.isCall(row)).length;
};

describe("parts of a trace", () => {
  const calls = (name: string, count: number, more: Partial<CallSketch>): CallSketch[] =>
    Array.from({ length: count }, () => ({ name, ...more }));
  const several = view(
    ...calls("C_Sign", 3, { process: 1 }),
    ...calls("C_GetInfo", 2, { process: 2, thread: "8" }),
    ...calls("C_Login", 2, { process: 2, thread: "9" }),
  );
  test("are its processes, busiest first, and the threads of those that have several", () =>
    expect(
      compare(several, several, all).left.parts.map(({ process, thread, calls: count }) => [process, thread, count]),
    ).toEqual([
      [2, null, 4],
      [2, "8", 2],
      [2, "9", 2],
      [1, null, 3],
    ]));
  test("are compared when they are chosen", () => {
    const { parts } = compare(several, several, all).left;
    const keyOf = (process: number, thread: string | null) =>
      parts.find((part) => part.process === process && part.thread === thread)?.key;
    expect(compare(several, several, { ...all, rightPart: keyOf(1, null) }).first?.why).toBe(
      "C_GetInfo on the left only",
    );
    const same = compare(several, view(...calls("C_Login", 2, {})), { ...all, leftPart: keyOf(2, "9") });
    expect(same).toMatchObject({ first: null, same: 2 });
  });
});

test("steps behind the first ones are given on demand, each once", () => {
  const left = view(...Array.from({ length: 40 }, (_, i) => sign("0x1", `CKM_${i}`)));
  const right = view(...Array.from({ length: 40 }, (_, i) => sign("0x1", `CKM_X${i}`)));
  const rows = [0, 15, 30].flatMap((from) => {
    const { steps, total } = compare(left, right, { from, limit: 15 });
    expect(total).toBe(40);
    return steps.map((step) => step.left?.row);
  });
  expect(rows).toEqual(Array.from({ length: 40 }, (_, i) => i));
});
