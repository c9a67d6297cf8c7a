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
import { allCalls, fixtureView } from "../../../test/harness/trace-fixtures.ts";
import { arrayView } from "../view/array-view.ts";
import { explain } from "./explain.ts";
import { pastOf } from "./past.ts";

/** Explanation of the last of these calls. */
const explained = (...sketches: readonly CallSketch[]) => {
  const calls = trace(...sketches);
  const last = calls.at(-1);
  if (last === undefined) throw new Error("no calls");
  return explain(last, pastOf(arrayView(calls), last.row));
};

const open = (session: string, slot = "0x0", flags = "0x4 CKF_SERIAL_SESSION"): CallSketch => ({
  name: "C_OpenSession",
  fields: [
    text("slotID", slot),
    text("flags", flags, "in", { kind: "flags" }),
    text("phSession", session, "out", { kind: "session" }),
  ],
});
const login = (session: string, user: string, rv = "CKR_OK"): CallSketch => ({
  name: "C_Login",
  session,
  rv,
  fields: [text("userType", user), text("pPin", "PIN of 8 bytes", "in", { kind: "pin", masked: true, length: 8 })],
});
const info = (flags: string): CallSketch => ({
  name: "C_GetTokenInfo",
  fields: [text("slotID", "0x0"), tokenInfo("spytok", "49320ba7", flags)],
});

