import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestApp, type TestApp } from "../harness/app.ts";

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(() => app.close());

const fixture = new URL("../fixtures/spy/wrong-pin.p11.jsonl", import.meta.url).pathname;
const header = `{"k":"header","v":1,"t":1764000000000000000,"pid":1,"exe":"/usr/bin/p","module":"/m.so","level":0}\n`;
const line = (s: number, rv = "") =>
  `{"s":${s},"t":${1764000000000 + s}000000,"d":${s % 1000},"T":${s % 3},"f":"C_GenerateRandom","h":1${rv}}\n`;

test("A log of several ranges is indexed by the worker threads without losing or doubling a record", async () => {
  const path = join(app.dataFolder, "large.p11.jsonl");
  await writeFile(path, header);
  for (let from = 0; from < 600_000; from += 100_000)
    await appendFile(
      path,
      Array.from({ length: 100_000 }, (_, i) =>
        line(from + i, (from + i) % 60_000 === 0 ? ',"r":"CKR_DEVICE_ERROR"' : ""),
      ).join(""),
    );
  const { trace, first } = await app.call("trace.open", { files: [path] });
  expect(first).toHaveLength(100);
  const done = await app.event("trace.progress", (data) => data.trace === trace && data.state === "done");
  expect(done).toMatchObject({ rows: 600_001, errors: 10, broken: 0 });
  const { rows } = await app.call("trace.rows", { trace, from: 599_998, count: 10 });
  expect(rows.map(({ number }) => number)).toEqual([599_997, 599_998, 599_999]);
  const errors = await app.call("trace.rows", { trace, from: 0, count: 100, filter: "is:error" });
  expect(errors.rows.map(({ number }) => number)).toEqual(Array.from({ length: 10 }, (_, i) => i * 60_000));
  let found = await app.call("trace.rows", { trace, from: 0, count: 10, filter: 'text:"s\\":477777,"' });
  for (; found.searching; await new Promise((resolve) => setTimeout(resolve, 10)))
    found = await app.call("trace.rows", { trace, from: 0, count: 10, filter: 'text:"s\\":477777,"' });
  expect(found.rows.map(({ number }) => number)).toEqual([477_777]);
  await app.call("trace.close", { trace });
});

test("A summary of a recording tells of the wrong PIN", async () => {
  const summary = await app.call("trace.summary", { files: [fixture] });
  expect(summary.files[0]).toMatchObject({ dialect: "tokenglass", program: "/usr/bin/pkcs11-tool" });
  expect(summary.logins.events.map(({ function: name, rv }) => [name, rv])).toContainEqual([
    "C_Login",
    "CKR_PIN_INCORRECT",
  ]);
  const { records, matched } = await app.call("trace.records", { files: [fixture], filter: "is:login" });
  expect(matched).toBe(records.length);
  expect(records[0]?.fields.find(({ kind }) => kind === "pin")).toMatchObject({ masked: true });
});

test("A recording in the app's own folder is followed while it is written", async () => {
  const { folder } = await app.call("recording.state", {});
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const name = `20260101T000000000Z-${process.pid}-program.p11.jsonl`;
  await writeFile(join(folder, name), header + line(0), { mode: 0o600 });
  const { trace } = await app.call("trace.open", { recordings: [name], live: true });
  await app.event("trace.progress", (data) => data.trace === trace && data.state === "following");
  await appendFile(join(folder, name), line(1));
  await app.event("trace.progress", (data) => data.trace === trace && data.rows === 3);
  const { rows } = await app.call("trace.rows", { trace, from: 2, count: 10 });
  expect(rows.map(({ number }) => number)).toEqual([1]);
});

test("A place that is not masked cannot be revealed, and a wrong filter is refused with its place", async () => {
  const { trace } = await app.call("trace.open", { files: [fixture] });
  expect(await app.fails("trace.reveal", { trace, row: 1, at: { from: 0, to: 5 } })).toMatchObject({
    code: "INVALID_REQUEST",
  });
  expect(await app.fails("trace.rows", { trace, from: 0, count: 1, filter: "fn:C_Sign wrong:1" })).toMatchObject({
    code: "INVALID_REQUEST",
    details: { from: 10, to: 15 },
  });
});

test("A worker thread comes to the same statistics, and ends with the trace that it was asked about", async () => {
  const path = join(app.dataFolder, "many.p11.jsonl");
  const count = 200_000;
  await writeFile(path, header + Array.from({ length: count }, (_, i) => line(i)).join(""));
  const { trace } = await app.call("trace.open", { files: [path] });
  await app.event("trace.progress", (data) => data.trace === trace && data.state === "done");
  const { functions, progress } = await app.call("trace.statistics", { trace });
  expect(progress.rows).toBe(count + 1);
  expect(functions).toMatchObject([{ name: "C_GenerateRandom", calls: count, errors: 0, max: 999, p50: 499 }]);
  const given = app.fails("trace.compare", { left: trace, right: trace, limit: 10 });
  await app.call("trace.close", { trace });
  expect(await given).toMatchObject({
    code: "INVALID_REQUEST",
    message: "The trace was closed before its analysis was done.",
  });
  const again = await app.call("trace.summary", { files: [path] });
  expect(again.functions).toEqual(functions);
});
