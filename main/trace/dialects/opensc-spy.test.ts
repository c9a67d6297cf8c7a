import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { TraceCall, TraceField } from "../../../preload/contract/trace.ts";
import { detectDialect } from "./all.ts";
import { fillMasks, noFacts, wholeRecord } from "./dialect.ts";
import { openscSpy } from "./opensc-spy.ts";
import { contextFor, scanText } from "./scan-for-test.ts";

const folder = new URL("../../../test/fixtures/opensc-spy/", import.meta.url).pathname;
const names = readdirSync(folder).filter((name) => name.endsWith(".log"));
const fixture = (name: string): Buffer => readFileSync(`${folder}${name}.log`);
const canaries = [
  "spy-user-5528-canary",
  "spy-so-9917-canary",
  "spy-wrong-3391-canary",
  "spy-next-6640-canary",
  "plaintext-canary",
];

interface Read {
  bytes: Buffer;
  call: TraceCall;
  masked: Uint8Array;
  rendered: Uint8Array | null;
}

const read = (log: string | Buffer): Read[] => {
  const all = Buffer.from(log);
  const { records, columns } = scanText(openscSpy, all);
  return records.map((record, i) => {
    const at = columns.offset[i] ?? 0;
    const bytes = all.subarray(at, at + (columns.length[i] ?? 0));
    const known = contextFor(record);
    const whole = wholeRecord(bytes);
    return {
      bytes,
      call: openscSpy.parse(whole, known),
      masked: fillMasks(bytes, openscSpy.mask(whole, known)),
      rendered: openscSpy.render(whole, known),
    };
  });
};
const calls = (log: string | Buffer): TraceCall[] => read(log).map(({ call }) => call);
const field = (call: TraceCall | undefined, name: string, direction = ""): TraceField | undefined =>
  call?.fields.find((entry) => entry.name === name && entry.direction.includes(direction));
const inner = (of: TraceField | undefined, name: string): TraceField | undefined =>
  of?.fields?.find((entry) => entry.name === name);

describe.each(names)("%s", (name) => {
  const log = readFileSync(`${folder}${name}`);

  it("is known as a log of the spy", () => {
    expect(detectDialect(log)?.dialect.name).toBe("opensc-spy");
  });

  it("gives the same bytes again wherever no calls overlap", () => {
    for (const { bytes, rendered, call } of read(log)) {
      if (call.marks.includes("ambiguous") || call.marks.includes("broken")) expect(rendered).toBeNull();
      else expect(Buffer.from(rendered ?? []).toString("latin1")).toBe(bytes.toString("latin1"));
    }
  });

  it("is read alike in pieces of any length", () => {
    const { records } = scanText(openscSpy, log);
    for (const chunkLength of [97, 1000, 4096])
      expect(scanText(openscSpy, log, { chunkLength }).records).toEqual(records);
  });

  it("is read alike in ranges that begin anywhere", () => {
    const { records } = scanText(openscSpy, log);
    for (const count of [2, 3, 7]) {
      const size = Math.ceil(log.length / count);
      const parts = Array.from({ length: count }, (_, i) =>
        scanText(openscSpy, log, { from: i * size, to: Math.min(log.length, (i + 1) * size) }),
      );
      expect(parts.flatMap((part) => part.records)).toEqual(records);
      parts.forEach(({ end }, i) => {
        const next = parts.slice(i + 1).find(({ columns }) => columns.count > 0)?.columns.offset[0] ?? null;
        expect(end.next).toBe(next);
      });
    }
  });

  it("shows no PIN and no plain text, and a masked copy has neither and is read as before", () => {
    const copy = Buffer.from(log);
    const { columns } = scanText(openscSpy, log);
    const all = read(log);
    all.forEach(({ masked }, i) => {
      const at = columns.offset[i] ?? 0;
      // Records that overlap cover the same bytes: what one masks stays masked.
      masked.forEach((byte, j) => {
        if (byte !== log[at + j]) copy[at + j] = byte;
      });
    });
    const seen = JSON.stringify(all.map(({ call }) => call));
    const hexOfCopy = copy
      .toString("latin1")
      .replace(/[^0-9A-Fa-f]/g, "")
      .toLowerCase();
    for (const canary of canaries) {
      const hex = Buffer.from(canary).toString("hex");
      // 16 bytes a row: the first row is enough to find it.
      for (const form of [canary.slice(0, 14), hex.slice(0, 28)]) expect(seen).not.toContain(form);
      expect(copy.toString("latin1")).not.toContain(canary.slice(0, 14));
      expect(hexOfCopy).not.toContain(hex.slice(0, 28));
    }
    expect(copy.length).toBe(log.length);
    const numbers = (records: TraceCall[]) =>
      records.map((call) => [call.name, call.number, call.rv, call.summary.replace(/: masked/g, "")]);
    const clear = all.map(({ call }) => call);
    if (!clear.some(({ marks }) => marks.includes("ambiguous"))) expect(numbers(calls(copy))).toEqual(numbers(clear));
  });
});

