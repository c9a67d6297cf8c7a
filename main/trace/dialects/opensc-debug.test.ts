import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { fixtureView } from "../../../test/harness/trace-fixtures.ts";
import { detectDialect } from "./all.ts";
import { fillMasks, wholeRecord } from "./dialect.ts";
import { openscDebug } from "./opensc-debug.ts";
import { contextFor, type FoundRecord, scanText } from "./scan-for-test.ts";

const folder = new URL("../../../test/fixtures/opensc-debug/", import.meta.url);
const fixtures = readdirSync(folder);
const fixture = (name: string) => readFileSync(new URL(name, folder));
const level3 = "explorer-level-3-0.23.log";
const level9 = "explorer-level-9-0.23.log";

/** Of test/fixtures/make-opensc-debug.mjs. */
const pivPins = ["552817", "339146", "664093"];

const bytesOf = ({ text }: FoundRecord) => wholeRecord(Buffer.from(text));
const parsed = (text: string | Buffer) =>
  scanText(openscDebug, text).records.map((record) => ({
    ...record,
    call: openscDebug.parse(bytesOf(record), contextFor(record)),
    masked: Buffer.from(
      fillMasks(Buffer.from(record.text), openscDebug.mask(bytesOf(record), contextFor(record))),
    ).toString(),
  }));

const unix = (body: string, { place = "sec.c:1:sc_pin_cmd", time = "10:00:00.000", lane = "P:1; T:0x2" } = {}) =>
  `${lane} ${time} [app] ${place}: ${body}\n`;
const transmit = "reader-pcsc.c:326:pcsc_transmit";
const row = (hex: string) =>
  `${hex.toUpperCase().replaceAll(/../g, "$& ")}${Buffer.from(hex, "hex")
    .toString("latin1")
    .replaceAll(/[^ -~]/g, ".")}\n`;
const rows = (hex: string) => (hex.match(/.{1,32}/g) ?? []).map(row).join("");
const apdu = (command: string, answer: string) =>
  unix(`\nOutgoing APDU (${command.length / 2} bytes):\n${rows(command)}`, { place: transmit }) +
  unix(`\nIncoming APDU (${answer.length / 2} bytes):\n${rows(answer)}`, { place: transmit, time: "10:00:00.250" });

describe.each(fixtures)("the log %s", (name) => {
  const bytes = fixture(name);
  const { records } = scanText(openscDebug, bytes);

  it("is known by its prefix", () => {
    expect(detectDialect(bytes.subarray(0, 65536))?.dialect.name).toBe("opensc-debug");
  });
  it("is written again byte for byte", () => {
    expect(records.length).toBeGreaterThan(5);
    for (const record of records.filter(({ marks }) => marks.length === 0))
      expect(openscDebug.render(bytesOf(record), contextFor(record))?.toString()).toBe(record.text);
  });
  it("shows no PIN, neither in what is decoded nor in a masked copy of the same length", () => {
    for (const { call, masked, text } of parsed(bytes)) {
      expect(`${JSON.stringify(call)}${masked}`).not.toMatch(
        /123456|999999|313233343536|393939393939|31 32 33 34|39 39 39 39/,
      );
      for (const pin of pivPins) {
        const hex = Buffer.from(pin).toString("hex");
        expect(`${JSON.stringify(call)}${masked}`.toLowerCase()).not.toMatch(
          new RegExp(`${pin}|${hex}|${hex.replaceAll(/../g, "$&[ :]")}`),
        );
      }
      expect(masked.length).toBe(text.length);
    }
  });
  it("gives the same records from its masked copy", () => {
    const copy = parsed(bytes).filter(({ kind }) => kind === "apdu");
    for (const { masked, name, rv } of copy)
      expect(scanText(openscDebug, masked).records[0]).toMatchObject({ name, rv, kind: "apdu" });
  });
  it("is read alike from pieces, and from its middle on", () => {
    expect(scanText(openscDebug, bytes, { chunkLength: 300 }).records).toEqual(records);
    const middle = scanText(openscDebug, bytes, { from: bytes.length >> 1 }).records;
    expect(records.slice(-middle.length).map(({ text }) => text)).toEqual(middle.map(({ text }) => text));
  });
});

