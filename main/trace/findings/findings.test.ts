import { describe, expect, test } from "vitest";
import {
  type CallSketch,
  handle,
  mechanism,
  template,
  text,
  tokenInfo,
  trace,
} from "../../../test/harness/trace-calls.ts";
import { fixtureView } from "../../../test/harness/trace-fixtures.ts";
import { loginTrace } from "../logins/login-trace.ts";
import { arrayView } from "../view/array-view.ts";
import type { TraceView } from "../view/view.ts";
import { findings } from "./registry.ts";

const of = (view: TraceView) => findings(view, loginTrace(view));
const found = (...sketches: readonly CallSketch[]) => of(arrayView(trace(...sketches)));
const ids = (...sketches: readonly CallSketch[]) => found(...sketches).map(({ id }) => id);
const times = <T>(count: number, ...items: readonly T[]): T[] => Array.from({ length: count }, () => items).flat();

const init: CallSketch = { name: "C_Initialize", fields: [text("pInitArgs", "NULL", "in", { kind: "null" })] };
const login = (rv = "CKR_OK"): CallSketch => ({
  name: "C_Login",
  session: "0x1",
  rv,
  fields: [text("userType", "CKU_USER")],
});
const open: CallSketch = { name: "C_OpenSession", fields: [text("slotID", "0x0"), text("phSession", "0x1", "out")] };

test("a program that does all well gives no findings", () =>
  expect(
    ids(
      init,
      open,
      login(),
      { name: "C_SignInit", session: "0x1" },
      { name: "C_Sign", session: "0x1" },
      { name: "C_CloseSession", session: "0x1" },
      { name: "C_Finalize" },
    ),
  ).toEqual([]));

describe("PINs", () => {
  test("two wrong ones in a row are told, one followed by the right one is not", () => {
    expect(found(login("CKR_PIN_INCORRECT"), login("CKR_PIN_INCORRECT"))).toMatchObject([
      { id: "repeated-wrong-pin", rows: [0, 1], severity: "error" },
    ]);
    expect(ids(login("CKR_PIN_INCORRECT"), login(), login("CKR_PIN_INCORRECT"), login())).toEqual([]);
  });
  test("the last try that was used", () =>
    expect(
      ids(
        open,
        { name: "C_GetTokenInfo", fields: [text("slotID", "0x0"), tokenInfo("t", "1", "CKF_USER_PIN_FINAL_TRY")] },
        login("CKR_PIN_INCORRECT"),
      ),
    ).toContain("final-try-used"));
  test("what came of the last try is told by its return code, and no more", () => {
    const last = (rv: string) =>
      found(
        open,
        { name: "C_GetTokenInfo", fields: [text("slotID", "0x0"), tokenInfo("t", "1", "CKF_USER_PIN_FINAL_TRY")] },
        login(rv),
      ).find(({ id }) => id === "final-try-used");
    expect(last("CKR_PIN_INCORRECT")).toMatchObject({ severity: "error", text: expect.stringContaining("was wrong") });
    expect(last("CKR_PIN_LOCKED")).toMatchObject({ severity: "error", text: expect.stringContaining("is locked") });
    expect(last("CKR_OK")).toMatchObject({ severity: "warning", text: expect.stringContaining("was right") });
    const gone = last("CKR_DEVICE_REMOVED");
    expect(gone?.text).toContain("is not told: CKR_DEVICE_REMOVED");
    expect(gone?.text).not.toMatch(/was (right|wrong)\./);
  });
  test("a locked one, also as a status word", () => {
    expect(ids(login("CKR_PIN_LOCKED"))).toContain("pin-locked");
    expect(ids({ name: "VERIFY", kind: "apdu", rv: "6983" })).toContain("pin-locked");
  });
});

describe("logins that are missing", () => {
  const sign: CallSketch = { name: "C_Sign", session: "0x1", rv: "CKR_USER_NOT_LOGGED_IN" };
  test("for one use of a key, when the process is logged in", () =>
    expect(ids(login(), sign)).toEqual(["context-login-missing"]));
  test("at all", () => expect(ids(sign)).toEqual(["login-missing"]));
  test("after a logout", () => expect(ids(login(), { name: "C_Logout" }, sign)).toEqual(["login-missing"]));
  test("before a search for private keys", () =>
    expect(
      ids(
        { name: "C_FindObjectsInit", session: "0x1", fields: [template({ CKA_CLASS: "CKO_PRIVATE_KEY" })] },
        { name: "C_FindObjectsFinal", session: "0x1" },
      ),
    ).toEqual(["private-before-login"]));
});

describe("storms", () => {
  const poll: CallSketch[] = [{ name: "C_GetSlotList" }, { name: "C_GetSlotInfo" }];
  test("of polling, told once with all calls", () =>
    expect(found(...times(60, ...poll), { name: "C_GetInfo" }, ...times(10, ...poll))).toMatchObject([
      { id: "polling-storm", rows: [0], count: 120 },
    ]));
  test("of single attributes", () => {
    const read: CallSketch = {
      name: "C_GetAttributeValue",
      fields: [handle("hObject", "0x1"), template({ CKA_ID: "01" }, "out")],
    };
    expect(found(...times(150, read))).toMatchObject([{ id: "single-attributes", count: 150 }]);
    const whole: CallSketch = {
      name: "C_GetAttributeValue",
      fields: [template({ CKA_ID: "01", CKA_LABEL: "x" }, "out")],
    };
    expect(ids(...times(150, whole))).toEqual([]);
  });
  test("of logins", () =>
    expect(found(...times(25, login(), { name: "C_Logout", session: "0x1" }))).toMatchObject([
      { id: "login-storm", text: expect.stringContaining("The program (process 100) logged in 25 times.") },
    ]));
});

