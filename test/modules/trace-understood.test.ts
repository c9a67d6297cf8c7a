import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTestApp, type TestApp } from "../harness/app.ts";

const fixture = (name: string): string => new URL(`../fixtures/spy/${name}.p11.jsonl`, import.meta.url).pathname;

describe("recordings of real programs are understood", () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await openTestApp();
  });
  afterAll(() => app.close());
  const opened = async (...names: readonly string[]) =>
    (await app.call("trace.open", { files: names.map(fixture), recordings: [], live: false })).trace;

  test("a wrong PIN has its place in logins, findings, statistics and its own explanation", async () => {
    const trace = await opened("wrong-pin", "change-pin");
    const { events, verdicts } = await app.call("trace.logins", { trace });
    const wrong = events.find(({ rv }) => rv === "CKR_PIN_INCORRECT");
    expect(wrong).toMatchObject({ program: "/usr/bin/pkcs11-tool", user: "user", how: "PIN", outcome: "error" });
    expect(verdicts).toHaveLength(1);
    const { explanation, handles } = await app.call("trace.call", { trace, row: wrong?.row ?? -1 });
    expect(explanation.here).toContain("The PIN was wrong.");
    expect(handles).toMatchObject([{ kind: "session", about: expect.stringMatching(/^slot 0x[0-9a-f]+, read-only$/) }]);
    const { functions, programs, returnCodes } = await app.call("trace.statistics", { trace });
    expect(functions.find(({ name }) => name === "C_Login")).toMatchObject({ calls: 2, errors: 1 });
    expect(programs).toHaveLength(2);
    expect(returnCodes).toContainEqual({
      rv: "CKR_PIN_INCORRECT",
      count: 1,
      expected: 0,
      meaning: expect.stringContaining("PIN"),
    });
  });

  test("a key is followed from where it was made to where the library ended", async () => {
    const trace = await opened("generate-ec");
    const { rows } = await app.call("trace.rows", { trace, from: 0, count: 2000, filter: "", fold: false });
    const row = rows.find(({ name }) => name === "C_GenerateKeyPair")?.row ?? -1;
    const { handles } = await app.call("trace.call", { trace, row });
    const key = handles.find(({ kind }) => kind === "object");
    const story = await app.call("trace.handle", { trace, row, handle: key?.handle ?? "", kind: "object" });
    expect(story.events[0]).toMatchObject({ row, what: "made" });
    expect(story.events.at(-1)).toMatchObject({ what: "ended", name: "C_Finalize" });
  });

  test("two runs are compared", async () => {
    const [left, right] = [await opened("change-pin"), await opened("wrong-pin")];
    const { first, steps } = await app.call("trace.compare", { left, right, limit: 50 });
    expect(first?.why).toBe(
      "C_OpenSession: flags: 0x6 (CKF_RW_SESSION, CKF_SERIAL_SESSION) and 0x4 (CKF_SERIAL_SESSION)",
    );
    expect(steps.length).toBeLessThanOrEqual(50);
  });

  test("a row that is not there is refused", async () => {
    const trace = await opened("list-slots");
    expect(await app.fails("trace.handle", { trace, row: 999_999, handle: "0x1" })).toMatchObject({
      code: "INVALID_REQUEST",
    });
  });
});
