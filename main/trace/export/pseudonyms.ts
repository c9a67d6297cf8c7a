import { createHmac, randomBytes } from "node:crypto";

/** Stand-ins that are kept apart from each other; beyond so many, two names may get the same one. */
const maxKnown = 200_000;
const maxTries = 64;

const smallSlots = 256n;
/** CK_UNAVAILABLE_INFORMATION, of 64 and of 32 bits. */
const unavailable = [(1n << 64n) - 1n, (1n << 32n) - 1n];

/**
 * Stand-ins for names, of the same length, the same for the same name within one export. The key is made anew for each
 * export and is never written: a stand-in cannot be tried out against a list of likely names.
 */
export class Pseudonyms {
  readonly #key = randomBytes(32);
  readonly #known = new Map<string, string>();
  readonly #used = new Set<string>();

  /**
   * @param value Latin-1 or ASCII text as it stands in the log. Blanks and NULs that pad it at the end stay, so do line
   *   ends: a label with a newline in it stays one.
   * @returns ASCII letters and digits, as many as `value` has letters.
   */
  text(value: string): string {
    const name = value.replace(/[ \0]+$/, "");
    return this.#standIn(`t${name}`, (stream) => shaped(name, stream)) + value.slice(name.length);
  }

  /** @returns as many bytes. */
  bytes(value: Uint8Array): Uint8Array {
    const { length } = value;
    const key = `b${Buffer.from(value).toString("latin1")}`;
    return Buffer.from(
      this.#standIn(key, (stream) => stream(length).toString("latin1")),
      "latin1",
    );
  }

  /** @param isText whether the bytes are Latin-1 or ASCII text @returns as many bytes. */
  value(bytes: Uint8Array, isText: boolean): Uint8Array {
    return isText ? Buffer.from(this.text(Buffer.from(bytes).toString("latin1")), "latin1") : this.bytes(bytes);
  }

  /** Folders and file each get their own stand-in; separators, the drive and a file ending of up to 5 letters stay. */
  path(value: string): string {
    return value.replace(/[^/\\]+/g, (part) => {
      if (/^([A-Za-z]:|\.{1,2}|~)$/.test(part)) return part;
      const ending = /(?<=.)\.[A-Za-z]\w{0,4}$/.exec(part)?.[0] ?? "";
      return this.text(part.slice(0, part.length - ending.length)) + ending;
    });
  }

  /**
   * A number with as many digits, in decimal and in hexadecimal: a log may write both. Small ones are counted from 0 and
   * tell nothing. SoftHSM's are the end of the token's serial number.
   */
  slot(value: bigint): bigint {
    if (value < smallSlots || unavailable.includes(value)) return value;
    const inDecimal = 10n ** BigInt(value.toString().length);
    const inHex = 16n ** BigInt(value.toString(16).length);
    const from = inDecimal / 10n > inHex / 16n ? inDecimal / 10n : inHex / 16n;
    const to = inDecimal < inHex ? inDecimal : inHex;
    const made = this.#standIn(`s${value}`, (stream) => {
      const random = BigInt(`0x${stream(16).toString("hex")}`);
      return String(from + (random % (to - from)));
    });
    return BigInt(made);
  }

  /** @param written decimal, or hexadecimal behind "0x" @returns the stand-in, written alike. */
  slotText(written: string): string {
    if (!/^(0x[0-9a-fA-F]{1,16}|\d{1,20})$/.test(written)) return written;
    const slot = this.slot(BigInt(written));
    return written.startsWith("0x")
      ? `0x${slot.toString(16).padStart(written.length - 2, "0")}`
      : slot.toString().padStart(written.length, "0");
  }

  #standIn(key: string, make: (stream: (length: number) => Buffer) => string): string {
    const before = this.#known.get(key);
    if (before !== undefined) return before;
    if (key.length === 1) return "";
    const isKept = this.#known.size < maxKnown;
    let made = "";
    for (let attempt = 0; attempt < (isKept ? maxTries : 1); attempt++) {
      made = make((length) => this.#stream(`${attempt} ${key}`, length));
      if (!this.#used.has(key.slice(0, 1) + made) && made !== key.slice(1)) break;
    }
    if (isKept && key.length < 4096) {
      this.#known.set(key, made);
      this.#used.add(key.slice(0, 1) + made);
    }
    return made;
  }

  #stream(text: string, length: number): Buffer {
    const seed = createHmac("sha256", this.#key).update(text, "latin1").digest();
    const blocks: Buffer[] = [];
    for (let n = 0; n * 32 < length; n++) blocks.push(createHmac("sha256", seed).update(String(n)).digest());
    return Buffer.concat(blocks).subarray(0, length);
  }
}

const shaped = (name: string, stream: (length: number) => Buffer): string => {
  const random = stream(name.length);
  return name.replace(/[\s\S]/g, (char, at: number) => {
    const value = random[at] ?? 0;
    if (char === "\n" || char === "\r") return char;
    if (char >= "0" && char <= "9") return String(value % 10);
    return String.fromCharCode((char >= "A" && char <= "Z" ? 0x41 : 0x61) + (value % 26));
  });
};