describe("threads", () => {
  const two: CallSketch[] = [{ name: "C_GetInfo" }, { name: "C_GetInfo", thread: "2" }];
  test("without locking are told", () => expect(ids(init, ...two)).toEqual(["threads-without-locking"]));
  test("with CKF_OS_LOCKING_OK are fine", () =>
    expect(
      ids(
        {
          name: "C_Initialize",
          fields: [
            text("pInitArgs", "flags 0x2", "in", {
              kind: "structure",
              fields: [text("flags", "0x2", "in", { kind: "flags" })],
            }),
          ],
        },
        ...two,
      ),
    ).toEqual([]));
});

describe("sessions", () => {
  test("that are never closed are a leak", () => expect(ids(...times(30, open))).toEqual(["session-leak"]));
  test("that come and go one after the other are churn", () =>
    expect(ids(...times(60, open, { name: "C_CloseSession", session: "0x1" } as CallSketch))).toEqual([
      "session-churn",
    ]));
  test("open at C_Finalize are a hint, one alone is not", () => {
    expect(ids(open, open, { name: "C_Finalize" })).toEqual(["finalize-with-sessions"]);
    expect(ids(open, { name: "C_Finalize" })).toEqual([]);
  });
  test("used after their end are an error", () =>
    expect(ids({ name: "C_Sign", rv: "CKR_SESSION_HANDLE_INVALID" })).toEqual(["session-gone"]));
});

describe("searches", () => {
  const begin: CallSketch = { name: "C_FindObjectsInit", session: "0x1" };
  const end: CallSketch = { name: "C_FindObjectsFinal", session: "0x1" };
  test("that are not ended are told at their beginning", () =>
    expect(found(begin, end, begin, { ...begin, rv: "CKR_OPERATION_ACTIVE" })).toMatchObject([
      { id: "operation-order" },
      { id: "search-not-ended", rows: [2] },
    ]));
  test("in two sessions at once are fine", () =>
    expect(ids(begin, { ...begin, session: "0x2" }, end, { ...end, session: "0x2" })).toEqual([]));
  test("that are left when the session closes are told", () =>
    expect(ids(begin, { name: "C_CloseSession", session: "0x1" })).toEqual(["search-not-ended"]));
});

test("refused mechanisms are compared with the list", () =>
  expect(
    found(
      { name: "C_GetMechanismList", fields: [text("pMechanismList", "1: CKM_ECDSA", "out", { kind: "list" })] },
      { name: "C_SignInit", rv: "CKR_MECHANISM_INVALID", fields: [mechanism("CKM_SHA256_RSA_PKCS")] },
    ),
  ).toMatchObject([{ id: "mechanism-refused", text: "CKM_SHA256_RSA_PKCS: not in the token's mechanism list." }]));
test("mechanisms of a vendor's own are told", () =>
  expect(ids({ name: "C_SignInit", fields: [mechanism("0x80000042")] })).toEqual(["vendor-mechanism"]));
test("slow calls are told only if both ends were measured", () => {
  expect(found({ name: "C_GenerateKeyPair", duration: 3e9 })).toMatchObject([
    { id: "slow-calls", text: expect.stringContaining("3.0 s") },
  ]);
  expect(ids({ name: "C_GenerateKeyPair", duration: 3e9, durationIs: "at-most" })).toEqual([]);
});
test("a library started twice is a hint, a size question too", () => {
  expect(found(init, { ...init, rv: "CKR_CRYPTOKI_ALREADY_INITIALIZED" })).toMatchObject([
    { id: "two-initialisations", severity: "hint" },
  ]);
  expect(found({ name: "C_Sign", rv: "CKR_BUFFER_TOO_SMALL", marks: ["size-question"] })).toMatchObject([
    { id: "size-questions", severity: "hint" },
  ]);
});
test("ambiguous records prove nothing", () =>
  expect(ids({ name: "C_Sign", rv: "CKR_SESSION_HANDLE_INVALID", marks: ["ambiguous"] })).toEqual([]));

test("a recording that was killed while it waited says so, as a hint; in another call as an error", () => {
  expect(of(fixtureView("spy/killed.p11.jsonl"))).toContainEqual(
    expect.objectContaining({
      id: "never-returned",
      severity: "hint",
      text: expect.stringContaining("C_WaitForSlotEvent"),
    }),
  );
  expect(found({ name: "C_Sign", rv: null, marks: ["no-return"] })).toMatchObject([
    { id: "never-returned", severity: "error" },
  ]);
});

test("recordings of programs that do their work give no errors", () => {
  for (const name of ["change-pin", "generate-ec", "generate-rsa", "objects", "p11tool-list", "list-slots", "threads"])
    expect(
      of(fixtureView(`spy/${name}.p11.jsonl`)).filter(({ severity }) => severity !== "hint"),
      name,
    ).toEqual([]);
});
test("pkcs11-tool --test is told the mechanisms that the token does not have", () =>
  expect(of(fixtureView("spy/test.p11.jsonl"))).toContainEqual(
    expect.objectContaining({
      id: "mechanism-refused",
      text: "CKM_RIPEMD160, CKM_RIPEMD160_RSA_PKCS: not in the token's mechanism list.",
    }),
  ));