describe("versions", () => {
  it.each([
    ["derived-as-0.12", "0.12"],
    ["derived-as-0.13", "0.13 to 0.21"],
    ["derived-as-0.22", "0.22 or 0.23"],
    ["generate-ec-0.23", "0.23"],
    ["derived-as-0.24", "0.24 to 0.27"],
    ["derived-as-0.27", "0.27"],
    ["derived-as-windows-0.24", "0.24 to 0.27"],
  ])("%s is told to be %s", (name, version) => {
    const detection = openscSpy.detect(fixture(name).subarray(0, 65536));
    expect(detection.version).toBe(version);
    expect(detection.limits.join(" ")).toContain("They are masked here");
  });

  it("the same calls come out of every version's form", () => {
    const shape = (log: Buffer) =>
      calls(log)
        .filter(({ name }) => name !== "C_GetInterface" && name !== "header")
        .map((call) => [call.name, call.rv, call.session]);
    const expected = shape(fixture("derived-as-0.22"));
    for (const name of ["derived-as-0.12", "derived-as-0.13", "derived-as-0.24", "derived-as-0.27"])
      expect(shape(fixture(name))).toEqual(expected);
    expect(shape(fixture("derived-as-windows-0.24")).map(([name]) => name)).toEqual(expected.map(([name]) => name));
  });

  it("a PIN's length is known in every version's form", () => {
    for (const name of [
      "wrong-pin-0.23",
      "derived-as-0.12",
      "derived-as-0.13",
      "derived-as-0.27",
      "derived-as-windows-0.24",
    ]) {
      const login = calls(fixture(name)).find((call) => call.name === "C_Login");
      expect(field(login, "pPin")).toMatchObject({
        kind: "pin",
        length: 21,
        masked: true,
        text: "PIN of 21 bytes: masked",
      });
    }
  });

  it("process and thread are known since 0.24", () => {
    expect(openscSpy.lane("P:4711; T:0x140234567890112", noFacts)).toEqual({
      process: 4711,
      thread: "0x140234567890112",
    });
    expect(
      scanText(openscSpy, fixture("derived-as-0.24")).records.filter(
        ({ lane }) => lane === "P:4711; T:0x140234567890112",
      ).length,
    ).toBe(178);
  });

  it("a vendor's code has its number, with a sign on Windows", () => {
    const record = "\n3: C_Sign\n[in] hSession = 0x1\nReturned:  ";
    expect(calls(`${record}-2147483391 (null)\n`)[0]).toMatchObject({ rv: "0x80000101", rvNumber: 0x80000101 });
    expect(calls(`${record}2147483905 CKR_VENDOR_DEFINED\n`)[0]).toMatchObject({
      rv: "0x80000101",
      rvNumber: 0x80000101,
    });
  });

  it("the function that has lost its prefix has its name", () => {
    expect(calls("\n3: SetOperationState\n[in] hSession = 0x1\nReturned:  0 CKR_OK\n")[0]?.name).toBe(
      "C_SetOperationState",
    );
  });
});

