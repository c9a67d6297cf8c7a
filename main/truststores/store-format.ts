import { createHash } from "node:crypto";
import { reading } from "../objects/import/file-failures.ts";
import { Failure } from "../pkcs11/failure.ts";

/** One certificate or public key in a store. */
export interface StoredEntry {
  /** Alias, friendly name, nickname, comment; "" where the format has none. */
  alias: string;
  kind: "certificate" | "publicKey";
  /** DER of the certificate, or of the SubjectPublicKeyInfo. */
  der: Buffer;
  /** Whether the store says so that its consumer takes it for trusted. */
  trusted: boolean;
}

/** The fingerprint by which entries are told apart. */
export const sha256 = (der: Buffer): string => createHash("sha256").update(der).digest("hex");

export interface OpenedStore {
  entries: StoredEntry[];
  /** Private and secret keys, which are never touched. */
  privateKeys: number;
  warnings: string[];
}

export interface StoreChange {
  add: readonly StoredEntry[];
  /** Whether an entry that is in the store goes. */
  goes(entry: StoredEntry): boolean;
}

/** Runs what takes a store apart: what it finds wrong is told with the store's path. @throws Failure */
export const readingStore = <T>(path: string, parse: () => T): T => {
  try {
    return reading(path, parse);
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    const { where } = thrown.data;
    throw where.includes(path) ? thrown : new Failure({ ...thrown.data, where: path });
  }
};

/** A kind of store that is one file. Pure: bytes in, bytes out. */
export interface FileStore {
  /** @throws Failure BAD_FILE, PASSWORD_NEEDED, PASSWORD_WRONG; DerError */
  read(bytes: Buffer, password: string | null): OpenedStore;
  /**
   * The store with the change made and everything else in it byte for byte as it was.
   * @param old null for a new store
   * @throws as read; Failure REFUSED for what the format cannot hold
   */
  change(old: Buffer | null, change: StoreChange, password: string | null): Buffer;
}
