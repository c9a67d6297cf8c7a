import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { detectDialect } from "./all.ts";
import { p11Kit } from "./p11-kit.ts";
import { type ReadRecord, readAll, scanText } from "./scan-for-test.ts";

const folder = new URL("../../../test/fixtures/p11-kit/", import.meta.url);
const fixture = (name: string) => readFileSync(new URL(name, folder));

const parsed = (log: string | Buffer) => readAll(p11Kit, log);
const field = (found: ReadRecord | undefined, name: string) => found?.call.fields.find((one) => one.name === name);

describe.each(readdirSync(folder))("the log %s", (name) => {
  const bytes = fixture(name);
  const found = parsed(bytes);

  it("is known", () => {
    expect(detectDialect(bytes.subarray(0, 65536))?.dialect.name).toBe("p11-kit");
  });
  it("has as many calls as returns, and is written again byte for byte", () => {
    const returns = bytes.toString("latin1").match(/^C_\w+ = CKR_/gm)?.length ?? 0;
    expect(found.length).toBe(name.startsWith("hostile") ? returns - 1 : returns);
    for (const { again, own } of found) expect(again && Buffer.from(again).equals(own.bytes)).toBe(true);
  });
  it("shows no PIN and no data", () => {
    for (const { call, masked, own } of found) {
      const hex = ["canary", "0123456789abcdef"].map((secret) => Buffer.from(secret).toString("hex"));
      const shown = `${JSON.stringify(call)}${masked}`;
      for (const secret of ["canary", "0123456789abcdef", ...hex]) expect(shown).not.toContain(secret);
      expect(masked.length).toBe(own.length);
    }
  });
  it("is read alike from pieces, and from its middle on", () => {
    const { records } = scanText(p11Kit, bytes);
    expect(scanText(p11Kit, bytes, { chunkLength: 200 }).records).toEqual(records);
    const middle = scanText(p11Kit, bytes, { from: bytes.length >> 1 }).records;
    expect(records.slice(-middle.length)).toEqual(middle);
  });
});

describe("calls", () => {
  it("have their arguments, decoded", () => {
    const login = parsed(fixture("wrong-pin-0.24.log")).find(({ name }) => name === "C_Login");
    expect(login).toMatchObject({ rv: "CKR_PIN_INCORRECT", session: 1 });
    expect(login?.call.fields).toMatchObject([
      { name: "hSession", kind: "session", handle: "0x1" },
      { name: "userType", text: "CKU_USER" },
      { name: "pPin", kind: "pin", masked: true, text: "PIN of 21 bytes: masked", length: 21 },
    ]);
    expect(login?.masked).toContain(`pPin = (21) "${"*".repeat(21)}"`);
  });
  it("have mechanisms, templates, handles and lists", () => {
    const calls = parsed(fixture("generate-ec-0.24.log"));
    const made = calls.find(({ name }) => name === "C_GenerateKeyPair");
    expect(field(made, "pMechanism")).toMatchObject({ kind: "mechanism", text: "CKM_ECDSA_KEY_PAIR_GEN" });
    expect(field(made, "pPublicKeyTemplate")).toMatchObject({ kind: "template", text: "9 attributes" });
    const label = calls.flatMap(({ call }) => call.fields.flatMap(({ fields }) => fields ?? []));
    expect(label).toContainEqual(
      expect.objectContaining({ name: "CKA_LABEL", text: "clé", length: 4, direction: "out" }),
    );
    expect(field(made, "phPublicKey")).toMatchObject({ kind: "handle", handle: "0x2", direction: "out" });
    const list = parsed(fixture("list-0.24.log")).filter(({ name }) => name === "C_GetSlotList");
    expect(field(list[1], "pSlotList")).toMatchObject({ kind: "list", fields: [{ kind: "slot" }, { kind: "slot" }] });
  });
  it("tell flags in hexadecimal, and names", () => {
    const opened = parsed(fixture("sign-0.24.log")).find(({ name }) => name === "C_OpenSession");
    expect(field(opened, "flags")?.text).toMatch(/^CKF_SERIAL_SESSION.* \(0x[46]\)$/);
    expect(field(opened, "phSession")).toMatchObject({ kind: "session", handle: "0x1" });
  });
});

describe("threads", () => {
  const login = 'C_Login\n  IN: hSession = S1\n  IN: userType = CKU_USER\n  IN: pPin = (4) "1234"\n';
  const random = "C_GetSessionInfo\n  IN: hSession = S2\n";
  const info = " OUT: pInfo = {\n\tslotID: SL3\n\tstate: CKS_RO_USER_FUNCTIONS\n      }\nC_GetSessionInfo = CKR_OK\n";
  it("in different functions are told apart, and no PIN of the other shows", () => {
    const found = parsed(`${random}${login}${info}C_Login = CKR_OK\n`);
    expect(found).toMatchObject([
      { name: "C_GetSessionInfo", rv: "CKR_OK", marks: [] },
      { name: "C_Login", rv: "CKR_OK", marks: [] },
    ]);
    expect(found[0]?.call.fields.map(({ name }) => name)).toEqual(["hSession", "pInfo"]);
    expect(found[1]?.call.fields.map(({ name }) => name)).toEqual(["hSession", "userType", "pPin"]);
    for (const { masked, call } of found) expect(masked + JSON.stringify(call)).not.toContain("1234");
  });
  it("in the same function are ambiguous", () => {
    const found = parsed(random + random.replace("S2", "S3") + info + info);
    expect(found.map(({ marks }) => marks)).toEqual([["ambiguous"], ["ambiguous"]]);
    expect(found.map(({ again }) => again)).toEqual([null, null]);
    expect(found[0]?.call.fields.map(({ name }) => name)).toEqual(["hSession"]);
  });
});

describe("hostile and broken logs", () => {
  it("a label with lines of the log makes no records, and is marked", () => {
    const found = parsed(fixture("hostile-label-0.24.log"));
    expect(found.map(({ name }) => name)).not.toContain("C_Sign");
    expect(found.filter(({ marks }) => marks.includes("untrusted-text"))).not.toHaveLength(0);
  });
  test.each([
    ['C_Login\n  IN: pPin = (9) "ab"canary"\nC_Login = CKR_OK\n'],
    ['C_Login\n  IN: pPin = (9) "ab canary'],
    ['C_X\n  IN: hSes  IN: pPin = (6) "canary"\nC_X = CKR_OK\n'],
    ['C_CreateObject\n  IN: pTemplate = (2) [ { CKA_CLASS = CKO_SECRET_KEY }, { CKA_VALUE = (6) "ca\\"canary'],
  ])("shows no secret of %j", (log) => {
    for (const { masked, call } of parsed(log)) expect(masked + JSON.stringify(call)).not.toContain("canary");
  });
  it("a cut end is marked, a cut beginning passed over", () => {
    expect(parsed('N: pPin = (1) "x"\nC_Login = CKR_OK\nC_Logout\n  IN: hSess')).toMatchObject([
      { name: "C_Logout", marks: ["broken"] },
    ]);
  });
  it("vendor codes are numbers", () => {
    expect(parsed("C_X\n  IN: a = 1\nC_X = CKR_0x80000001\n")[0]?.rv).toBe("0x80000001");
  });
});
