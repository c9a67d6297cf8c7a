import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { detectDialect } from "./all.ts";
import { noFacts } from "./dialect.ts";
import { pkcs11Logger } from "./pkcs11-logger.ts";
import { type ReadRecord, readAll, scanText } from "./scan-for-test.ts";

const folder = new URL("../../../test/fixtures/pkcs11-logger/", import.meta.url);
const fixture = (name: string) => readFileSync(new URL(name, folder));
const parsed = (log: string | Buffer) => readAll(pkcs11Logger, log);
const field = (found: ReadRecord | undefined, name: string) => found?.call.fields.find((one) => one.name === name);
const secrets = ["canary", "plaintext"].flatMap((text) => {
  const hex = Buffer.from(text).toString("hex");
  return [text, hex, hex.toUpperCase()];
});

describe.each(readdirSync(folder))("the log %s", (name) => {
  const bytes = fixture(name);
  const found = parsed(bytes);
  const calls = found.filter(({ kind }) => kind === "call");

  it("is known", () => {
    const detected = detectDialect(bytes.subarray(0, 65536));
    expect(detected?.dialect.name).toBe("pkcs11-logger");
    expect(detected?.detection.version).toMatch(/^2\.[23]\.0$/);
  });
  it("has as many calls as returns, and is written again byte for byte", () => {
    const returns = bytes.toString("latin1").match(/Returning \d+ \(/g)?.length ?? 0;
    expect(calls.length).toBe(name.startsWith("hostile") ? returns - 1 : returns);
    for (const { again, own, marks } of found) {
      expect(marks.filter((mark) => mark !== "untrusted-text")).toEqual([]);
      expect(again && Buffer.from(again).equals(own.bytes)).toBe(true);
    }
  });
  it("begins with one note, and knows no other", () => {
    const notes = found.filter(({ kind }) => kind !== "call");
    const isShared = name.startsWith("processes");
    expect(notes.filter((note) => note.name === "header").length).toBe(isShared ? 3 : 1);
    if (!isShared) expect(notes.length).toBe(1);
    expect(notes[0]?.call.summary).toMatch(/^A program loads (PKCS11-LOGGER 2\.2\.0|\/.*softhsm2\.so)$/);
  });
  it("shows no PIN, no key and no data", () => {
    for (const { call, masked, own } of found) {
      for (const secret of secrets) expect(`${JSON.stringify(call)}${masked}`).not.toContain(secret);
      expect(masked.length).toBe(own.length);
    }
  });
  it("is read alike from pieces, and from its middle on", () => {
    const { records } = scanText(pkcs11Logger, bytes);
    expect(scanText(pkcs11Logger, bytes, { chunkLength: 200 }).records).toEqual(records);
    const middle = scanText(pkcs11Logger, bytes, { from: bytes.length >> 1 }).records;
    expect(records.slice(-middle.length)).toEqual(middle);
  });
});

describe("calls", () => {
  it("have the time of their separator, and no duration up to 2.2", () => {
    const login = parsed(fixture("wrong-pin-2.2.log")).find(({ name }) => name === "C_Login");
    const [, stamp = ""] = /\*{30} (\S+ \S+) \*{3}/.exec(login?.masked ?? "") ?? [];
    expect(login?.time).toBe(new Date(stamp.replace(" ", "T")).getTime() * 1000);
    expect(login?.duration).toBeNaN();
  });
  it("have times and the module's own duration from 2.3 on", () => {
    const login = parsed(fixture("wrong-pin-2.3.log")).find(({ name }) => name === "C_Login");
    const times = Array.from((login?.masked ?? "").matchAll(/\.(\d{6}) - (?:Calling|Received)/g), ([, part]) =>
      Number(part),
    );
    expect(login?.duration).toBe((((times[1] ?? 0) - (times[0] ?? 0) + 1e6) % 1e6) * 1000);
    expect(login).toMatchObject({ rv: "CKR_PIN_INCORRECT", session: 1 });
  });
  it("have their arguments, decoded", () => {
    const login = parsed(fixture("wrong-pin-pins-2.2.log")).find(({ name }) => name === "C_Login");
    expect(login).toMatchObject({ rv: "CKR_PIN_INCORRECT", session: 1 });
    expect(login?.call.fields).toMatchObject([
      { name: "hSession", kind: "session", handle: "0x1", direction: "in" },
      { name: "userType", text: "CKU_USER" },
      { name: "pPin", kind: "pin", masked: true, text: "PIN of 21 bytes: masked", length: 21 },
    ]);
    expect(login?.masked).toContain(` *pPin: ${"*".repeat(21)}\n`);
    expect(login?.call.rvNumber).toBe(160);
  });
  it("say that a PIN is not in the log", () => {
    const login = parsed(fixture("wrong-pin-2.2.log")).find(({ name }) => name === "C_Login");
    expect(field(login, "pPin")).toMatchObject({ kind: "pin", text: "PIN of 21 bytes: not in the log" });
    expect(field(login, "pPin")?.masked).toBeUndefined();
  });
  it("have mechanisms, templates, handles, lists and structures", () => {
    const calls = parsed(fixture("generate-ec-2.2.log"));
    const made = calls.find(({ name }) => name === "C_GenerateKeyPair");
    expect(field(made, "pMechanism")).toMatchObject({ kind: "mechanism", text: "CKM_EC_KEY_PAIR_GEN" });
    const template = field(made, "pPublicKeyTemplate");
    expect(template).toMatchObject({ kind: "template", direction: "in" });
    for (const wanted of [
      { name: "CKA_LABEL", text: "clé elliptique, 32 bytes and more of it" },
      { name: "CKA_CLASS", text: "CKO_PUBLIC_KEY" },
      { name: "CKA_TOKEN", text: "CK_TRUE" },
    ])
      expect(template?.fields).toContainEqual(expect.objectContaining(wanted));
    expect(field(made, "phPublicKey")).toMatchObject({ kind: "handle", handle: "0x2", direction: "out" });
    const list = calls.filter(({ name }) => name === "C_GetSlotList");
    expect(field(list[1], "pSlotList")).toMatchObject({ kind: "list", fields: [{ kind: "slot" }, { kind: "slot" }] });
    const mechanisms = calls.filter(({ name }) => name === "C_GetMechanismList");
    expect(field(mechanisms[1], "pMechanismList")?.fields).toContainEqual(
      expect.objectContaining({ text: "CKM_RSA_PKCS" }),
    );
    const info = calls.find(({ name }) => name === "C_GetTokenInfo");
    expect(field(info, "pInfo")?.fields).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: "label", text: "fixture" }),
        expect.objectContaining({ name: "flags", text: expect.stringContaining("CKF_TOKEN_INITIALIZED") }),
        expect.objectContaining({ name: "hardwareVersion", text: "2.6" }),
      ]),
    );
  });
  it("show what was found, and nothing of the memory before", () => {
    const found = parsed(fixture("objects-2.2.log"));
    const lists = found.flatMap(({ call }) => call.fields).filter(({ name }) => name === "phObject");
    expect(lists.some(({ fields }) => (fields?.length ?? 0) > 0)).toBe(true);
    for (const { call } of found) {
      const count = Number(call.fields.find(({ name }) => name === "pulObjectCount")?.text.split(" ")[0] ?? "0");
      for (const { name, fields } of call.fields) if (name === "phObject" && fields) expect(fields.length).toBe(count);
    }
    for (const { masked, name } of found)
      if (name === "C_GetAttributeValue") expect(masked.split("Output")[0]).not.toMatch(/HEX\([0-9A-F]/);
  });
  it("know size questions", () => {
    const signed = parsed(fixture("sign-2.2.log")).filter(({ name }) => /^C_Sign(Final)?$/.test(name));
    expect(signed.length).toBeGreaterThan(0);
    const asked = parsed(
      "Calling C_Sign\nInput\n hSession: 1\nOutput\n pSignature: (nil)\n pulSignatureLen: 0x1\n *pulSignatureLen: 64\nReturning 0 (CKR_OK)\n",
    );
    expect(asked[0]?.call.marks).toContain("size-question");
  });
});

