import { Columns } from "../index/columns.ts";
import { Dictionary } from "../index/dictionary.ts";
import { type Dialect, fillMasks, tailLimit, wholeRecord } from "./dialect.ts";
import { contextFor, type FoundRecord, scanText } from "./scan-for-test.ts";

/** Numbers that look random and are the same each time (mulberry32). */
export const randomFrom = (seed: number): ((below: number) => number) => {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * below);
  };
};

/** What logs are made of, or what those who read them stumble over. */
const pieces = [
  "\n",
  "\r\n",
  "\n\n",
  "'",
  '"',
  "\\",
  "{",
  "}",
  "[",
  "]",
  ":",
  "\0",
  "\x7f",
  "\xff",
  "\xc3",
  "-",
  "0x",
  " ",
  "\nReturned:  0 CKR_OK\n",
  "Returned:  ",
  "\n\n0: C_Login\n2026-01-01 00:00:00.000\n",
  "\n7: SetOperationState\n",
  "*************** OpenSC PKCS#11 spy *****************\n",
  "      label:                  '",
  "[in] hSession = 0x1\n",
  "[out] pInfo: \n",
  "    00000000  ",
  " / 18446744073709551615",
  "99999999999999999999999",
  "1e999",
  "-9223372036854775808",
  "P:1; T:0x2 2026-11-24 03:30:45.029\n",
  '{"s":1,"t":',
  '{"b":1,"t":',
  '{"k":"lost","n":9}\n',
  '"cut":1}',
  "Outgoing APDU (5 bytes):\n",
  "C_Initialize\n  IN: ",
  " = CKR_OK\n",
];

/** Makes a damaged log of real ones. */
export const mutate = (seeds: readonly Buffer[], random: (below: number) => number): Buffer => {
  const pick = (): Buffer => {
    const seed = seeds[random(seeds.length)] ?? Buffer.alloc(0);
    const from = random(4) === 0 ? 0 : random(seed.length);
    return seed.subarray(from, from + 200 + random(6000));
  };
  let log: Buffer = pick();
  for (let count = 1 + random(8); count > 0; count--) {
    const at = random(log.length + 1);
    const to = Math.min(log.length, at + 1 + random(random(3) === 0 ? 600 : 12));
    const piece = Buffer.from(pieces[random(pieces.length)] ?? "", "latin1");
    const kinds: (() => Buffer)[] = [
      () => Buffer.concat([log.subarray(0, at), piece, log.subarray(at)]),
      () => Buffer.concat([log.subarray(0, at), log.subarray(to)]),
      () => Buffer.concat([log.subarray(0, to), log.subarray(at)]),
      () => Buffer.concat([log.subarray(0, at), pick(), log.subarray(at)]),
      () => log.subarray(0, at),
      () => Buffer.concat([log.subarray(0, at), Buffer.from([random(256)]), log.subarray(at + 1)]),
      () => interleaved(log, pick(), random),
      () =>
        Buffer.concat([
          log.subarray(0, at),
          Buffer.alloc(random(40) === 0 ? 300_000 : 300, piece.length ? piece : "x"),
          log.subarray(at),
        ]),
      () => Buffer.from(log.toString("latin1").replaceAll("\n", "\r\n"), "latin1"),
    ];
    log = kinds[random(kinds.length)]?.() ?? log;
  }
  return log;
};

/** As threads do that write into one file. */
const interleaved = (one: Buffer, other: Buffer, random: (below: number) => number): Buffer => {
  const left = one.toString("latin1").split(/(?<=\n)/);
  const right = other.toString("latin1").split(/(?<=\n)/);
  const lines: string[] = [];
  for (let i = 0, j = 0; i < left.length || j < right.length; ) {
    const isLeft = random(2) === 0 ? i < left.length : j >= right.length;
    lines.push((isLeft ? left[i++] : right[j++]) ?? "");
  }
  return Buffer.from(lines.join(""), "latin1");
};

const slowMilliseconds = 10_000;

/**
 * Reads a log in every way in which the viewer does, and looks whether what must hold of any log holds.
 * @returns what does not hold, "" if all does.
 */