describe("arguments", () => {
  it("numbers that are shown as bytes are read, of eight bytes and of four", () => {
    const of = (bytes: string) => {
      const row = `    00000000  ${bytes.padEnd(48)} ${bytes.replace(/.. /g, ".").padEnd(16)}`;
      const count = bytes.trim().split(" ").length;
      const log = `\n1: C_GetAttributeValue\n[out] pTemplate[1]: \n    CKA_MODULUS_BITS      00007ffd86044d28 / ${count}\n${row}\nReturned:  0 CKR_OK\n`;
      return inner(field(calls(log)[0], "pTemplate"), "CKA_MODULUS_BITS")?.text;
    };
    expect(of("00 08 00 00 00 00 00 00 ")).toBe("2048 (0x800)");
    expect(of("00 08 00 00 ")).toBe("2048 (0x800)");
  });

  it("labels are UTF-8, names of certificates are readable", () => {
    const created = calls(fixture("write-data-0.23")).find(({ name }) => name === "C_CreateObject");
    expect(inner(field(created, "pTemplate"), "CKA_LABEL")?.text).toBe("hällo “wörld” Ω 32 bytes and more of it");
    const certificate = calls(fixture("write-certificate-0.23")).find(({ name }) => name === "C_CreateObject");
    expect(inner(field(certificate, "pTemplate"), "CKA_SUBJECT")?.text).toContain("O=Test");
    expect(inner(field(certificate, "pTemplate"), "CKA_VALUE")?.masked).toBeUndefined();
  });

  it("keys are masked where they are written", () => {
    const created = calls(fixture("write-key-0.23")).find(
      ({ name, fields }) => name === "C_CreateObject" && fields.length > 1,
    );
    for (const name of ["CKA_PRIVATE_EXPONENT", "CKA_PRIME_1", "CKA_COEFFICIENT"])
      expect(inner(field(created, "pTemplate"), name)).toMatchObject({ masked: true });
    expect(inner(field(created, "pTemplate"), "CKA_MODULUS")?.hex?.length).toBe(512);
  });

  it("mechanisms have their parameters", () => {
    const init = calls(fixture("sign-pss-0.23")).find(({ name }) => name === "C_SignInit");
    const mechanism = field(init, "pMechanism");
    expect(mechanism).toMatchObject({ kind: "mechanism", text: "CKM_SHA256_RSA_PKCS_PSS" });
    expect(mechanism?.fields?.map(({ name, text }) => `${name} ${text}`)).toEqual([
      "hashAlg CKM_SHA256",
      "mgf CKG_MGF1_SHA256",
      "sLen 32",
    ]);
    expect(field(init, "hKey")).toMatchObject({ kind: "handle" });
  });

  it("a PIN pad is told apart from a PIN", () => {
    const log =
      "\n1: C_Login\n[in] hSession = 0x1\n[in] userType = CKU_USER\n[in] pPin[ulPinLen] NULL [size : 0x0 (0)]\nReturned:  0 CKR_OK\n";
    expect(field(calls(log)[0], "pPin")).toMatchObject({ kind: "pin", text: "entered at the PIN pad" });
  });

  it("a result without a buffer is a size question", () => {
    const log =
      "\n1: C_Sign\n[in] hSession = 0x1\n[out] pSignature[*pulSignatureLen] NULL [size : 0x100 (256)]\nReturned:  0 CKR_OK\n";
    expect(calls(log)[0]?.marks).toEqual(["size-question"]);
  });
});