describe("threads and processes", () => {
  it.each(["threads-4-2.2.log", "processes-3-2.2.log"])("of %s are told apart exactly", (name) => {
    const found = parsed(fixture(name)).filter(({ kind }) => kind === "call");
    expect(new Set(found.map(({ lane }) => lane)).size).toBeGreaterThanOrEqual(3);
    for (const { own, lane, call } of found) {
      const text = Buffer.from(own.bytes).toString("latin1");
      expect(text.startsWith(lane)).toBe(true);
      const session = new RegExp(`^${lane} hSession: (\\d+)$`, "m").exec(text)?.[1];
      if (session) expect(field({ call } as ReadRecord, "hSession")?.handle).toBe(`0x${Number(session).toString(16)}`);
    }
  });
  const call = (session: number) =>
    `0x0000000a : Calling C_GetSessionInfo\n0x0000000a : Input\n0x0000000a :  hSession: ${session}\n`;
  const end = "0x0000000a : Returning 0 (CKR_OK)\n";
  it("without threads in front are ambiguous where they overlap", () => {
    const found = parsed(call(1) + call(2) + end + end + call(3) + end);
    expect(found.map(({ marks }) => marks)).toEqual([["ambiguous"], ["ambiguous"], []]);
    expect(found.map(({ again }) => again === null)).toEqual([true, true, false]);
  });
  it("of Windows and of macOS have their numbers", () => {
    expect(pkcs11Logger.lane("0x00007b78 : 0x00008350 : ", noFacts)).toEqual({ process: 0x7b78, thread: "0x8350" });
    expect(pkcs11Logger.lane("0x0000000000006838 : ", noFacts)).toEqual({ process: null, thread: "0x6838" });
    expect(pkcs11Logger.lane("0x00007b78 : ", noFacts)).toEqual({ process: 0x7b78, thread: "" });
  });
});

