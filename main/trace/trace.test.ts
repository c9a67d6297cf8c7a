import { spawnSync } from "node:child_process";
import { appendFile, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Output } from "../../preload/contract/index.ts";
import type { TraceProgress } from "../../preload/contract/trace.ts";
import { traceHandlers } from "./handlers.ts";
import { Traces } from "./traces.ts";

let folder = "";
const told: TraceProgress[] = [];
let traces: Traces;
let ask: ReturnType<typeof traceHandlers>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tokenglass-test-"));
  traces = new Traces({ emit: (_, progress) => told.push(progress), workerEntry: null, recordings: folder });
  ask = traceHandlers(traces);
});
afterAll(async () => {
  await traces.closeAll();
  await rm(folder, { recursive: true, force: true });
});

const header = (pid: number) =>
  `{"k":"header","v":1,"t":1764000000000000000,"pid":${pid},"exe":"/usr/bin/p${pid}","module":"/m.so","level":0}\n`;
const call = (s: number, ms: number, more = "", name = "C_GenerateRandom") =>
  `{"s":${s},"t":${1764000000000 + ms}000000,"d":${(s % 7) * 1_000_000},"T":${7 + (s % 2)},"f":"${name}","h":1${more}}\n`;

const context = { progress: () => {} };
type Name = Extract<keyof typeof ask, string>;
const asked = <N extends Name>(name: N, input: Parameters<(typeof ask)[N]>[0]): Promise<Output<N>> =>
  Promise.resolve((ask[name] as (input: unknown, context: unknown) => Output<N> | Promise<Output<N>>)(input, context));

const open = (files: string[], live = false) => asked("trace.open", { files, recordings: [], live });
const rowsOf = async (trace: string, filter = "", fold = false, from = 0, count = 100) =>
  asked("trace.rows", { trace, from, count, filter, fold });
