import type { Curve } from "../../keys/curves.ts";
import type { PublicKey } from "../../keys/public-key.ts";

/** Private values of a key, unsigned big-endian; the buffers are wiped by {@link Secrets.wipe}. */
export type PrivateParts =
  | {
      type: "RSA";
      modulus: Buffer;
      exponent: Buffer;
      privateExponent: Buffer;
      prime1: Buffer;
      prime2: Buffer;
      exponent1: Buffer;
      exponent2: Buffer;
      coefficient: Buffer;
    }
  | { type: "EC" | "Ed25519" | "X25519"; curve: Curve; value: Buffer };

/** One thing in a file. `name` is what the file calls it (friendlyName of PKCS#12, comment of OpenSSH). */
export type FileItem =
  | { kind: "certificate"; name: string | null; der: Buffer }
  | { kind: "publicKey"; name: string | null; publicKey: PublicKey }
  | { kind: "privateKey"; name: string | null; publicKey: PublicKey; parts: PrivateParts };

export interface FileContent {
  /** In words, e.g. "PKCS#12" or "PEM with 3 blocks". */
  format: string;
  items: FileItem[];
  warnings: string[];
}

/** What a parser is given beside the bytes. */
export interface Reading {
  fileName: string;
  /** null: none was given. */
  password: string | null;
  secrets: Secrets;
}

/** Buffers that hold private material, so that all of them can be zeroed when the work is done. */
export class Secrets {
  readonly #buffers: Buffer[] = [];

  keep<B extends Buffer>(buffer: B): B {
    this.#buffers.push(buffer);
    return buffer;
  }

  wipe(): void {
    for (const buffer of this.#buffers) buffer.fill(0);
  }
}
