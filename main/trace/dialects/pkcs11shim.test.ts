import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { detectDialect } from "./all.ts";
import { noFacts } from "./dialect.ts";
import { pkcs11shim } from "./pkcs11shim.ts";
import { type ReadRecord, readAll, scanText } from "./scan-for-test.ts";

const folder = new URL("../../../test/fixtures/pkcs11shim/", import.meta.url);
const fixture = (name: string) => readFileSync(new URL(name, folder));
const parsed = (log: string | Buffer) => readAll(pkcs11shim, log);
const field = (found: ReadRecord | undefined, name: string) => found?.call.fields.find((one) => one.name === name);
const secrets = ["canary", "plaintext"].flatMap((text) => [text, Buffer.from(text).toString("hex")]);
const spaced = Buffer.from("canary").toString("hex").toUpperCase().match(/../g)?.join(" ") ?? "";

describe.each(readdirSync(folder))("the log %s", (name) => {
  const bytes = fixture(name);
  const found = parsed(bytes);
  const calls = found.filter(({ kind }) => kind === "call");
  const isMixed = /threads|processes/.test(name);

  it("is known", () => {
    expect(detectDialect(bytes.subarray(0, 65536))?.dialect.name).toBe("pkcs11shim");
  });
  it("has as many calls as returns, and is written again byte for byte where nothing is mixed", () => {
    const returns = bytes.toString("latin1").match(/^\[ret\] \d+ /gm)?.length ?? 0;
    if (!isMixed) expect(calls.length).toBe(name.startsWith("hostile") ? returns - 1 : returns);
    for (const { again, own, marks } of found)
      if (marks.includes("ambiguous") || marks.includes("broken")) expect(again).toBeNull();
      else expect(again && Buffer.from(again).equals(own.bytes)).toBe(true);
    if (!isMixed) expect(found.filter(({ again }) => again === null)).toEqual([]);
  });
  it("shows no PIN, no key and no data", () => {
    for (const { call, masked, own } of found) {
      for (const secret of [...secrets, spaced]) expect(`${JSON.stringify(call)}${masked}`).not.toContain(secret);
      expect(masked.length).toBe(own.length);
    }
  });
  it("is read alike from pieces, and from its middle on", () => {
    const { records } = scanText(pkcs11shim, bytes);
    expect(scanText(pkcs11shim, bytes, { chunkLength: 200 }).records).toEqual(records);
    const middle = scanText(pkcs11shim, bytes, { from: bytes.length >> 1 }).records;
    expect(records.slice(-middle.length)).toEqual(middle);
  });
});