describe("hostile and damaged logs", () => {
  it("lines in a token's label make no records, and the row says so", () => {
    const all = calls(fixture("hostile-label-0.23"));
    expect(all.map(({ number }) => number)).toEqual([null, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const info = all.find(({ marks }) => marks.includes("untrusted-text"));
    expect(info?.name).toBe("C_GetTokenInfo");
    expect(inner(field(info, "pInfo"), "label")?.text).toContain("Returned:  0 CKR_OK");
    expect(all.filter(({ name }) => name === "C_Sign")).toEqual([]);
  });

  it("a range that begins inside such a label is found out by the one before it", () => {
    const log = fixture("hostile-label-0.23");
    const forged = log.indexOf("9: C_Sign");
    const { end } = scanText(openscSpy, log, { to: forged });
    expect(end.next).toBe(log.indexOf("\n6: C_GetSlotInfo") + 1);
  });

  it("a call that is cut off at the end did not return", () => {
    const log = fixture("sign-pss-0.23");
    const { records, end } = scanText(openscSpy, log.subarray(0, log.indexOf("[out] pSignature") + 100));
    expect(records.at(-1)).toMatchObject({ name: "C_Sign", rv: "", marks: ["broken"] });
    expect(end.open.map(({ slot }) => slot)).toEqual([records.length - 1]);
  });

  it("a log that begins in the middle of a call begins with the next one", () => {
    const log = fixture("sign-pss-0.23");
    const middle = log.indexOf("[in] userType");
    expect(calls(log.subarray(middle))[0]).toMatchObject({ name: "C_FindObjectsInit" });
  });

  it("calls that overlap are ambiguous, the one alone is not", () => {
    const log = [
      "\n0: C_Initialize\nReturned:  0 CKR_OK\n",
      "\n1: C_GenerateRandom\n[in] hSession = 0x1\n",
      "\n2: C_Sign\n[in] hSession = 0x2\n",
      "[out] pSignature[*pulSignatureLen] NULL [size : 0x100 (256)]\nReturned:  0 CKR_OK\n",
      "Returned:  48 CKR_DEVICE_ERROR\n",
      "\n3: C_Finalize\nReturned:  0 CKR_OK\n",
    ].join("");
    expect(scanText(openscSpy, log).records.map(({ name, rv, marks }) => [name, rv, marks])).toEqual([
      ["C_Initialize", "CKR_OK", []],
      ["C_GenerateRandom", "CKR_DEVICE_ERROR", ["ambiguous"]],
      ["C_Sign", "CKR_OK", ["ambiguous"]],
      ["C_Finalize", "CKR_OK", []],
    ]);
  });

  it("a program that starts ends what another had open", () => {
    const banner = '\n\n*************** OpenSC PKCS#11 spy *****************\nLoaded: "/m.so"\n';
    const log = `${banner}\n0: C_Login\n[in] hSession = 0x1\n${banner}\n0: C_Initialize\nReturned:  0 CKR_OK\n`;
    expect(scanText(openscSpy, log).records.map(({ name, marks }) => [name, marks])).toEqual([
      ["header", []],
      ["C_Login", ["no-return"]],
      ["header", []],
      ["C_Initialize", []],
    ]);
  });

  it("where lines are mixed, every row of bytes is masked", () => {
    const all = read(fixture("threads-4-0.23"));
    const mixed = all.filter(({ call }) => call.marks.includes("ambiguous"));
    expect(mixed.length).toBeGreaterThan(10);
    for (const { masked } of mixed)
      expect(Buffer.from(masked).toString("latin1")).not.toMatch(/^ {4}[0-9A-F]{8} {2}[0-9A-F]{2} /m);
  });

  it("foreign lines between records are counted, not guessed at", () => {
    const log = "\n0: C_Initialize\nReturned:  0 CKR_OK\nUsing slot 0\n\n1: C_Finalize\nReturned:  0 CKR_OK\n";
    expect(scanText(openscSpy, log).records.map(({ name }) => name)).toEqual(["C_Initialize", "C_Finalize"]);
  });

  it("text from a web page that has lost its blanks and blank lines is read, and its PINs are masked", () => {
    const log = fixture("wrong-pin-0.23")
      .toString("latin1")
      .replace(/ +/g, " ")
      .replace(/^ /gm, "")
      .replace(/\n+/g, "\n");
    const all = read(Buffer.from(log, "latin1"));
    const login = all.find(({ call }) => call.name === "C_Login");
    expect(login?.call).toMatchObject({ rv: "CKR_PIN_INCORRECT", session: "0x1" });
    expect(field(login?.call, "pPin")).toMatchObject({ kind: "pin", length: 21 });
    expect(JSON.stringify(login?.call)).not.toContain("spy-wrong");
    expect(Buffer.from(login?.masked ?? []).toString("latin1")).not.toContain("spy-wrong");
  });

  it("a record of 20 MB is one row, and its middle is not needed to read and mask it", () => {
    const row = `    00000000  ${"41 ".repeat(16)} ${"A".repeat(16)}\n`;
    const head =
      "\n7: C_Encrypt\n2026-11-24 03:30:45.029\n[in] hSession = 0x1\n[in] pData[ulDataLen] 00007ffd86044d28 / 4194304\n";
    const log = Buffer.from(`${head}${row.repeat(262144)}Returned:  0 CKR_OK\n`);
    const { records, columns } = scanText(openscSpy, log);
    expect(records.map(({ name, rv }) => [name, rv])).toEqual([["C_Encrypt", "CKR_OK"]]);
    const length = columns.length[0] ?? 0;
    const bytes = log.subarray(1);
    const left = { at: 524288, count: length - 524288 - 65536 };
    const record = { bytes: Buffer.concat([bytes.subarray(0, left.at), bytes.subarray(length - 65536)]), length, left };
    const masks = openscSpy.mask(record, contextFor(records[0]));
    expect(masks.map(({ from, to }) => to - from).reduce((sum, size) => sum + size, 0)).toBeGreaterThan(length - 200);
    expect(field(openscSpy.parse(record, contextFor(records[0])), "pData")).toMatchObject({
      masked: true,
      length: 4194304,
    });
  });
});
