import type { Inspection } from "../../preload/contract/modules.ts";

/** What the header of a file says; `fitsHere` is added by {@link fitsHere}. */
export type BinaryHeader = Omit<Inspection["binary"], "fitsHere">;

/** Bytes from the start of a file that are enough for every header read here. */
export const headerBytes = 65_536;

const unknown: BinaryHeader = { format: "unknown", architectures: [], kind: "other" };

/**
 * Reads the header of an ELF, Mach-O (thin or universal) or PE file.
 * @param bytes the first {@link headerBytes} of the file, or all of a smaller one
 * @returns format "unknown" for anything else, also for a header that is cut short
 */
export const readHeader = (bytes: Uint8Array): BinaryHeader => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    return readElf(view) ?? readMachO(view) ?? readUniversal(view) ?? readPe(view) ?? unknown;
  } catch (thrown) {
    // DataView throws at the end of the bytes: the file is shorter than its own header says.
    if (thrown instanceof RangeError) return unknown;
    throw thrown;
  }
};

/** e_machine (System V ABI, ELF header; numbers from its registry). Some name two machines, told apart by the class. */
const elfMachines: Record<number, { 32?: string; 64?: string }> = {
  2: { 32: "sparc" },
  3: { 32: "i386" },
  8: { 32: "mips", 64: "mips64" },
  20: { 32: "ppc" },
  21: { 64: "ppc64" },
  22: { 32: "s390", 64: "s390x" },
  40: { 32: "arm" },
  43: { 64: "sparc64" },
  50: { 64: "ia64" },
  62: { 32: "x32", 64: "x86-64" },
  183: { 32: "arm64-ilp32", 64: "arm64" },
  243: { 32: "riscv32", 64: "riscv64" },
  258: { 32: "loong32", 64: "loong64" },
};

const readElf = (view: DataView): BinaryHeader | null => {
  if (view.byteLength < 4 || view.getUint32(0) !== 0x7f454c46) return null;
  const bits = view.getUint8(4) === 2 ? 64 : 32;
  const little = view.getUint8(5) === 1;
  const type = view.getUint16(16, little);
  const machine = view.getUint16(18, little);
  const name = elfMachines[machine]?.[bits] ?? `machine ${machine} (${bits}-bit)`;
  // ppc64le and mipsel are other ABIs than their big-endian namesakes.
  const spelt = little && /^ppc64/.test(name) ? `${name}le` : little && /^mips/.test(name) ? `${name}el` : name;
  // ET_EXEC 2, ET_DYN 3; a position-independent program is ET_DYN too, which the loader tells apart.
  return { format: "ELF", architectures: [spelt], kind: type === 3 ? "library" : type === 2 ? "program" : "other" };
};

/** cputype of <mach/machine.h>. */
const machCpus: Record<number, string> = {
  7: "i386",
  16777223: "x86-64",
  12: "arm",
  16777228: "arm64",
  33554444: "arm64_32",
  18: "ppc",
  16777234: "ppc64",
};

const machCpu = (cpu: number): string => machCpus[cpu] ?? `cpu 0x${cpu.toString(16)}`;

/** filetype of <mach-o/loader.h>: MH_DYLIB 6 and MH_BUNDLE 8 can be loaded, MH_EXECUTE 2 is a program. */
const machKind = (filetype: number): BinaryHeader["kind"] =>
  filetype === 6 || filetype === 8 ? "library" : filetype === 2 ? "program" : "other";

const readMachO = (view: DataView): BinaryHeader | null => {
  if (view.byteLength < 4) return null;
  const magic = view.getUint32(0);
  const big = magic === 0xfeedface || magic === 0xfeedfacf;
  const little = magic === 0xcefaedfe || magic === 0xcffaedfe;
  if (!big && !little) return null;
  const smallest = 28;
  if (view.byteLength < smallest) return unknown;
  return {
    format: "Mach-O",
    architectures: [machCpu(view.getUint32(4, little))],
    kind: machKind(view.getUint32(12, little)),
  };
};

/**
 * Universal binaries (<mach-o/fat.h>, always big-endian). Java class files begin with the same 0xcafebabe; their
 * next field is a version of 45 or more, which no universal binary has as its count.
 */
const readUniversal = (view: DataView): BinaryHeader | null => {
  if (view.byteLength < 8) return null;
  const magic = view.getUint32(0);
  if (magic !== 0xcafebabe && magic !== 0xcafebabf) return null;
  const count = view.getUint32(4);
  if (count === 0 || count > 30) return null;
  const entry = magic === 0xcafebabf ? 32 : 20;
  if (view.byteLength < 8 + count * entry) return unknown;
  const starts = Array.from({ length: count }, (_, n) => 8 + n * entry);
  return {
    format: "Mach-O",
    architectures: starts.map((start) => machCpu(view.getUint32(start))),
    kind: kindOfSlice(view, starts[0] ?? 8, magic === 0xcafebabf),
  };
};

/** The slices of a universal binary are all of one kind. The first often lies beyond the bytes that were read. */
const kindOfSlice = (view: DataView, start: number, wide: boolean): BinaryHeader["kind"] => {
  const offset = wide ? Number(view.getBigUint64(start + 8)) : view.getUint32(start + 8);
  if (offset + 32 > view.byteLength) return "library";
  const slice = new DataView(view.buffer, view.byteOffset + offset, view.byteLength - offset);
  return readMachO(slice)?.kind ?? "other";
};

/** Machine of the COFF header (PE format, "Machine Types"). */
const peMachines: Record<number, string> = {
  332: "i386",
  34404: "x86-64",
  448: "arm",
  452: "arm",
  43620: "arm64",
  42561: "arm64ec",
  512: "ia64",
};

const readPe = (view: DataView): BinaryHeader | null => {
  if (view.byteLength < 2 || view.getUint16(0) !== 0x4d5a) return null;
  const header = view.getUint32(0x3c, true);
  if (view.getUint32(header) !== 0x50450000) return null;
  const machine = view.getUint16(header + 4, true);
  const characteristics = view.getUint16(header + 22, true);
  const imageFileDll = 0x2000;
  return {
    format: "PE",
    architectures: [peMachines[machine] ?? `machine 0x${machine.toString(16)}`],
    kind: characteristics & imageFileDll ? "library" : "program",
  };
};

const formatOf: Partial<Record<NodeJS.Platform, BinaryHeader["format"]>> = { darwin: "Mach-O", win32: "PE" };

/** Node's names of machines (process.arch) in the words used here. */
const machineOf: Partial<Record<string, string>> = {
  x64: "x86-64",
  ia32: "i386",
  ppc64: "ppc64le",
  mipsel: "mipsel",
};

/** The machine that this process runs on, as in {@link BinaryHeader}. */
export const machineHere = (arch: string = process.arch): string => machineOf[arch] ?? arch;

/** Whether a process of this platform and machine could load it, as far as the header tells. */
export const fitsHere = (
  header: BinaryHeader,
  platform: NodeJS.Platform = process.platform,
  arch: string = process.arch,
): boolean =>
  header.format === (formatOf[platform] ?? "ELF") &&
  header.kind === "library" &&
  header.architectures.includes(machineHere(arch));