describe("a wrong PIN", () => {
  test("is told with the last try that the token had reported", () => {
    const { here, remedy, outcome } = explained(
      open("0x1"),
      info("CKF_LOGIN_REQUIRED CKF_USER_PIN_COUNT_LOW CKF_USER_PIN_FINAL_TRY"),
      login("0x1", "CKU_USER", "CKR_PIN_INCORRECT"),
    );
    expect(here).toContain("only the last try was left");
    expect(here).toContain("row 1");
    expect(remedy).toContain("C_InitPIN");
    expect(outcome).toBe("error");
  });
  test("is counted since the last right one, the SO's apart", () => {
    const { here } = explained(
      open("0x1"),
      login("0x1", "CKU_USER", "CKR_PIN_INCORRECT"),
      login("0x1", "CKU_USER"),
      login("0x1", "CKU_USER", "CKR_PIN_INCORRECT"),
      login("0x1", "CKU_SO", "CKR_PIN_INCORRECT"),
      login("0x1", "CKU_USER", "CKR_PIN_INCORRECT"),
    );
    expect(here).toContain("second wrong one in a row");
    expect(here).toContain("did not look at the token's PIN flags");
  });
  test("that was refused for its length names the lengths that the token takes", () =>
    expect(explained(open("0x1"), info("CKF_RNG"), login("0x1", "CKU_USER", "CKR_PIN_LEN_RANGE")).here).toContain(
      "8 bytes were given. The token takes 6 to 15",
    ));
  test("in a recording of pkcs11-tool is explained", () => {
    const view = fixtureView("spy/wrong-pin.p11.jsonl");
    const call = allCalls(view).find(({ rv }) => rv === "CKR_PIN_INCORRECT");
    if (call === undefined) throw new Error("no wrong PIN in the fixture");
    const { purpose, meaning, here, source } = explain(call, pastOf(view, call.row));
    expect(purpose).toContain("Logs in to the token");
    expect(meaning).toBe("The PIN is wrong.");
    expect(here).toMatch(/The PIN was wrong\. The token's flags before \(row \d+\) showed no wrong tries/);
    expect(source).toContain("session management");
  });
});

describe("a locked PIN", () => {
  test("was locked by the wrong ones before it", () =>
    expect(
      explained(
        login("0x1", "CKU_USER", "CKR_PIN_INCORRECT"),
        login("0x1", "CKU_USER", "CKR_PIN_INCORRECT"),
        login("0x1", "CKU_USER", "CKR_PIN_LOCKED"),
      ).here,
    ).toContain("2 wrong ones came before in this process, last in row 1"));
  test("or by somebody else", () =>
    expect(explained(login("0x1", "CKU_USER", "CKR_PIN_LOCKED")).here).toContain("by another program"));
});

describe("CKR_USER_NOT_LOGGED_IN", () => {
  const sign = (rv: string): CallSketch => ({ name: "C_Sign", session: "0x1", rv });
  const signInit: CallSketch = {
    name: "C_SignInit",
    session: "0x1",
    fields: [mechanism("CKM_RSA_PKCS"), handle("hKey", "0x5")],
  };
  test("without a login says so", () =>
    expect(explained(open("0x1"), signInit, sign("CKR_USER_NOT_LOGGED_IN")).here).toContain(
      "No login of this process",
    ));
  test("on a key with CKA_ALWAYS_AUTHENTICATE wants a context-specific login", () => {
    const { here, remedy } = explained(
      open("0x1"),
      login("0x1", "CKU_USER"),
      {
        name: "C_GetAttributeValue",
        session: "0x1",
        fields: [handle("hObject", "0x5"), template({ CKA_ALWAYS_AUTHENTICATE: "CK_TRUE" }, "out")],
      },
      signInit,
      sign("CKR_USER_NOT_LOGGED_IN"),
    );
    expect(here).toContain("key 0x5 has CKA_ALWAYS_AUTHENTICATE (row 2)");
    expect(remedy).toContain("CKU_CONTEXT_SPECIFIC");
  });
  test("after a logout names the logout", () =>
    expect(
      explained(
        login("0x1", "CKU_USER"),
        { name: "C_Logout", session: "0x1" },
        signInit,
        sign("CKR_USER_NOT_LOGGED_IN"),
      ).here,
    ).toContain("ended by C_Logout (row 1)"));
  test("with a login to another slot names both", () =>
    expect(
      explained(
        open("0x1", "0x0"),
        open("0x2", "0x1"),
        login("0x2", "CKU_USER"),
        signInit,
        sign("CKR_USER_NOT_LOGGED_IN"),
      ).here,
    ).toContain("slot 0x1 (row 2), but this session is with slot 0x0"));
});

test("CKR_USER_ALREADY_LOGGED_IN names the session that logged in", () =>
  expect(
    explained(
      open("0x1"),
      open("0x2"),
      login("0x1", "CKU_USER"),
      login("0x2", "CKU_USER", "CKR_USER_ALREADY_LOGGED_IN"),
    ),
  ).toMatchObject({
    here: expect.stringContaining("since row 2 through session 0x1"),
    outcome: "warning",
  }));

test("CKR_CRYPTOKI_ALREADY_INITIALIZED is two libraries in one process", () =>
  expect(
    explained({ name: "C_Initialize" }, { name: "C_Initialize", rv: "CKR_CRYPTOKI_ALREADY_INITIALIZED", thread: "2" })
      .here,
  ).toMatch(/row 0, by another thread: two parts/));

describe("CKR_SESSION_HANDLE_INVALID", () => {
  const use: CallSketch = { name: "C_GetSessionInfo", session: "0x1", rv: "CKR_SESSION_HANDLE_INVALID" };
  test("after C_CloseAllSessions", () =>
    expect(explained(open("0x1"), { name: "C_CloseAllSessions", fields: [text("slotID", "0x0")] }, use).here).toContain(
      "closed by C_CloseAllSessions in row 1",
    ));
  test("after closing by another thread", () =>
    expect(explained(open("0x1"), { name: "C_CloseSession", session: "0x1", thread: "9" }, use).here).toContain(
      "by another thread (9)",
    ));
  test("after the token went", () =>
    expect(explained(open("0x1"), { name: "C_GetTokenInfo", rv: "CKR_DEVICE_REMOVED" }, use).here).toContain(
      "ended when the token went",
    ));
  test("of a session that another process opened", () =>
    expect(explained({ ...open("0x1"), process: 99 }, use).here).toContain("After a fork"));
  test("not when the number was opened anew after it was closed", () =>
    expect(explained(open("0x1"), { name: "C_CloseSession", session: "0x1" }, open("0x1"), use).here).toContain(
      "nothing in this process closed it",
    ));
});

describe("operations", () => {
  const init = (rv = "CKR_OK"): CallSketch => ({ name: "C_SignInit", session: "0x1", rv });
  const sign = (rv: string, marks: CallSketch["marks"] = []): CallSketch => ({
    name: "C_Sign",
    session: "0x1",
    rv,
    marks,
  });
  const lost = sign("CKR_OPERATION_NOT_INITIALIZED");
  test.each([
    ["was never begun", [], "No C_SignInit stands before"],
    ["failed to begin", [init("CKR_KEY_HANDLE_INVALID")], "C_SignInit failed before (row 0: CKR_KEY_HANDLE_INVALID)"],
    ["ended with an error", [init(), sign("CKR_DEVICE_ERROR")], "ended with the error of C_Sign in row 1"],
    ["was done", [init(), sign("CKR_OK")], "was finished by C_Sign in row 1"],
    [
      "was lost by the library after a size question",
      [init(), sign("CKR_OK", ["size-question"])],
      "should still be active",
    ],
    ["was in another session", [{ ...init(), session: "0x2" }], "No C_SignInit stands before"],
  ] as [string, CallSketch[], string][])("that %s", (_, before, words) =>
    expect(explained(...before, lost).here).toContain(words),
  );
  test("that is still active because a search was not ended", () =>
    expect(
      explained(
        { name: "C_FindObjectsInit", session: "0x1" },
        { name: "C_FindObjectsInit", session: "0x1", rv: "CKR_OPERATION_ACTIVE" },
      ).here,
    ).toContain("C_FindObjectsFinal is missing"));
  test("CKR_BUFFER_TOO_SMALL with NULL is a question, else a small buffer", () => {
    const small = (marks: CallSketch["marks"]) =>
      explained(init(), {
        ...sign("CKR_BUFFER_TOO_SMALL", marks),
        fields: [text("pulSignatureLen", "256 (0x100)", "out")],
      });
    expect(small(["size-question"])).toMatchObject({
      here: expect.stringContaining("asked for the length only"),
      outcome: "expected",
    });
    expect(small([]).here).toContain("too small. 256 bytes are needed");
  });
});

describe("CKR_MECHANISM_INVALID is compared with the list seen before", () => {
  const list: CallSketch = {
    name: "C_GetMechanismList",
    fields: [text("slotID", "0x0"), text("pMechanismList", "2: CKM_RSA_PKCS, CKM_ECDSA", "out", { kind: "list" })],
  };
  const init = (name: string): CallSketch => ({
    name: "C_SignInit",
    session: "0x1",
    rv: "CKR_MECHANISM_INVALID",
    fields: [mechanism(name)],
  });
  test("not in it", () =>
    expect(explained(open("0x1"), list, init("CKM_RSA")).here).toContain("not in the token's mechanism list (row 1)"));
  test("in it", () =>
    expect(explained(open("0x1"), list, init("CKM_ECDSA")).here).toContain("is in the token's mechanism list"));
  test("never read", () => expect(explained(open("0x1"), init("CKM_ECDSA")).here).toContain("did not ask"));
});

describe("objects", () => {
  test("a key whose CKA_SIGN was seen false may not sign", () =>
    expect(
      explained(
        {
          name: "C_GetAttributeValue",
          session: "0x1",
          fields: [handle("hObject", "0x5"), template({ CKA_SIGN: "CK_FALSE" }, "out")],
        },
        {
          name: "C_SignInit",
          session: "0x1",
          rv: "CKR_KEY_FUNCTION_NOT_PERMITTED",
          fields: [mechanism("CKM_RSA_PKCS"), handle("hKey", "0x5")],
        },
      ).here,
    ).toContain("CKA_SIGN true for key 0x5. It is false (row 0)"));
  test.each(["not available (sensitive or not there)", "asks for the length", "unavailable"])(
    "a usage attribute that was read as %s tells nothing",
    (value) =>
      expect(
        explained(
          {
            name: "C_GetAttributeValue",
            fields: [handle("hObject", "0x5"), template({ CKA_SIGN: value }, "out")],
          },
          {
            name: "C_SignInit",
            rv: "CKR_KEY_FUNCTION_NOT_PERMITTED",
            fields: [mechanism("CKM_RSA_PKCS"), handle("hKey", "0x5")],
          },
        ).here,
      ).toContain("The log does not show that attribute."),
  );
  test("an optional attribute that is not there is harmless", () =>
    expect(
      explained({
        name: "C_GetAttributeValue",
        rv: "CKR_ATTRIBUTE_TYPE_INVALID",
        fields: [handle("hObject", "0x5"), template({ CKA_URL: "not available", CKA_ID: "01" }, "out")],
      }),
    ).toMatchObject({ outcome: "expected", here: expect.stringContaining("Not given: CKA_URL") }));
  test("a handle that was deleted", () =>
    expect(
      explained(
        { name: "C_CreateObject", session: "0x1", fields: [handle("phObject", "0x7", "out")] },
        { name: "C_DestroyObject", session: "0x1", fields: [handle("hObject", "0x7")] },
        {
          name: "C_GetAttributeValue",
          session: "0x1",
          rv: "CKR_OBJECT_HANDLE_INVALID",
          fields: [handle("hObject", "0x7")],
        },
      ).here,
    ).toContain("0x7 was deleted in row 1"));
  test("a search that finds nothing before login says that private objects are not found", () =>
    expect(
      explained(
        open("0x1"),
        { name: "C_FindObjectsInit", session: "0x1", fields: [template({ CKA_CLASS: "CKO_PRIVATE_KEY" })] },
        { name: "C_FindObjects", session: "0x1" },
      ).here,
    ).toContain("Nobody is logged in"));
});

test("C_GetInterface that refuses a version is harmless", () =>
  expect(
    explained({ name: "C_GetInterface", rv: "CKR_ARGUMENTS_BAD", fields: [text("pVersion", "3.2")] }),
  ).toMatchObject({
    here: expect.stringContaining("version 3.2"),
    remedy: "",
    outcome: "expected",
  }));

test("a call that never came back says so", () =>
  expect(explained({ name: "C_Sign", rv: null, marks: ["no-return"] })).toMatchObject({
    here: expect.stringContaining("no return"),
    outcome: "none",
  }));

test("a vendor's code is not made up", () =>
  expect(explained({ name: "C_Sign", rv: "0x80000123" }).meaning).toContain("vendor's own"));

test("OpenSC's messages and APDUs are explained", () => {
  expect(explained({ name: "sc_pin_cmd", kind: "message", rv: "-1214" })).toMatchObject({
    meaning: expect.stringContaining("SC_ERROR_PIN_CODE_INCORRECT"),
    outcome: "error",
  });
  expect(explained({ name: "VERIFY", kind: "apdu", rv: "63C2" })).toMatchObject({
    meaning: "Wrong PIN: 2 tries left.",
    outcome: "error",
  });
});

test("every call of every recording of a real program is explained, without a failure", () => {
  for (const name of ["test", "threads", "p11tool-list", "objects", "generate-rsa", "killed", "fork-1", "change-pin"]) {
    const view = fixtureView(`spy/${name}.p11.jsonl`);
    for (const call of allCalls(view)) {
      const { purpose, meaning } = explain(call, pastOf(view, call.row));
      if (call.kind === "call") expect(purpose, `${name} ${call.name}`).not.toBe("");
      if (call.rv !== null) expect(meaning, `${name} ${call.name}`).not.toBe("");
    }
  }
});
