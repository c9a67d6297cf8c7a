import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTestApp, type TestApp } from "../harness/app.ts";

const folder = new URL("../fixtures/opensc-spy/", import.meta.url).pathname;
const debugFolder = new URL("../fixtures/opensc-debug/", import.meta.url).pathname;
const spy = (name: string): string => join(folder, name);
const recording = new URL("../fixtures/spy/wrong-pin.p11.jsonl", import.meta.url).pathname;
const canaries = ["spy-user-5528-canary", "spy-so-9917-canary", "spy-wrong-3391-canary", "spy-next-6640-canary"];
const formats = ["same", "jsonl", "csv", "chrome"] as const;

let app: TestApp;
let fixtures: string[];
let out: string;
let count = 0;
beforeAll(async () => {
  app = await openTestApp();
  out = join(app.dataFolder, "exports");
  await mkdir(out);
  fixtures = (await readdir(folder)).filter((name) => name.endsWith(".log"));
});
afterAll(() => app.close());

type Wanted = Partial<Parameters<typeof app.call<"trace.export">>[1]>;
const exported = async (file: string, wanted: Wanted = {}) => {
  const path = join(out, `${++count}`);
  const result = await app.call("trace.export", { files: [file], format: "same", path, ...wanted });
  const bytes = await readFile(path);
  expect(result).toMatchObject({ path, bytes: bytes.length });
  return { ...result, bytes, text: bytes.toString("latin1") };
};
const rowsOf = async (file: string) => {
  const records = await app.call("trace.records", { files: [file], count: 1000 });
  return records.records.map(({ kind, number, time, name, rv, outcome, thread, session, marks, fields }) => ({
    ...{ kind, number, time, name, rv, outcome, thread, session, marks },
    lengths: fields.map((field) => [field.name, field.length]),
  }));
};
/** Letters and hex digits of a text alone: neither rows nor words of a dump can part a secret. */
const dumped = (text: string): string => text.replace(/^ {4}[0-9A-F]{8} {2}/gm, "").replace(/[^0-9A-Fa-f]/g, "");
const hexIn = (text: string): string =>
  [...text.matchAll(/(?:[0-9A-F]{2} ){4,}|(?:[0-9A-F]{8} )+[0-9A-F]*/g)].map(([run]) => dumped(run)).join("");

const expectNoSecret = (text: string, about: string) => {
  const hex = hexIn(text);
  for (const canary of canaries) {
    expect(text.includes(canary), about).toBe(false);
    // Rows hold sixteen bytes: the first of them, and the last four, in every way in which they are written.
    for (const part of [canary.slice(0, 12), canary.slice(4, 15)]) {
      expect(text.includes(part), about).toBe(false);
      const digits = Buffer.from(part).toString("hex");
      expect(hex.includes(digits.toUpperCase()), about).toBe(false);
      expect(text.toLowerCase().includes(digits), about).toBe(false);
    }
  }
};

