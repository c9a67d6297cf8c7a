import { readdirSync, readFileSync, realpathSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type BinaryHeader, fitsHere, headerBytes, readHeader } from "./binary-header.ts";

/** An ELF header as far as e_machine, then zeros. */
const elf = (options: { class: 1 | 2; data: 1 | 2; type: number; machine: number }): Buffer => {
  const bytes = Buffer.alloc(64);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, options.class, options.data, 1]);
  const write = options.data === 1 ? bytes.writeUInt16LE.bind(bytes) : bytes.writeUInt16BE.bind(bytes);
  write(options.type, 16);
  write(options.machine, 18);
  return bytes;
};

const machO = (cpu: number, filetype: number, little = true): Buffer => {
  const bytes = Buffer.alloc(32);
  const write = little ? bytes.writeUInt32LE.bind(bytes) : bytes.writeUInt32BE.bind(bytes);
  write(0xfeedfacf, 0);
  write(cpu, 4);
  write(filetype, 12);
  return bytes;
};

const universal = (slices: { cpu: number; filetype: number }[], firstAt = 4096): Buffer => {
  const head = Buffer.alloc(firstAt);
  head.writeUInt32BE(0xcafebabe, 0);
  head.writeUInt32BE(slices.length, 4);
  slices.forEach(({ cpu }, n) => {
    head.writeUInt32BE(cpu, 8 + n * 20);
    head.writeUInt32BE(firstAt + n * 32, 16 + n * 20);
  });
  return Buffer.concat([head, ...slices.map(({ cpu, filetype }) => machO(cpu, filetype))]);
};

const pe = (machine: number, characteristics: number): Buffer => {
  const bytes = Buffer.alloc(512);
  bytes.write("MZ");
  bytes.writeUInt32LE(0x80, 0x3c);
  bytes.write("PE\0\0", 0x80);
  bytes.writeUInt16LE(machine, 0x84);
  bytes.writeUInt16LE(characteristics, 0x80 + 22);
  return bytes;
};

const made: [string, Buffer, BinaryHeader][] = [
  ["ELF i386", elf({ class: 1, data: 1, type: 3, machine: 3 }), header("ELF", "i386", "library")],
  ["ELF arm64", elf({ class: 2, data: 1, type: 3, machine: 183 }), header("ELF", "arm64", "library")],
  ["ELF x32", elf({ class: 1, data: 1, type: 3, machine: 62 }), header("ELF", "x32", "library")],
  ["ELF s390x, big-endian", elf({ class: 2, data: 2, type: 3, machine: 22 }), header("ELF", "s390x", "library")],
  ["ELF ppc64le", elf({ class: 2, data: 1, type: 3, machine: 21 }), header("ELF", "ppc64le", "library")],
  ["ELF program", elf({ class: 2, data: 1, type: 2, machine: 62 }), header("ELF", "x86-64", "program")],
  ["ELF object file", elf({ class: 2, data: 1, type: 1, machine: 62 }), header("ELF", "x86-64", "other")],
  [
    "ELF, machine nobody knows",
    elf({ class: 2, data: 1, type: 3, machine: 999 }),
    header("ELF", "machine 999 (64-bit)", "library"),
  ],
  ["Mach-O arm64 dylib", machO(0x0100000c, 6), header("Mach-O", "arm64", "library")],
  ["Mach-O x86-64 bundle", machO(0x01000007, 8), header("Mach-O", "x86-64", "library")],
  ["Mach-O ppc64, big-endian", machO(0x01000012, 6, false), header("Mach-O", "ppc64", "library")],
  ["Mach-O program", machO(0x0100000c, 2), header("Mach-O", "arm64", "program")],
  ["PE x86 DLL", pe(0x014c, 0x2102), header("PE", "i386", "library")],
  ["PE x64 DLL", pe(0x8664, 0x2022), header("PE", "x86-64", "library")],
  ["PE arm64 DLL", pe(0xaa64, 0x2022), header("PE", "arm64", "library")],
  ["PE x64 program", pe(0x8664, 0x0022), header("PE", "x86-64", "program")],
];

function header(format: BinaryHeader["format"], machine: string, kind: BinaryHeader["kind"]): BinaryHeader {
  return { format, architectures: [machine], kind };
}

