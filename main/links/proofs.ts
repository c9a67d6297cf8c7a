import type { ObjectRow } from "../../preload/contract/objects.ts";

/** What a test signature showed of one private key. */
export interface Proof {
  /** Key hash that the signature fits, or null if it fitted nothing on the token. */
  fits: string | null;
  /** Key hashes that it was checked against and does not fit. */
  fitsNot: ReadonlySet<string>;
  mechanism: string;
  at: Date;
}

/**
 * Proofs of one token, kept in the token host as long as it runs. A handle can be given to another object once the
 * first is gone, so a proof holds only while the key behind it looks as it did.
 */
export class Proofs {
  readonly #known = new Map<string, { looks: string; proof: Proof }>();

  put(key: ObjectRow, proof: Proof): void {
    this.#known.set(key.handle, { looks: looksOf(key), proof });
  }

  get(key: ObjectRow): Proof | null {
    const known = this.#known.get(key.handle);
    return known?.looks === looksOf(key) ? known.proof : null;
  }

  /** The same key after the app has changed its CKA_ID or label. */
  renamed(before: ObjectRow, after: ObjectRow): void {
    const proof = this.get(before);
    if (proof) this.put(after, proof);
  }
}

const looksOf = ({ id, label, keyType, size, curve, flags }: ObjectRow): string =>
  JSON.stringify([id, label, keyType, size, curve, flags.includes("local")]);