describe("calls", () => {
  it("have process, thread, time and an exact duration", () => {
    const bytes = fixture("sign-1.9.log");
    const login = parsed(bytes).find(({ name }) => name === "C_Login");
    const [, tic = "", lap = ""] =
      /\[tic\] \S+ \S+\.(\d{6})\n[^[]*(?:\[in[\s\S]*?)\[lap\] 0\.(\d{6})/.exec(login?.masked ?? "") ?? [];
    expect(login?.duration).toBe(Number(lap) * 1000);
    expect((login?.time ?? 0) % 1e6).toBe(Number(tic));
    const { process, thread } = pkcs11shim.lane(login?.lane ?? "", noFacts);
    expect(bytes.toString()).toContain(`[pid] ${process}\n`);
    expect(bytes.toString()).toContain(`[tid] ${thread}\n`);
  });
  it("of the first release have the time from both ends, to the millisecond", () => {
    const found = parsed(fixture("generate-ec-1.0.log")).filter(({ kind }) => kind === "call");
    expect(found.every(({ duration }) => duration >= 0 && duration % 1e6 === 0)).toBe(true);
    expect(found[0]?.lane).toMatch(/^P:; T:0x[0-9a-f]+$/);
  });
  it("have their arguments, decoded", () => {
    const login = parsed(fixture("wrong-pin-pins-1.9.log")).find(({ name }) => name === "C_Login");
    expect(login).toMatchObject({ rv: "CKR_PIN_INCORRECT", session: 1 });
    expect(login?.call.fields).toMatchObject([
      { name: "hSession", kind: "session", handle: "0x1", direction: "in" },
      { name: "userType", text: "CKU_USER" },
      { name: "pPin", kind: "pin", masked: true, text: "PIN of 21 bytes: masked", length: 21 },
    ]);
    expect(login?.masked).toContain(`00000000  ${"** ".repeat(16)} ${"*".repeat(16)}\n`);
  });
  it("have mechanisms, templates, handles and lists", () => {
    const calls = parsed(fixture("generate-ec-1.9.log"));
    const made = calls.find(({ name }) => name === "C_GenerateKeyPair");
    expect(field(made, "pMechanism")).toMatchObject({ kind: "mechanism", text: "CKM_EC_KEY_PAIR_GEN" });
    const template = field(made, "pPublicKeyTemplate");
    expect(template).toMatchObject({ kind: "template", direction: "in" });
    expect(template?.fields).toContainEqual(
      expect.objectContaining({ name: "CKA_LABEL", text: "clé elliptique, 32 bytes and more of it" }),
    );
    expect(field(made, "phPublicKey")).toMatchObject({ kind: "handle", handle: "0x2", direction: "out" });
    const list = calls.filter(({ name }) => name === "C_GetSlotList");
    expect(field(list[1], "pSlotList")).toMatchObject({ kind: "list", fields: [{ kind: "slot" }, { kind: "slot" }] });
    const mechanisms = calls.filter(({ name }) => name === "C_GetMechanismList");
    expect(field(mechanisms[1], "pMechanismList")?.fields).toContainEqual(
      expect.objectContaining({ text: "CKM_RSA_PKCS" }),
    );
    const found = parsed(fixture("objects-1.9.log"))
      .flatMap(({ call }) => call.fields)
      .filter(({ name }) => name === "phObject");
    expect(found.length).toBeGreaterThan(0);
  });
});

describe("threads and processes", () => {
  it("whose calls overlap are ambiguous; the others are exact", () => {
    const found = parsed(fixture("threads-4-1.9.log")).filter(({ kind }) => kind === "call");
    expect(found.filter(({ marks }) => marks.includes("ambiguous")).length).toBeGreaterThan(0);
    expect(found.every(({ marks, duration }) => !marks.includes("ambiguous") || Number.isNaN(duration))).toBe(true);
  });
});

describe("hostile and broken logs", () => {
  it("a label with lines of the log makes no records, and is marked", () => {
    const found = parsed(fixture("hostile-label-1.9.log"));
    expect(found.map(({ name }) => name)).not.toContain("C_X");
    expect(found.filter(({ marks }) => marks.includes("untrusted-text"))).not.toHaveLength(0);
  });
  test.each([
    ["[cnt] 0 - C_Login\n[tic] x\n[in ] pPin[ulPinLen] 0000000000000001 / 6\n      00000000  63 61 6E 61 72 79"],
    [
      "[cnt] 0 - C_Login\n      00000000  63 61 6E 61 72 79                                canary          \n[ret] 0 CKR_OK\n",
    ],
    [
      "[cnt] 0 - C_Initialize\n[in] pReserved = 0x1\n0000000000000001 / 6\n      00000000  63 61 6E 61 72 79                                canary          \n",
    ],
  ])("shows no secret of %j", (log) => {
    for (const { masked, call } of parsed(log))
      for (const secret of [...secrets, spaced]) expect(masked + JSON.stringify(call)).not.toContain(secret);
  });
  it("a cut end is marked, a cut beginning passed over", () => {
    expect(parsed("n ] hSession = 0x1\n[ret] 0 CKR_OK\n\n[cnt] 1 - C_Logout\n[pid] 1\n[in ] hSess")).toMatchObject([
      { name: "C_Logout", marks: ["broken"] },
    ]);
  });
  it("vendor codes are numbers", () => {
    expect(parsed("[cnt] 1 - C_X\n[ret] 2147483649 (null)\n")[0]?.rv).toBe("0x80000001");
  });
});
