let scratch = Buffer.alloc(0);

/**
 * Bytes to read into, the same ones each time: garbage of this size would pile up before it is collected. One caller a
 * thread at a time, who does not yield while they are in use.
 */
export const scratchOf = (length: number): Buffer => {
  if (scratch.length < length) scratch = Buffer.allocUnsafeSlow(length);
  return scratch.subarray(0, length);
};