test.each(made)("%s", (_name, bytes, expected) => {
  expect(readHeader(bytes)).toEqual(expected);
});

describe("universal Mach-O", () => {
  const slices = [
    { cpu: 0x01000007, filetype: 6 },
    { cpu: 0x0100000c, filetype: 6 },
  ];

  test("all its machines are named", () => {
    expect(readHeader(universal(slices))).toEqual({
      format: "Mach-O",
      architectures: ["x86-64", "arm64"],
      kind: "library",
    });
  });

  test("the kind is read from the first slice", () => {
    expect(readHeader(universal(slices.map(({ cpu }) => ({ cpu, filetype: 2 })))).kind).toBe("program");
  });

  test("a Java class file, which has the same first bytes, is none", () => {
    const javaClass = Buffer.from("cafebabe0000003d0012", "hex");
    expect(readHeader(javaClass).format).toBe("unknown");
  });
});

describe("what is no library", () => {
  const whole = [
    elf({ class: 2, data: 1, type: 3, machine: 62 }),
    machO(0x0100000c, 6),
    pe(0x8664, 0x2022),
    universal([{ cpu: 7, filetype: 6 }], 28),
  ];

  test("headers that are cut short never throw and never name a machine that is not there", () => {
    for (const bytes of whole)
      for (let length = 0; length < 20; length++)
        if (bytes.length > length) expect(readHeader(bytes.subarray(0, length)).format).toBe("unknown");
  });

  test("text, zeros, an empty file", () => {
    for (const bytes of [Buffer.from("/* GNU ld script */\n"), Buffer.alloc(4096), Buffer.alloc(0)])
      expect(readHeader(bytes)).toEqual({ format: "unknown", architectures: [], kind: "other" });
  });

  test("an MZ program of MS-DOS, whose PE offset leads nowhere", () => {
    const dos = Buffer.alloc(128);
    dos.write("MZ");
    dos.writeUInt32LE(0xfffffff0, 0x3c);
    expect(readHeader(dos).format).toBe("unknown");
  });

  test("bytes at an offset in a larger buffer are read from that offset", () => {
    const padded = Buffer.concat([Buffer.alloc(7), pe(0x8664, 0x2022)]).subarray(7);
    expect(readHeader(padded).architectures).toEqual(["x86-64"]);
  });
});

describe("fitsHere", () => {
  const x64 = readHeader(elf({ class: 2, data: 1, type: 3, machine: 62 }));

  test("format, machine and kind must all fit", () => {
    expect(fitsHere(x64, "linux", "x64")).toBe(true);
    expect(fitsHere(x64, "linux", "arm64")).toBe(false);
    expect(fitsHere(x64, "darwin", "x64")).toBe(false);
    expect(fitsHere({ ...x64, kind: "program" }, "linux", "x64")).toBe(false);
    expect(fitsHere(readHeader(pe(0xaa64, 0x2022)), "win32", "arm64")).toBe(true);
    expect(fitsHere(readHeader(machO(0x0100000c, 6)), "darwin", "arm64")).toBe(true);
  });

  test.runIf(process.platform === "linux")("the libraries that this process has loaded itself fit", () => {
    const loaded = new Set(
      readFileSync("/proc/self/maps", "utf8")
        .split("\n")
        .map((line) => line.slice(line.indexOf("/")))
        .filter((path) => /\.so(\.|$)/.test(path)),
    );
    expect(loaded.size).toBeGreaterThan(2);
    for (const path of loaded) {
      const bytes = readFileSync(path).subarray(0, headerBytes);
      expect(fitsHere(readHeader(bytes)), path).toBe(true);
    }
  });

  test.runIf(process.platform === "linux")("no file of /etc is taken for a library", () => {
    for (const name of readdirSync("/etc").slice(0, 100)) {
      const path = `/etc/${name}`;
      try {
        if (!realpathSync(path).startsWith("/etc/")) continue;
        expect(readHeader(readFileSync(path).subarray(0, headerBytes)).format, path).toBe("unknown");
      } catch (thrown) {
        if ((thrown as NodeJS.ErrnoException).code === undefined) throw thrown;
      }
    }
  });
});