const settled = async (trace: string) => {
  for (;;) {
    const { progress } = await asked("trace.progress", { trace });
    if (progress.state !== "indexing") return progress;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
const until = async <T>(look: () => Promise<T>, good: (value: T) => boolean): Promise<T> => {
  for (let i = 0; ; i++) {
    const value = await look();
    if (good(value) || i > 200) return value;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

test("A large log is shown at once and indexed behind", { timeout: 60_000 }, async () => {
  const path = join(folder, "large.p11.jsonl");
  const lines = Array.from({ length: 250_000 }, (_, i) =>
    call(i, i, i % 1000 === 999 ? ',"r":"CKR_DEVICE_ERROR"' : ""),
  );
  await writeFile(path, header(1) + lines.join(""));
  const opened = await open([path]);
  expect(opened.first).toHaveLength(100);
  expect(opened.first[1]).toMatchObject({ row: 1, name: "C_GenerateRandom", rv: "CKR_OK", process: 1, session: "0x1" });
  expect(opened.progress.state).toBe("indexing");
  expect(opened.progress.estimatedRows).toBeGreaterThan(200_000);
  expect(opened.progress.estimatedRows).toBeLessThan(300_000);
  const done = await settled(opened.trace);
  expect(done).toMatchObject({ state: "done", rows: 250_001, errors: 250, broken: 0, ambiguous: 0 });

  const errors = await rowsOf(opened.trace, "is:error");
  expect(errors).toMatchObject({ matched: 250, total: 250_001, searching: false });
  expect(errors.rows[1]).toMatchObject({ row: 2000, rv: "CKR_DEVICE_ERROR", outcome: "error", number: 1999 });
  expect((await rowsOf(opened.trace, "rv!=ok tid:8 dur>=6ms")).matched).toBe(
    Array.from({ length: 250_000 }, (_, i) => i).filter((i) => i % 1000 === 999 && i % 2 === 1 && i % 7 === 6).length,
  );
  expect(
    await asked("trace.next", { trace: opened.trace, row: 2000, what: "error", backwards: false, filter: "" }),
  ).toEqual({ row: 3000 });
  expect(
    await asked("trace.next", { trace: opened.trace, row: 2000, what: "error", backwards: true, filter: "" }),
  ).toEqual({ row: 1000 });
  expect(
    await asked("trace.position", { trace: opened.trace, row: 3000, filter: "is:error", fold: false }),
  ).toMatchObject({
    position: 2,
    exact: true,
  });

  const found = await until(
    () => rowsOf(opened.trace, '"\\"s\\":123456,"'),
    ({ searching }) => !searching,
  );
  expect(found.rows.map(({ number }) => number)).toEqual([123456]);
  const not = await until(
    () => rowsOf(opened.trace, "NOT device_error fn:C_*"),
    ({ searching }) => !searching,
  );
  expect(not.matched).toBe(249_750);

  const { lanes } = await asked("trace.timeline", {
    trace: opened.trace,
    from: null,
    to: null,
    pixels: 500,
    filter: "",
  });
  expect(lanes.map(({ thread }) => thread)).toEqual(["7", "8"]);
  for (const { spans } of lanes) {
    expect(spans.length).toBeLessThan(1100);
    expect(spans.reduce((sum, { calls }) => sum + calls, 0)).toBe(125_000);
    expect(spans.every((span, i) => i === 0 || span.start >= (spans[i - 1]?.start ?? 0))).toBe(true);
  }
  expect(lanes[1]?.spans.some(({ outcome }) => outcome === "error")).toBe(true);
  await asked("trace.close", { trace: opened.trace });
  await expect(rowsOf(opened.trace)).rejects.toThrow("No trace with this id");
});

test("Several files are one list by time", async () => {
  const paths = await Promise.all(
    [1, 2, 3].map(async (pid) => {
      const path = join(folder, `merge-${pid}.p11.jsonl`);
      await writeFile(path, header(pid) + Array.from({ length: 50 }, (_, i) => call(i, i * 3 + pid)).join(""));
      return path;
    }),
  );
  const { trace } = await open(paths);
  await settled(trace);
  const { rows } = await rowsOf(trace, "is:call", false, 0, 2000);
  expect(rows.map(({ process }) => process).slice(0, 6)).toEqual([1, 2, 3, 1, 2, 3]);
  expect(rows.map(({ time }) => Number(time))).toEqual(rows.map(({ time }) => Number(time)).toSorted((a, b) => a - b));
  expect((await rowsOf(trace, "pid:2 is:call")).matched).toBe(50);
});

test("A live trace shows a call as running until it returns, and keeps up with its file", async () => {
  const path = join(folder, "live.p11.jsonl");
  await writeFile(
    path,
    `${header(5) + call(0, 0)}{"b":1,"t":1764000000010000000,"T":7,"f":"C_Login","h":1}\n{"s":2,"t":17640`,
  );
  const { trace, progress } = await open([path], true);
  expect(progress.rows).toBe(3);
  await settled(trace);
  expect((await rowsOf(trace)).rows[2]).toMatchObject({ name: "C_Login", rv: null, marks: ["running", "begin-only"] });
  await appendFile(path, `00000020000000,"d":1,"T":8,"f":"C_Logout","h":1}\n`);
  const grown = await until(
    () => rowsOf(trace),
    ({ total }) => total === 4,
  );
  expect(grown.rows[3]).toMatchObject({ name: "C_Logout", marks: [] });
  await appendFile(path, call(1, 10, ',"r":"CKR_PIN_INCORRECT"', "C_Login"));
  const back = await until(
    () => rowsOf(trace, "fn:C_Login"),
    ({ rows }) => rows[0]?.rv !== null,
  );
  expect(back.total).toBe(4);
  expect(back.rows[0]).toMatchObject({ row: 2, rv: "CKR_PIN_INCORRECT", marks: [], outcome: "error" });
  await writeFile(`${path}.new`, header(6) + call(0, 0));
  await rename(`${path}.new`, path);
  const replaced = await until(
    () => rowsOf(trace),
    ({ total }) => total === 2,
  );
  expect(replaced.rows.map(({ process }) => process)).toEqual([6, 6]);
  expect(replaced.generation).toBeGreaterThan(grown.generation);
});

test("With live and no file, every recording that comes is in the list", async () => {
  const { trace } = await asked("trace.open", { files: [], recordings: [], live: true });
  await settled(trace);
  expect((await rowsOf(trace)).total).toBe(0);
  await writeFile(join(folder, `20260101T000000000Z-${process.pid}-a.p11.jsonl`), header(11) + call(0, 5));
  await writeFile(join(folder, `20260101T000000001Z-${process.pid}-b.p11.jsonl`), "");
  await until(
    () => rowsOf(trace),
    ({ total }) => total === 2,
  );
  await appendFile(join(folder, `20260101T000000001Z-${process.pid}-b.p11.jsonl`), header(12) + call(0, 2));
  const both = await until(
    () => rowsOf(trace, "is:call"),
    ({ matched }) => matched === 2,
  );
  expect(both.rows.map((row) => row.process)).toEqual([12, 11]);
});

test("Packed, UTF-16 and pasted logs are read as plain ones", async () => {
  const text = header(3) + call(0, 1) + call(1, 2);
  const files = {
    "packed.gz": gzipSync(text),
    "utf16.log": Buffer.from(`\ufeff${text}`, "utf16le"),
    "bom.log": Buffer.from(`\ufeff${text}`),
    "windows.log": Buffer.from(text.replaceAll("\n", "\r\n")),
  };
  for (const [name, bytes] of Object.entries(files)) {
    await writeFile(join(folder, name), bytes);
    const opened = await open([join(folder, name)]);
    await settled(opened.trace);
    const { rows } = await rowsOf(opened.trace);
    expect(
      rows.map((row) => [row.name, row.process, row.marks]),
      name,
    ).toEqual([
      ["header", 3, []],
      ["C_GenerateRandom", 3, []],
      ["C_GenerateRandom", 3, []],
    ]);
    await asked("trace.close", { trace: opened.trace });
  }
  const { trace, files: shown } = await asked("trace.open", {
    files: [],
    recordings: [],
    live: false,
    pasted: text.replaceAll('"', "\u201c"),
  });
  expect(shown[0]).toMatchObject({ dialect: "tokenglass", wrapped: ["pasted"] });
  expect((await rowsOf(trace)).rows[1]).toMatchObject({ name: "C_GenerateRandom", marks: ["best-effort"] });
});

test.each([
  ["xz", ["-zc"], ".xz"],
  ["zstd", ["-qc"], ".zst"],
])("A log packed with %s is unpacked by that program, and a damaged one says so", async (program, words, ending) => {
  const text = header(3) + Array.from({ length: 20_000 }, (_, i) => call(i, i)).join("");
  const { stdout, error } = spawnSync(program, words, { input: text, maxBuffer: 1 << 26 });
  const path = join(folder, `packed${ending}`);
  if (error) {
    // Not on this computer: then the app says which program is missing.
    await writeFile(path, Buffer.from(ending === ".xz" ? "fd377a585a0000" : "28b52ffd0000", "hex"));
    await expect(open([path])).rejects.toThrow(`${program}, and that program is not installed`);
    return;
  }
  await writeFile(path, stdout);
  const { trace, first, files } = await open([path]);
  expect(first).toHaveLength(100);
  expect(files[0]).toMatchObject({ path, wrapped: [ending.slice(1)] });
  expect(await settled(trace)).toMatchObject({ state: "done", rows: 20_001, message: null });
  await asked("trace.close", { trace });
  await writeFile(path, stdout.subarray(0, stdout.length / 2));
  const cut = await open([path]).catch((thrown: Error) => thrown);
  if (cut instanceof Error) expect(cut.message).toContain("damaged");
  else expect((await settled(cut.trace)).message).toContain("damaged");
});

test("What is no log, or not there, is refused with a reason", async () => {
  await writeFile(join(folder, "letter.txt"), "Dear Sir,\n");
  await expect(open([join(folder, "letter.txt")])).rejects.toThrow("not a log that Tokenglass knows");
  await expect(open([join(folder, "missing")])).rejects.toThrow("no such file");
  await expect(open([folder])).rejects.toThrow("not a file but a folder");
  await expect(asked("trace.open", { files: [], recordings: ["../letter.p11.jsonl"], live: false })).rejects.toThrow(
    "no name of a recording",
  );
});

test("Operations and size questions fold into one row each", async () => {
  const path = join(folder, "fold.p11.jsonl");
  const names = [
    "C_SignInit",
    "C_GenerateRandom",
    "C_Sign",
    "C_Sign",
    "C_FindObjectsInit",
    "C_FindObjects",
    "C_FindObjects",
    "C_FindObjectsFinal",
  ];
  await writeFile(
    path,
    header(4) +
      names
        .map((name, i) =>
          call(i, i, i === 2 ? ',"i":{"pData":{"len":4},"pSignature":null},"o":{"pulSignatureLen":64}' : "", name),
        )
        .join(""),
  );
  const { trace } = await open([path]);
  await settled(trace);
  const { rows } = await rowsOf(trace, "is:call", true);
  expect(rows.map(({ name }) => name)).toEqual(["C_SignInit", "C_GenerateRandom", "C_FindObjectsInit"]);
  expect((await rowsOf(trace)).rows[3]?.marks).toEqual(["size-question"]);
  const sign = await asked("trace.call", { trace, row: 4 });
  expect(sign.operation.map(({ row, name }) => [row, name])).toEqual([
    [1, "C_SignInit"],
    [3, "C_Sign"],
    [4, "C_Sign"],
  ]);
  expect((await asked("trace.call", { trace, row: 5 })).operation).toHaveLength(4);
});

test("A masked value of a record whose middle is left out is revealed from its own place", async () => {
  const path = join(folder, "long.log");
  const row = (text: string) =>
    `    00000000  ${Buffer.from(text).toString("hex").toUpperCase().replaceAll(/../g, "$& ").padEnd(48)} ${text.padEnd(16)}\n`;
  const data = Array.from(
    { length: 20_000 },
    (_, i) => `    ${(i * 16).toString(16).toUpperCase().padStart(8, "0")}  ${"41 ".repeat(16)} ${"A".repeat(16)}\n`,
  ).join("");
  const spy = [
    "\n\n*************** OpenSC PKCS#11 spy *****************\n",
    "\n0: C_Login\n2026-11-24 10:00:00.000\n[in] hSession = 0x1\n[in] userType = CKU_USER\n",
    `[in] pData[ulDataLen] 00007ffc61ab7390 / 320000\n${data}`,
    `[in] pPin[ulPinLen] 00007ffc61ab7390 / 6\n${row("PIN-42")}`,
    "Returned:  0 CKR_OK\n",
  ].join("");
  await writeFile(path, spy);
  const { trace } = await open([path]);
  await settled(trace);
  const login = (await rowsOf(trace, "fn:C_Login")).rows[0];
  const { call: decoded } = await asked("trace.call", { trace, row: login?.row ?? 0 });
  const pin = decoded.fields.find(({ name }) => name.startsWith("pPin"));
  expect(pin).toMatchObject({ masked: true, at: { from: expect.any(Number), to: expect.any(Number) } });
  const revealed = await asked("trace.reveal", { trace, row: login?.row ?? 0, at: pin?.at ?? { from: 0, to: 0 } });
  expect(revealed.text).toContain("PIN-42");
});

test("How long a call took at most counts the step of the log's clock", async () => {
  const path = join(folder, "steps.log");
  const call = (number: number, time: string) =>
    `\n${number}: C_GetInfo\n2026-11-24 10:00:00.${time}\nReturned:  0 CKR_OK\n`;
  await writeFile(
    path,
    `\n\n*************** OpenSC PKCS#11 spy *****************\n${call(0, "000")}${call(1, "000")}${call(2, "007")}`,
  );
  const { trace } = await open([path]);
  await settled(trace);
  const { rows } = await rowsOf(trace, "fn:C_GetInfo");
  expect(rows.map(({ duration, durationIs }) => [duration, durationIs])).toEqual([
    [1_000_000, "at-most"],
    [8_000_000, "at-most"],
    [null, "unknown"],
  ]);
});

test("A chosen record is found again when merging has given the rows other numbers", async () => {
  const line = (i: number, file: number) => call(i, i * 2 + file, `,"x":"${"y".repeat(200)}"`);
  const paths = [join(folder, "merge-a.p11.jsonl"), join(folder, "merge-b.p11.jsonl")];
  // Only the beginnings are in the first screen: rows of the second file come between when the rest is there.
  await writeFile(paths[0] ?? "", header(1) + Array.from({ length: 6000 }, (_, i) => line(i, 0)).join(""));
  await writeFile(paths[1] ?? "", header(2) + Array.from({ length: 6000 }, (_, i) => line(i * 0.4, 1)).join(""));
  const { trace, progress } = await open(paths);
  const placeOf = async (row: number) => {
    const { call: decoded, bytes } = await asked("trace.call", { trace, row });
    return `${decoded.file} ${bytes.offset}`;
  };
  const row = progress.rows - 1;
  const chosen = await placeOf(row);
  await settled(trace);
  const now = await asked("trace.position", {
    trace,
    row,
    generation: progress.generation,
    filter: "",
    fold: false,
  });
  expect(now.generation).toBeGreaterThan(progress.generation);
  expect(now.row).not.toBe(row);
  expect(await placeOf(now.row ?? 0)).toBe(chosen);
});

test("Questions about a whole log are answered as before when its name is gone, and refused when it is closed meanwhile", async () => {
  const path = join(folder, "deleted.p11.jsonl");
  await writeFile(path, header(1) + call(0, 0) + call(1, 1, ',"r":"CKR_DEVICE_ERROR"'));
  const { trace } = await open([path]);
  await settled(trace);
  const before = await asked("trace.logins", { trace });
  await rm(path);
  expect(await asked("trace.logins", { trace })).toEqual(before);
  const { functions } = await asked("trace.statistics", { trace });
  expect(functions).toMatchObject([{ name: "C_GenerateRandom", calls: 2, errors: 1 }]);
  const compared = asked("trace.compare", { left: trace, right: trace, from: 0, limit: 10 });
  await asked("trace.close", { trace });
  await expect(compared).rejects.toMatchObject({ data: { code: "INVALID_REQUEST", where: `${trace}, ${trace}` } });
});