describe("commands to the card", () => {
  it("are one row with their answer, the card's time, the command's name and the status word", () => {
    const commands = parsed(fixture(level9)).filter(({ kind }) => kind === "apdu");
    expect(commands.map(({ name, rv, duration }) => [name, rv, duration / 1e6])).toEqual([
      ["SELECT", "9000", 44],
      ["VERIFY", "9000", 44],
      ["VERIFY", "63C2", 44],
    ]);
    expect(commands[2]?.call.summary).toBe("Wrong PIN: 2 tries left. · P1 00 P2 01 · data 6 bytes: masked");
    expect(commands[0]?.call.fields[1]).toMatchObject({
      name: "answer",
      hex: "6f0a8102010083023f008a0105",
      length: 13,
    });
  });
  it("stand inside the functions that sent them", () => {
    const found = scanText(openscDebug, fixture(level9)).records;
    const depthOf = (name: string, kind: string) => found.find((one) => one.name === name && one.kind === kind)?.depth;
    expect([depthOf("sc_pin_cmd", "enter"), depthOf("sc_transmit", "enter"), depthOf("VERIFY", "apdu")]).toEqual([
      0, 2, 4,
    ]);
  });
  it("without an answer are told as open", () => {
    const { records, end } = scanText(openscDebug, apdu("00a40400", "9000").split("P:1").slice(0, 2).join("P:1"));
    expect(records).toMatchObject([{ name: "SELECT", rv: "", kind: "apdu" }]);
    expect(end.open).toHaveLength(1);
  });
  it("of two threads are paired within their threads", () => {
    const two = (text: string) => text.replaceAll("T:0x2", "T:0x3");
    const [a = "", b = ""] = apdu("00b0000010", "aabb9000").split(/(?=P:)/);
    const [c = "", d = ""] = apdu("00ca010200", "6a88").split(/(?=P:)/);
    expect(scanText(openscDebug, a + two(c) + two(d) + b).records).toMatchObject([
      { name: "READ BINARY", rv: "9000" },
      { name: "GET DATA", rv: "6A88" },
    ]);
  });
  test.each([
    ["VERIFY", "0020008108313233343536ffff"],
    ["VERIFY", "1020008108313233343536ffff"],
    ["CHANGE REFERENCE DATA", "002400810c313233343536313233343536"],
    ["RESET RETRY COUNTER", "002c008110313233343536ffff313233343536ffff"],
    ["INITIALIZE DEVICE", "80500000123132333435363132333435360102030405ff"],
    ["VERIFY", "00200081000006313233343536"],
  ])("%s show no PIN: %s", (name, command) => {
    const [found] = parsed(apdu(command, "9000"));
    expect(found).toMatchObject({ name, rv: "9000" });
    expect(found?.masked).not.toMatch(/31 32|123456/);
    const head = command.slice(0, 8).toUpperCase().replaceAll(/../g, "$& ").trim();
    expect(found?.masked).toContain(`\n${head} `);
    expect(JSON.stringify(found?.call)).not.toContain("313233");
  });
  it("that ask for tries show all they have", () => {
    const [found] = parsed(apdu("00200081", "63c3"));
    expect(found?.masked).toBe(found?.text);
    expect(found?.call.fields[0]).toMatchObject({ length: 4, hex: "00200081" });
  });
});

describe("functions", () => {
  it("have the time until they return, and the code they return", () => {
    const found = scanText(openscDebug, fixture(level3)).records.filter(({ name }) => name === "sc_pin_cmd");
    expect(found.map(({ kind, rv, duration }) => [kind, rv, duration / 1e6])).toEqual([
      ["enter", "", 44],
      ["message", "0", Number.NaN],
      ["enter", "", 44],
      ["message", "-1214", Number.NaN],
    ]);
  });
  it("tell the code of a failure in the middle of a message", () => {
    expect(parsed(unix("unable to select: -1201 (File not found)"))[0]).toMatchObject({ rv: "-1201" });
  });
});