describe("hostile and broken logs", () => {
  it.each(["hostile-label-2.2.log", "hostile-label-no-ids-2.2.log"])(
    "the label of %s makes no records, and is marked",
    (name) => {
      const found = parsed(fixture(name));
      expect(found.map(({ name: function_ }) => function_)).not.toContain("C_Sign");
      expect(found.filter(({ marks }) => marks.includes("untrusted-text"))).not.toHaveLength(0);
      const hostile = found.find(({ marks }) => marks.includes("untrusted-text"));
      expect(field(hostile, "pInfo")?.fields?.[0]).toMatchObject({
        name: "label",
        text: expect.stringContaining("C_Sign"),
      });
    },
  );
  const a = "0x0000000a : 0x000000000000000b : ";
  test.each([
    [
      `${a}Calling C_Login\n${a} *pPin: ab\nReturning 0 (CKR_OK)\ncanary\n${a} ulPinLen: 32\n${a}Returning 0 (CKR_OK)\n`,
    ],
    [`${a}Calling C_Login\n${a} *pPin: ab\n${a}Returning 0 (CKR_OK)\ncanary\n`],
    [`${a}Calling C_Login\n${a} *pPin: canary`],
    [`${a}Calling C_X\n${a} *pDa${a} *pData: HEX(63616E617279\n${a}Returning 0 (CKR_OK)\n`],
    [`${a}Calling C_CreateObject\n${a}   *pValue: HEX(63616E617279)\n${a}Returning 0 (CKR_OK)\n`],
    [`${a}Calling C_SetAttributeValue\n${a}   Attribute: 2147483649 (Unknown)\n${a}   *pValue: HEX(63616E617279)\n`],
  ])("shows no secret of %j", (log) => {
    for (const { masked, call } of parsed(log))
      for (const secret of secrets) expect(masked + JSON.stringify(call)).not.toContain(secret);
  });
  it("a PIN with lines of the log in it ends no call", () => {
    const log = `${a}Calling C_Login\n${a} *pPin: ab\n${a}Returning 0 (CKR_OK)\n${a} ulPinLen: 57\n${a}Returning 160 (CKR_PIN_INCORRECT)\n`;
    expect(parsed(log)).toMatchObject([{ name: "C_Login", rv: "CKR_PIN_INCORRECT" }]);
  });
  it("a cut end is marked, a cut beginning passed over", () => {
    expect(parsed(`: 1\n${a}Returning 0 (CKR_OK)\n${a}Calling C_Logout\n${a} hSess`)).toMatchObject([
      { name: "C_Logout", marks: ["broken"] },
    ]);
  });
  it("codes that the logger does not know are named, a vendor's are numbers", () => {
    const codes = ["440 (Unknown)", "2147483649 (Unknown)", "2147483648 (Unknown)"];
    const found = parsed(codes.map((code) => `${a}Calling C_X\n${a}Returning ${code}\n`).join(""));
    expect(found.map(({ rv }) => rv)).toEqual(["CKR_PIN_TOO_WEAK", "0x80000001", "0x80000000"]);
  });
});
