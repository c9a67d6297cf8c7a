import { spawn } from "node:child_process";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { failure } from "../pkcs11/failure.ts";

/** A log as plain UTF-8 bytes in a file. */
export interface Unwrapped {
  path: string;
  /** Where the text begins: behind a byte order mark. */
  start: number;
  /** What was taken off: "gz", "xz", "zst", "utf-16", "pasted". */
  wrapped: string[];
  /** Resolves when `path` is complete; null: it always was. Rejects with a failure to show. */
  complete: Promise<void> | null;
  /** Deletes what was made. */
  remove(): Promise<void>;
}

/** So much text is made of one packed log at most: a few packed kilobytes can hold far more than a disk. */
const maxBytes = 64 * 1024 ** 3;

const packers: { magic: number[]; name: "gz" | "xz" | "zst"; program: string }[] = [
  { magic: [0x1f, 0x8b], name: "gz", program: "gzip" },
  { magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], name: "xz", program: "xz" },
  { magic: [0x28, 0xb5, 0x2f, 0xfd], name: "zst", program: "zstd" },
];

/** Finds out how a file is packed or encoded, and begins to make a plain one of it if it is. */
export const unwrap = async (path: string): Promise<Unwrapped> => {
  const head = await headOf(path);
  const packer = packers.find(({ magic }) => magic.every((byte, i) => head[i] === byte));
  if (packer) return plainCopy(path, packer.name, (from, to) => unpack(path, packer, from, to));
  const order =
    head[0] === 0xff && head[1] === 0xfe ? "utf-16le" : head[0] === 0xfe && head[1] === 0xff ? "utf-16be" : null;
  if (order)
    return plainCopy(path, "utf-16", async (from, to) => {
      await pipeline(createReadStream(from), decoded(order), limited(path), createWriteStream(to, { mode: 0o600 }));
    });
  const start = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  return { ...plainLog(path), start };
};

/** A file that is what it should be already. */
export const plainLog = (path: string): Unwrapped => ({
  path,
  start: 0,
  wrapped: [],
  complete: null,
  remove: async () => {},
});

/** Makes a file of pasted text, undoing what web pages do to it. */
export const pastedFile = async (text: string): Promise<Unwrapped> => {
  const folder = await mkdtemp(join(tmpdir(), "tokenglass-trace-"));
  const path = join(folder, "pasted");
  const plain = text
    .replace(/\r\n?/g, "\n")
    .replace(/[\u2018\u2019\u201a\u2032]/g, "'")
    .replace(/[\u201c\u201d\u201e\u2033]/g, '"')
    .replace(/[\u2010-\u2015\u2212]/g, "-")
    .replace(/[\u00a0\u2000-\u200a\u202f\u3000]/g, " ")
    .replace(/[\u200b-\u200d\u2060\ufeff]/g, "");
  await writeFile(path, plain.endsWith("\n") ? plain : `${plain}\n`, { mode: 0o600 });
  return {
    path,
    start: 0,
    wrapped: ["pasted"],
    complete: null,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
};

const headOf = async (path: string): Promise<Uint8Array> => {
  const file = await open(path, "r").catch(() => null);
  // What cannot be opened is reported by whoever reads the log.
  if (!file) return new Uint8Array(0);
  try {
    if (!(await file.stat()).isFile()) return new Uint8Array(0);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(8), 0, 8, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
};

const plainCopy = async (
  path: string,
  name: string,
  make: (from: string, to: string) => Promise<void>,
): Promise<Unwrapped> => {
  const folder = await mkdtemp(join(tmpdir(), "tokenglass-trace-"));
  const plain = join(folder, "plain");
  await writeFile(plain, "", { mode: 0o600 });
  const complete = make(path, plain);
  complete.catch(() => {});
  return {
    path: plain,
    start: 0,
    wrapped: [name],
    complete,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
};

const unpack = async (path: string, packer: (typeof packers)[number], from: string, to: string): Promise<void> => {
  const output = createWriteStream(to, { mode: 0o600 });
  if (packer.name === "gz") {
    try {
      await pipeline(createReadStream(from), createGunzip(), limited(path), output);
    } catch (thrown) {
      throw damaged(path, thrown);
    }
    return;
  }
  const child = spawn(packer.program, ["-d", "-c", "-q", "--", from], { stdio: ["ignore", "pipe", "ignore"] });
  const started = new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", reject);
  });
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  try {
    await started;
  } catch {
    throw failure("BAD_FILE", {
      where: path,
      message: `The log is packed with ${packer.program}, and that program is not installed.`,
      remedy: `Install ${packer.program}, or unpack the log first.`,
    });
  }
  try {
    await pipeline(child.stdout, limited(path), output);
  } catch (thrown) {
    child.kill();
    throw thrown;
  }
  if ((await ended) !== 0) throw damaged(path, `${packer.program} could not read it`);
};

const damaged = (path: string, thrown: unknown) =>
  failure("BAD_FILE", {
    where: path,
    message: `The packed log is damaged: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    remedy: "What could be unpacked is shown. Fetch the log again if more is needed.",
  });

const limited = (path: string): Transform => {
  let bytes = 0;
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      bytes += chunk.length;
      if (bytes <= maxBytes) done(null, chunk);
      else done(damaged(path, `it holds more than ${maxBytes / 1024 ** 3} GiB`));
    },
  });
};

const decoded = (encoding: "utf-16le" | "utf-16be"): Transform => {
  const decoder = new TextDecoder(encoding);
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => done(null, Buffer.from(decoder.decode(chunk, { stream: true }))),
    flush: (done) => done(null, Buffer.from(decoder.decode())),
  });
};