describe("a session of pkcs11-tool with a PIV card", () => {
  const session = (name: string) => scanText(openscDebug, fixture(`piv-${name}-0.23.log`)).records;
  const calls = (name: string) =>
    session(name)
      .filter(({ kind }) => kind === "call")
      .map(({ name: call, rv }) => [call, rv]);

  it("is its calls, each once, with the results that the log tells", () => {
    expect(calls("sign-level9")).toEqual([
      ["C_Initialize", "CKR_OK"],
      ["C_GetSlotList", "CKR_OK"],
      ["C_GetSlotList", "CKR_OK"],
      ["C_GetSlotInfo", "CKR_OK"],
      ["C_GetTokenInfo", "CKR_OK"],
      ["C_OpenSession", "CKR_OK"],
      ["C_GetTokenInfo", "CKR_OK"],
      ["C_Login", "CKR_OK"],
      ["C_FindObjectsInit", "CKR_OK"],
      ["C_SignInit", "CKR_OK"],
      ["C_GetAttributeValue", "CKR_OK"],
      ["C_Sign", "CKR_OK"],
      ["C_CloseSession", ""],
      ["C_Finalize", ""],
    ]);
    expect(calls("wrong-pin-level3").at(-2)).toEqual(["C_Login", "CKR_PIN_INCORRECT"]);
  });
  it("has the login's command inside the login, and the card's time", () => {
    const records = session("wrong-pin-level9");
    const login = records.findIndex(({ name, kind }) => name === "C_Login" && kind === "call");
    const verify = records
      .slice(login)
      .find(({ name, kind, rv }) => name === "VERIFY" && kind === "apdu" && rv === "63C2");
    expect(verify?.depth).toBeGreaterThan(records[login]?.depth ?? 99);
    expect((verify?.duration ?? 0) / 1e6).toBeGreaterThanOrEqual(22);
  });
  it("takes no question for the tries that are left for a wrong PIN", () => {
    const { calls } = fixtureView("opensc-debug/piv-wrong-pin-level9-0.23.log");
    const verifies = [...calls(Array.from({ length: 3000 }, (_, row) => row))].filter(
      ({ name, kind }) => name === "VERIFY" && kind === "apdu",
    );
    expect(verifies.map(({ rv, outcome, summary }) => [rv, outcome, summary.split(".")[0]])).toEqual([
      ["63C3", "expected", "Asked how many tries are left, without giving a PIN: 3"],
      ["63C2", "error", "Wrong PIN: 2 tries left"],
    ]);
  });
  it("hides commands with a PIN below level 9, not those that ask for tries", () => {
    const verifies = session("wrong-pin-level3").filter(({ name, kind }) => name === "VERIFY" && kind === "apdu");
    expect(verifies.map(({ rv }) => rv)).not.toContain("63C2");
  });
  it("tells object and attribute of a reading", () => {
    const reading = parsed(fixture("piv-objects-level3-0.23.log")).find(({ text }) => text.includes("CKA_LABEL = PIV"));
    expect(reading).toMatchObject({ kind: "call", rv: "CKR_OK" });
    expect(reading?.call.fields.slice(0, 2)).toMatchObject([
      { name: "hObject", kind: "handle", handle: expect.stringMatching(/^0x[0-9a-f]{6,}$/) },
      { name: "CKA_LABEL", kind: "attribute", text: "PIV AUTH key" },
    ]);
  });
  it("tells how a PIN was blocked, command by command", () => {
    const verifies = session("blocked-pin-level3").filter(({ name, kind }) => name === "VERIFY" && kind === "apdu");
    expect(verifies.map(({ rv }) => rv)).toEqual(["63C2", "63C1", "6983", "6983"]);
  });
});

describe("PKCS#11 calls", () => {
  const place = (name: string) => ({ place: `pkcs11-session.c:9:${name}` });
  const login = [
    unix("C_Login(0x55, 1)", place("C_Login")),
    unix("called"),
    unix("returning with: -1214 (PIN code or key incorrect)", { time: "10:00:00.040" }),
    unix("fLogin() rv 160", { ...place("C_Login"), time: "10:00:00.041" }),
    unix("C_Logout(hSession:0x55)", place("C_Logout")),
  ].join("");
  it("hold what was done for them, and have their return code and time", () => {
    const found = parsed(login);
    expect(found.map(({ kind, name, depth }) => [kind, name, depth])).toEqual([
      ["call", "C_Login", 0],
      ["enter", "sc_pin_cmd", 1],
      ["message", "sc_pin_cmd", 1],
      ["message", "C_Login", 1],
      ["call", "C_Logout", 0],
    ]);
    expect(found[0]).toMatchObject({ rv: "CKR_PIN_INCORRECT", session: 0x55, duration: 41e6 });
    expect(found[0]?.call.fields).toMatchObject([
      { name: "hSession", text: "0x55" },
      { name: "userType", text: "CKU_USER" },
      { name: "message" },
    ]);
  });
  it("that come back in one message have its return code", () => {
    const text = unix("C_GetAttributeValue(hSession=0x5, hObject=0x6) = CKR_OK", place("C_GetAttributeValue"));
    expect(parsed(text)).toMatchObject([{ kind: "call", rv: "CKR_OK", session: 5 }]);
  });
});

