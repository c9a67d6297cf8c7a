import { expect, test } from "vitest";
import { wholeRecord } from "./dialect.ts";
import { contextFor, parseText, scanText } from "./scan-for-test.ts";
import { tokenglass } from "./tokenglass.ts";

const header = `{"k":"header","v":1,"t":1764000000000000000,"mono":1,"zone":"+0100","spy":"0.1","pid":7,"ppid":1,"uid":1000,"exe":"/usr/bin/pkcs11-tool","argv0":"pkcs11-tool","module":"/usr/lib/softhsm/libsofthsm2.so","moduleSize":1,"level":0}`;
const lines = [
  header,
  `{"s":0,"t":1764000000123456789,"d":1234,"T":12345,"f":"C_OpenSession","i":{"slotID":5,"flags":6},"o":{"phSession":1},"n":0}`,
  `{"b":1,"t":1764000000200000000,"T":12345,"f":"C_Login","h":1,"i":{"userType":"CKU_USER","pPin":{"pin":"redacted","len":8}}}`,
  `{"s":2,"t":1764000000210000000,"d":10,"T":99,"v":"3.0","f":"C_GenerateRandom","h":1,"r":"CKR_DEVICE_ERROR","i":{"RandomData":null,"ulRandomLen":16}}`,
  `{"s":1,"t":1764000000200000000,"d":500,"T":12345,"f":"C_Login","h":1,"r":"CKR_PIN_INCORRECT","i":{"userType":"CKU_USER","pPin":{"pin":"redacted","len":8}}}`,
  `{"s":3,"t":1764000000220000000,"d":10,"T":12345,"f":"C_GetAttributeValue","h":1,"r":"0x80000001","i":{"hObject":5,"pTemplate":[{"type":"CKA_LABEL","len":4}]},"o":{"pTemplate":[{"type":"CKA_LABEL","len":4,"value":"ec\\u0001\\"k"},{"type":"CKA_VALUE","len":16,"secret":true}]},"cut":17}`,
  `{"b":4,"t":1764000000230000000,"T":12345,"f":"C_WaitForSlotEvent","i":{"flags":0}}`,
];
const log = `${lines.join("\n")}\n`;

test("The header says which program, process and module were recorded", () => {
  expect(tokenglass.detect(Buffer.from(log))).toMatchObject({
    confidence: 1,
    version: "1",
    facts: { program: "/usr/bin/pkcs11-tool", process: 7, module: "/usr/lib/softhsm/libsofthsm2.so", level: 0 },
  });
  expect(tokenglass.detect(Buffer.from(lines.slice(1).join("\n"))).confidence).toBeGreaterThan(0.5);
  expect(tokenglass.detect(Buffer.from('{"some":"json"}\n')).confidence).toBe(0);
});

test("Every line is a row; a begin line and its call are one", () => {
  const { records, end } = scanText(tokenglass, log);
  expect(records.map(({ name, rv }) => [name, rv])).toEqual([
    ["header", ""],
    ["C_OpenSession", "CKR_OK"],
    ["C_Login", "CKR_PIN_INCORRECT"],
    ["C_GenerateRandom", "CKR_DEVICE_ERROR"],
    ["C_GetAttributeValue", "0x80000001"],
    ["C_WaitForSlotEvent", ""],
  ]);
  expect(records[1]).toMatchObject({ time: 1764000000123456 + 789 / 1000, duration: 1234, lane: "12345", session: 0 });
  expect(records[3]).toMatchObject({ marks: ["other-interface"], lane: "99", session: 1 });
  expect(records[4]?.marks).toEqual(["cut"]);
  expect(records[5]?.marks).toEqual(["begin-only"]);
  expect(end.open).toEqual([{ key: 4, slot: 5 }]);
});

test("The same records come out wherever the bytes are split", () => {
  const whole = scanText(tokenglass, log).records;
  for (const chunkLength of [1, 2, 7, 100, 333])
    expect(scanText(tokenglass, log, { chunkLength }).records, `${chunkLength} bytes`).toEqual(whole);
  for (let cut = 1; cut < log.length; cut++) {
    const before = scanText(tokenglass, log, { to: cut }).records.map(({ text }) => text);
    const after = scanText(tokenglass, log, { from: cut }).records.map(({ text }) => text);
    const joined = [...before, ...after].filter((text) => !text.startsWith('{"b":1'));
    expect(joined.toSorted(), `split at ${cut}`).toEqual(whole.map(({ text }) => text).toSorted());
  }
});

test("A record cut at the end, and lines that are none, are marked and lose nothing else", () => {
  const { records } = scanText(tokenglass, `${log}rubbish\n{"s":5,"t":17640000`);
  expect(records.slice(-2).map(({ marks, text }) => [marks, text])).toEqual([
    [["broken"], "rubbish\n"],
    [["broken"], '{"s":5,"t":17640000'],
  ]);
});

test("Arguments are decoded with their places", () => {
  const calls = parseText(tokenglass, log);
  expect(calls[1]).toMatchObject({ time: "1764000000123456789", duration: 1234, number: 0 });
  expect(calls[1]?.fields.map(({ name, direction, kind, text }) => [name, direction, kind, text])).toEqual([
    ["slotID", "in", "slot", "5 (0x5)"],
    ["flags", "in", "flags", "0x6 (CKF_RW_SESSION, CKF_SERIAL_SESSION)"],
    ["phSession", "out", "session", "0x1"],
  ]);
  expect(calls[2]?.summary).toBe("CKU_USER, PIN of 8 bytes");
  expect(calls[2]?.fields[2]).toMatchObject({ kind: "pin", masked: true, length: 8 });
  const template = calls[4]?.fields.at(-1);
  expect(template?.fields?.map(({ name, text, masked }) => [name, text, masked ?? false])).toEqual([
    ["CKA_LABEL", 'ec\u0001"k', false],
    ["CKA_VALUE", "secret, 16 bytes: not recorded", true],
  ]);
  const handle = calls[4]?.fields[1];
  expect(handle).toMatchObject({ name: "hObject", kind: "handle", handle: "0x5" });
  expect(lines[5]?.slice(handle?.at?.from, handle?.at?.to)).toBe("5");
});

test("A record taken apart and written again is the same bytes", () => {
  for (const { text } of scanText(tokenglass, log).records)
    expect(Buffer.from(tokenglass.render(wholeRecord(Buffer.from(text)), contextFor()) ?? "").toString()).toBe(text);
});