export const faultIn = (dialect: Dialect, log: Buffer): string => {
  const started = Date.now();
  try {
    const { confidence } = dialect.detect(log.subarray(0, 65536));
    if (!(confidence >= 0 && confidence <= 1)) return `confidence is ${confidence}`;
    const { records, columns } = scanText(dialect, log);
    const places = placeFault(columns, log.length);
    if (places) return places;
    // What is longer than a scanner may leave over is taken in pieces that depend on where chunks end.
    const pieces = scanText(dialect, log, { chunkLength: 700 });
    const first = log.length > tailLimit ? -1 : differing(records, pieces.records);
    if (first >= 0)
      return `record ${first} differs when read in pieces: ${shown(records[first])} / ${shown(pieces.records[first])}`;
    const middle = scanText(dialect, log, { from: log.length >> 1 });
    const fault = placeFault(middle.columns, log.length);
    if (fault) return `from the middle: ${fault}`;
    scanLive(dialect, log);
    for (const [i, record] of records.entries()) {
      if (i > 60) break;
      const at = columns.offset[i] ?? 0;
      const found = recordFault(dialect, log.subarray(at, at + (columns.length[i] ?? 0)), record);
      if (found) return `record ${i}: ${found}`;
    }
  } catch (thrown) {
    return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  }
  const took = Date.now() - started;
  return took > slowMilliseconds ? `took ${took} ms for ${log.length} bytes` : "";
};

const shown = (record: FoundRecord | undefined): string =>
  record ? `${record.name} ${record.rv} ${record.marks.join("+")} ${record.text.length}` : "none";

const differing = (left: readonly FoundRecord[], right: readonly FoundRecord[]): number => {
  for (let i = 0; i < Math.max(left.length, right.length); i++)
    if (JSON.stringify(left[i]) !== JSON.stringify(right[i])) return i;
  return -1;
};

const placeFault = (columns: Columns, size: number): string => {
  for (let i = 0; i < columns.count; i++) {
    const at = columns.offset[i] ?? 0;
    if (at + (columns.length[i] ?? 0) > size) return `record ${i} ends behind the file`;
    if ((columns.length[i] ?? 0) === 0) return `record ${i} is empty`;
  }
  return "";
};

/** A log that grows: the scanner must not keep more than it may. */
const scanLive = (dialect: Dialect, log: Buffer): void => {
  const input = {
    names: new Dictionary(),
    returnCodes: new Dictionary(),
    lanes: new Dictionary(),
    from: 0,
    to: Number.POSITIVE_INFINITY,
    exact: false,
  };
  const scanner = dialect.scanner({ ...input, columns: new Columns(4) });
  const end = log.length >> 1;
  const used = scanner.scan(log.subarray(0, end), 0, true);
  if (used < 0 || used > end) throw new Error(`scan took ${used} of ${end} bytes`);
  scanner.finish(log.subarray(end, end), used);
};

const recordFault = (dialect: Dialect, bytes: Buffer, record: FoundRecord): string => {
  const plain = contextFor(record);
  const context = { ...plain, row: { ...plain.row, kind: record.kind as "call", marks: record.marks as [] } };
  const copy = Buffer.from(bytes);
  const forms = [wholeRecord(bytes)];
  const cut = Math.min(40, bytes.length >> 2);
  if (bytes.length > 200) {
    const shorter = Buffer.concat([bytes.subarray(0, cut * 2), bytes.subarray(cut * 3)]);
    forms.push({ bytes: shorter, length: bytes.length, left: { at: cut * 2, count: cut } });
  }
  for (const form of forms) {
    const call = dialect.parse(form, context);
    if (JSON.stringify(call).length > 20_000 + 60 * bytes.length) return "far more came out than went in";
    const outside = JSON.stringify(call.fields).matchAll(/"at":\{"from":(\d+),"to":(\d+)\}/g);
    for (const [, from, to] of outside)
      if (Number(from) > Number(to) || Number(to) > form.length) return `a field at ${from} to ${to} of ${form.length}`;
    dialect.render(form, context);
    let end = 0;
    for (const mask of dialect.mask(form, context)) {
      if (mask.from < end || mask.to <= mask.from || mask.to > form.length)
        return `a mask at ${mask.from} to ${mask.to} behind ${end} of ${form.length}`;
      end = mask.to;
    }
    if (!form.left && fillMasks(form.bytes, dialect.mask(form, context)).length !== bytes.length)
      return "masking changes the length";
  }
  return copy.equals(bytes) ? "" : "the bytes were changed";
};