describe("prefixes of other versions", () => {
  const lines = (head: string) => Buffer.from(`${head} [app] ctx.c:1:sc_x: called\n${head} [app] ctx.c:2:sc_x: text\n`);
  test.each([
    ["before 0.20", "0x7f0a1b2c 10:00:00.001", { process: null, thread: "0x7f0a1b2c" }],
    ["0.20 or newer", "P:12; T:0x34 10:00:00.001", { process: 12, thread: "0x34" }],
    ["before 0.18, Windows", "2026-11-24 10:00:00.001", { process: null, thread: "" }],
    ["0.18 or newer, Windows", "P:12; T:34 2026-11-24 10:00:00.001", { process: 12, thread: "34" }],
    ["0.20 or newer", "\x1b[00;32mP:12; T:0x34 10:00:00.001", { process: 12, thread: "0x34" }],
  ])("%s: %s", (version, head, lane) => {
    const detection = openscDebug.detect(lines(head));
    expect(detection).toMatchObject({ version, confidence: 0.95 });
    const { records } = scanText(openscDebug, lines(head));
    expect(records.map(({ kind, name }) => [kind, name])).toEqual([
      ["enter", "sc_x"],
      ["message", "sc_x"],
    ]);
    expect(openscDebug.lane(records[0]?.lane ?? "", { ...detection.facts, process: null })).toEqual(lane);
    const time = head.includes("2026-") ? new Date(2026, 10, 24, 10, 0, 0, 1).getTime() * 1000 : 36_000_001_000;
    expect(records[0]?.time).toBe(time);
  });
  it("0.15 and earlier frame commands with lines", () => {
    const frame = (dir: string, count: number, hex: string) =>
      unix(`\n${dir} APDU data [${String(count).padStart(5)} bytes] ${"=".repeat(37)}\n${row(hex)}${"=".repeat(70)}`, {
        place: "apdu.c:187:sc_apdu_log",
        lane: "0x7f0a",
      });
    const text = frame("Outgoing", 11, "0020000106313233343536") + frame("Incoming", 2, "6983");
    expect(parsed(text)).toMatchObject([{ kind: "apdu", name: "VERIFY", rv: "6983" }]);
    expect(parsed(text)[0]?.masked).not.toContain("123456");
  });
  it("with CRLF are read alike", () => {
    const text = apdu("00a4040002aabb", "6a82").replaceAll("\n", "\r\n");
    expect(scanText(openscDebug, text).records).toMatchObject([{ name: "SELECT", rv: "6A82" }]);
  });
});

describe("hostile and broken logs", () => {
  test.each([
    ["C_InitPIN() called, pin '1234-canary'"],
    ["PIN: 31 32 33 34 35"],
    ["text\nSending: 00 20 00 81 06 31 32 33 34 35 36"],
  ])("PINs in texts are masked: %s", (body) => {
    const [found] = parsed(unix(body, { place: "pkcs11-object.c:1:sc_x" }));
    expect(`${found?.masked}${JSON.stringify(found?.call)}`).not.toMatch(/canary|31 32 33/);
  });
  it("a dump that another thread broke shows none of its digits", () => {
    const whole = apdu("0020008118313233343536313233343536313233343536313233343536", "9000");
    const broken = whole.replace("32 33 34 35 36 31", "32 P:9 33 34 35 36 31");
    for (const { masked } of parsed(broken)) expect(masked).not.toMatch(/33 34|3456/);
  });
  it("a cut end and a cut beginning are marked or passed over", () => {
    const text = apdu("0020008106313233343536", "9000");
    const { records } = scanText(openscDebug, text.slice(20, -8));
    expect(records.map(({ marks }) => marks)).toEqual([["broken"]]);
    expect(scanText(openscDebug, text.slice(0, 100)).records[0]?.marks).toEqual(["broken"]);
  });
  it("a message of 20 MB is one record, and is read in bounded memory", () => {
    const text = Buffer.concat([
      Buffer.from(unix("before")),
      Buffer.from(unix("x").trimEnd()),
      Buffer.alloc(20_000_000, "y"),
      Buffer.from(`\n${unix("after")}`),
    ]);
    expect(scanText(openscDebug, text).columns.length.subarray(0, 3)).toEqual(
      Uint32Array.of(unix("before").length, unix("x").length + 20_000_000, unix("after").length),
    );
  });
});
