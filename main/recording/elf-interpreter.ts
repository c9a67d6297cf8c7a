/** How an ELF program is started, from its program headers. */
export interface ElfStart {
  /** PT_INTERP: the dynamic loader that runs it; null for a statically linked program. */
  interpreter: string | null;
}

const ptInterp = 3;

/**
 * Reads the dynamic loader's path from an ELF program (gABI, chapter 5, "Program Interpreter").
 * @param bytes the first 64 KiB
 * @returns null if it is no ELF file, or its headers lie beyond the bytes
 */
export const readElfStart = (bytes: Uint8Array): ElfStart | null => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.byteLength < 52 || view.getUint32(0) !== 0x7f454c46) return null;
  const wide = view.getUint8(4) === 2;
  const little = view.getUint8(5) === 1;
  const number = (at: number): number => (wide ? Number(view.getBigUint64(at, little)) : view.getUint32(at, little));
  try {
    const start = number(wide ? 32 : 28);
    const size = view.getUint16(wide ? 54 : 42, little);
    const count = view.getUint16(wide ? 56 : 44, little);
    for (let n = 0; n < count; n++) {
      const at = start + n * size;
      if (view.getUint32(at, little) !== ptInterp) continue;
      const offset = number(at + (wide ? 8 : 4));
      const length = number(at + (wide ? 32 : 16));
      if (offset + length > bytes.length || length > 4096) return null;
      return {
        interpreter: Buffer.from(bytes.subarray(offset, offset + length))
          .toString("utf8")
          .replace(/\0.*$/s, ""),
      };
    }
    return { interpreter: null };
  } catch (thrown) {
    if (thrown instanceof RangeError) return null;
    throw thrown;
  }
};