describe("exports of spy logs", () => {
  test("the fixtures do hold the PINs that are looked for", async () => {
    const text = await readFile(spy("wrong-pin-0.23.log"), "latin1");
    expect(() => expectNoSecret(text, "original")).toThrow();
  });

  test("no PIN is in any export of any fixture, in any format", async () => {
    for (const name of fixtures)
      for (const format of formats)
        for (const pseudonymise of [false, true]) {
          const { text } = await exported(spy(name), { format, pseudonymise });
          expectNoSecret(text, `${name} as ${format}`);
        }
  });

  test("the copy has every byte in its place and is read as the same rows", async () => {
    for (const name of fixtures) {
      const before = await readFile(spy(name));
      const { bytes, path } = await exported(spy(name));
      expect(bytes.length, name).toBe(before.length);
      const ends = (data: Buffer) => [...data.keys()].filter((at) => data[at] === 0x0a);
      expect(ends(bytes), name).toEqual(ends(before));
      expect(await rowsOf(path), name).toEqual(await rowsOf(spy(name)));
    }
  });

  test("the report says what was masked, and how often", async () => {
    const { masked, records } = await exported(spy("wrong-pin-0.23.log"));
    expect(masked).toEqual([{ what: "PIN", count: 1 }]);
    expect(records).toBe((await rowsOf(spy("wrong-pin-0.23.log"))).length);
  });

  test("names get stand-ins of the same length, one for each name, and the rows stay", async () => {
    for (const name of fixtures) {
      const before = await readFile(spy(name), "latin1");
      const { text, path } = await exported(spy(name), { pseudonymise: true });
      expect(text.length, name).toBe(before.length);
      for (const [, serial = ""] of before.matchAll(/serialNumber: +'(\w[^']*)'/g)) expect(text).not.toContain(serial);
      for (const [, label = ""] of before.matchAll(/ label: +'(\w[^'\n]*)'/g)) expect(text).not.toContain(`'${label}`);
      expect(text, name).not.toContain("softhsm/libsofthsm2.so");
      expect(text, name).not.toMatch(/CN=|Fixture/);
      const lengths = (rows: Awaited<ReturnType<typeof rowsOf>>) => rows.map(({ marks: _marks, ...row }) => row);
      expect(lengths(await rowsOf(path)), name).toEqual(lengths(await rowsOf(spy(name))));
    }
    const { text, masked } = await exported(spy("list-0.23.log"), { pseudonymise: true });
    const serials = [...text.matchAll(/serialNumber: +'([^' ]+)'/g)].map(([, serial]) => serial);
    expect(new Set(serials).size).toBe(1);
    expect(masked.map(({ what }) => what)).toEqual(expect.arrayContaining(["label", "serial number", "path"]));
  });

  test("labels of objects are replaced wherever they are told", async () => {
    let labels = 0;
    for (const name of fixtures.filter((fixture) => !fixture.startsWith("threads"))) {
      const { records } = await app.call("trace.records", { files: [spy(name)], count: 1000 });
      const all = records.flatMap(({ fields }) => fields.flatMap((field) => [field, ...(field.fields ?? [])]));
      const hexes = all.filter(({ name: key, hex = "" }) => key === "CKA_LABEL" && hex.length > 6);
      labels += hexes.length;
      const { text } = await exported(spy(name), { pseudonymise: true, format: "jsonl" });
      for (const { hex = "" } of hexes) expect(text.includes(hex), name).toBe(false);
      const copy = await exported(spy(name), { pseudonymise: true });
      for (const { hex = "" } of hexes)
        expect(hexIn(copy.text).includes(hex.slice(0, 32).toUpperCase()), name).toBe(false);
    }
    expect(labels).toBeGreaterThan(10);
  });

  test("the middle of a record that is too long to be looked at is masked", async () => {
    const path = join(out, "long.log");
    const bytes = Buffer.from("plaintext-canary");
    const hex = [...bytes].map((byte) => `${byte.toString(16).toUpperCase()} `).join("");
    const rows = Array.from(
      { length: 20_000 },
      (_, n) => `    ${(n * 16).toString(16).toUpperCase().padStart(8, "0")}  ${hex} ${bytes}\n`,
    );
    const call = [
      "9: C_Sign\n2026-11-24 15:34:51.966\n[in] hSession = 0x1\n",
      `[in] pData[ulDataLen] 000055dd29b3ee35 / ${rows.length * 16}\n${rows.join("")}`,
      "Returned:  0 CKR_OK\n\n",
    ].join("");
    await writeFile(path, `${await readFile(spy("list-0.23.log"), "latin1")}${call}`, "latin1");
    for (const wanted of [{}, { filter: "fn:C_Sign" }, { format: "jsonl" as const }]) {
      const { text, masked } = await exported(path, wanted);
      expect(text).not.toMatch(/canary|70 6C 61 69 6E|706c61696e/);
      expect(masked).toContainEqual({ what: "middle of a very long record", count: 1 });
    }
    const { path: copy, bytes: after } = await exported(path);
    expect(after).toHaveLength((await readFile(path)).length);
    expect((await rowsOf(copy)).map(({ name, rv }) => [name, rv])).toEqual(
      (await rowsOf(path)).map(({ name, rv }) => [name, rv]),
    );
  });

  test("what stands outside of records is masked too", async () => {
    const path = join(out, "typed.log");
    const typed = "$ pkcs11-tool --login --pin 998877\nPlease enter User PIN: 665544\n";
    await writeFile(path, `${await readFile(spy("list-0.23.log"), "latin1")}${typed}`, "latin1");
    for (const format of formats) {
      const { text } = await exported(path, { format });
      expect(text).not.toMatch(/998877|665544/);
    }
  });

  test("filtered rows alone are written, in their own dialect too", async () => {
    const { text, records, path } = await exported(spy("wrong-pin-0.23.log"), { filter: "fn:C_Login" });
    expect(records).toBe(1);
    expect(text).toMatch(/^\d+: C_Login\n[\s\S]*Returned: {2}160 CKR_PIN_INCORRECT\n/);
    expect((await rowsOf(path)).map(({ name }) => name)).toEqual(["C_Login"]);
  });
});

describe("decoded exports", () => {
  test("JSON Lines holds a decoded record a line", async () => {
    const { text, records } = await exported(spy("wrong-pin-0.23.log"), { format: "jsonl" });
    const lines = text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines).toHaveLength(records);
    const login = lines.find(({ name }) => name === "C_Login");
    expect(login).toMatchObject({ rv: "CKR_PIN_INCORRECT", rvNumber: 160 });
    expect(login.fields.find(({ kind }: { kind: string }) => kind === "pin")).toMatchObject({
      masked: true,
      length: 21,
    });
  });

  test("CSV has a header and cells that no spreadsheet takes for formulas", async () => {
    const path = join(out, "formula.p11.jsonl");
    const note = '{"k":"note","t":1764000000000000001,"text":"=HYPERLINK(\\"a\\",1)"}\n';
    await writeFile(path, `${await readFile(recording, "utf8")}${note}`);
    const hostile = await exported(path, { format: "csv" });
    expect(hostile.text).toContain(`,"'=HYPERLINK(""a"",1)",`);
    const { text, records } = await exported(spy("list-0.23.log"), { format: "csv" });
    expect(text).toMatch(/^row,file,kind,number,time,time_ns,/);
    expect(text.split("\r\n")).toHaveLength(records + 2);
    expect(text).toContain("2026-11-24T15:34:51.966000000Z");
  });

  test("a Chrome trace has a complete event for each call, in us from the first", async () => {
    const { text, records } = await exported(spy("threads-4-0.23.log"), { format: "chrome" });
    const { traceEvents, otherData } = JSON.parse(text);
    const events = traceEvents.filter(({ ph }: { ph: string }) => ph !== "M");
    expect(events).toHaveLength(records);
    expect(otherData.firstTimeNs).toMatch(/^\d{19}$/);
    const calls = events.filter(({ ph }: { ph: string }) => ph === "X");
    expect(calls.length).toBeGreaterThan(0);
    for (const call of calls)
      expect(call).toMatchObject({
        pid: expect.any(Number),
        tid: expect.any(Number),
        ts: expect.any(Number),
        dur: expect.any(Number),
      });
  });

  test("several logs go into one file of these formats, and are named when they cannot", async () => {
    const files = [spy("list-0.23.log"), spy("wrong-pin-0.23.log")];
    const { records } = await exported("", { files, format: "csv" });
    expect(records).toBe((await rowsOf(files[0] ?? "")).length + (await rowsOf(files[1] ?? "")).length);
    const wanted = { files, format: "same" as const, path: join(out, "two") };
    expect(await app.fails("trace.export", wanted)).toMatchObject({ code: "INVALID_REQUEST", where: files.join(", ") });
  });
});

describe("other dialects", () => {
  test("a recording of our own is copied as it is, and its names can be replaced", async () => {
    const before = await readFile(recording);
    const { bytes, masked } = await exported(recording);
    expect(bytes.equals(before)).toBe(true);
    expect(masked).toEqual([]);
    const replaced = await exported(recording, { pseudonymise: true });
    expect(replaced.bytes.length).toBe(before.length);
    expect(replaced.text).not.toMatch(/pkcs11-tool|softhsm/);
    for (const line of replaced.text.trimEnd().split("\n")) expect(() => JSON.parse(line)).not.toThrow();
    expect(await rowsOf(replaced.path)).toEqual(await rowsOf(recording));
  });

  test("OPENSC_DEBUG logs keep their bytes in their places and their rows", async () => {
    for (const name of (await readdir(debugFolder)).filter((file) => file.endsWith(".log"))) {
      const before = await readFile(join(debugFolder, name));
      const { bytes, path } = await exported(join(debugFolder, name));
      expect(bytes.length, name).toBe(before.length);
      expect(await rowsOf(path), name).toEqual(await rowsOf(join(debugFolder, name)));
      const replaced = await exported(join(debugFolder, name), { pseudonymise: true });
      expect(replaced.bytes.length, name).toBe(before.length);
      const names = (rows: Awaited<ReturnType<typeof rowsOf>>) =>
        rows.map(({ kind, name, rv }) => ({ kind, name, rv }));
      expect(names(await rowsOf(replaced.path)), name).toEqual(names(await rowsOf(join(debugFolder, name))));
    }
  });
});

describe("the file", () => {
  const log = () => spy("list-0.23.log");

  test("is replaced only if that is asked for, and nothing else is left in the folder", async () => {
    const place = join(out, "place");
    await mkdir(place);
    const path = join(place, "copy.log");
    await writeFile(path, "mine");
    const wanted = { files: [log()], format: "same" as const, path };
    expect(await app.fails("trace.export", wanted)).toMatchObject({ code: "FILE_EXISTS", where: path });
    expect(await readFile(path, "utf8")).toBe("mine");
    await app.call("trace.export", { ...wanted, overwrite: true });
    expect(await readFile(path)).toHaveLength((await readFile(log())).length);
    expect(await readdir(place)).toEqual(["copy.log"]);
  });

  test("is never the log itself", async () => {
    const path = join(out, "own.log");
    await writeFile(path, await readFile(log()));
    const wanted = { files: [path], format: "csv" as const, path, overwrite: true };
    expect(await app.fails("trace.export", wanted)).toMatchObject({ code: "INVALID_REQUEST" });
    expect(await readFile(path)).toEqual(await readFile(log()));
  });

  test("needs a folder that is there", async () => {
    const path = join(out, "none", "copy.log");
    expect(await app.fails("trace.export", { files: [log()], format: "same", path })).toMatchObject({
      code: "FOLDER_MISSING",
    });
  });

  test("is made of a live trace as far as that is written", async () => {
    const { trace } = await app.call("trace.open", { files: [log()], live: true });
    const path = join(out, "live.log");
    await app.call("trace.export", { trace, format: "same", path });
    expect(await readFile(path)).toHaveLength((await readFile(log())).length);
    await app.call("trace.close", { trace });
  });

  test("can be made of an opened trace", async () => {
    const { trace } = await app.call("trace.open", { files: [log()] });
    const path = join(out, "opened.csv");
    const { records } = await app.call("trace.export", { trace, format: "csv", path });
    expect(records).toBe((await rowsOf(log())).length);
    await app.call("trace.close", { trace });
  });
});
