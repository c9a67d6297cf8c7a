import { createHash, timingSafeEqual } from "node:crypto";
import { badFile, passwordNeeded, passwordWrong } from "../../objects/import/file-failures.ts";
import { failure } from "../../pkcs11/failure.ts";
import type { FileStore, StoredEntry } from "../store-format.ts";
import { uniqueNames } from "../unique-names.ts";
import { fromModifiedUtf8, toModifiedUtf8 } from "./modified-utf8.ts";

/** Sun's JKS (sun.security.provider.JavaKeyStore): entries, then SHA-1 over the password, a phrase and all of them. */
const magic = 0xfeedfeed;
const jceks = 0xcececece;
const phrase = Buffer.from("Mighty Aphrodite", "utf8");
const kinds = { privateKey: 1, certificate: 2 } as const;

interface JksEntry {
  alias: string;
  /** null for a private key with its chain. */
  certificate: Buffer | null;
  raw: Buffer;
}

export const jksStore: FileStore = {
  read(bytes, password) {
    const entries = open(bytes, password);
    return {
      entries: entries.flatMap(({ alias, certificate }): StoredEntry[] =>
        certificate ? [{ alias, kind: "certificate", der: certificate, trusted: true }] : [],
      ),
      privateKeys: entries.filter(({ certificate }) => certificate === null).length,
      warnings: [],
    };
  },
  change(old, { add, goes }, password) {
    if (!password) throw passwordNeeded("JKS", "A JKS store has a password, which guards it against changes.");
    const kept = (old === null ? [] : open(old, password)).filter(
      ({ alias, certificate: der }) => !der || !goes({ alias, kind: "certificate", der, trusted: true }),
    );
    const names = uniqueNames(
      add.map(({ alias }) => javaAlias(alias)),
      kept.map(({ alias }) => alias),
    );
    const made = add.map(({ der }, i) => certificateEntry(names[i] ?? "", der));
    return close([...kept.map(({ raw }) => raw), ...made], password);
  },
};

/** Java folds an alias to lower case as it stores it, so a store with capitals has entries that no one can ask for. */
const javaAlias = (alias: string): string => alias.trim().toLowerCase() || "certificate";

const certificateEntry = (alias: string, certificate: Buffer): Buffer => {
  const date = Buffer.alloc(8);
  date.writeBigInt64BE(BigInt(Date.now()));
  return Buffer.concat([
    uint32(kinds.certificate),
    text(alias),
    date,
    text("X.509"),
    uint32(certificate.length),
    certificate,
  ]);
};

const close = (entries: Buffer[], password: string): Buffer => {
  const body = Buffer.concat([uint32(magic), uint32(2), uint32(entries.length), ...entries]);
  return Buffer.concat([body, digest(body, password)]);
};

const digest = (body: Buffer, password: string): Buffer => {
  const secret = Buffer.from(password, "utf16le").swap16();
  const value = createHash("sha1").update(secret).update(phrase).update(body).digest();
  secret.fill(0);
  return value;
};

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

const text = (value: string): Buffer => {
  const bytes = toModifiedUtf8(value);
  if (bytes.length > 0xffff)
    throw failure("REFUSED", {
      where: `${value.slice(0, 40)}...`,
      message: "An alias in a JKS store has at most 65,535 bytes.",
      remedy: "Choose a shorter alias.",
    });
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

/** @param password null reads the certificates without checking that nothing was changed, as Java does */
const open = (bytes: Buffer, password: string | null): JksEntry[] => {
  const cursor = new Cursor(bytes.subarray(0, Math.max(bytes.length - 20, 0)));
  const kind = cursor.uint32();
  if (kind === jceks)
    throw badFile(
      "JCEKS",
      "This is a JCEKS store, which may hold secret keys that only Java can carry over.",
      "Convert it: keytool -importkeystore -deststoretype PKCS12",
    );
  if (kind !== magic) throw badFile("JKS", "This is no JKS store.");
  const version = cursor.uint32();
  if (version !== 1 && version !== 2) throw badFile("JKS", `A JKS store of version ${version} is not known.`);
  const count = cursor.uint32();
  const entries: JksEntry[] = [];
  for (let i = 0; i < count; i++) entries.push(entry(cursor, version));
  if (!cursor.atEnd) throw badFile("JKS", `There are bytes after the last of ${count} entries.`);
  if (password !== null) {
    const body = bytes.subarray(0, bytes.length - 20);
    if (!timingSafeEqual(digest(body, password), bytes.subarray(bytes.length - 20))) throw passwordWrong("JKS");
  }
  return entries;
};

const entry = (cursor: Cursor, version: number): JksEntry => {
  const start = cursor.at;
  const tag = cursor.uint32();
  const alias = cursor.text();
  cursor.skip(8);
  const certificate = () => {
    if (version === 2) cursor.text();
    return cursor.bytes(cursor.uint32());
  };
  if (tag === kinds.certificate) {
    const der = certificate();
    return { alias, certificate: der, raw: cursor.since(start) };
  }
  if (tag !== kinds.privateKey) throw badFile("JKS", `An entry of kind ${tag} is not known (byte ${start}).`);
  cursor.skip(cursor.uint32());
  for (let chain = cursor.uint32(); chain > 0; chain--) certificate();
  return { alias, certificate: null, raw: cursor.since(start) };
};

/** Reads on and on; what runs over the end is an error that says where. */
class Cursor {
  readonly #bytes: Buffer;
  at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.at === this.#bytes.length;
  }

  bytes(length: number): Buffer {
    if (this.at + length > this.#bytes.length)
      throw badFile("JKS", `The store is cut off: ${length} bytes are announced at byte ${this.at}.`);
    this.at += length;
    return this.#bytes.subarray(this.at - length, this.at);
  }

  skip(length: number): void {
    this.bytes(length);
  }

  uint32(): number {
    return this.bytes(4).readUInt32BE();
  }

  text(): string {
    const value = fromModifiedUtf8(this.bytes(this.bytes(2).readUInt16BE()));
    if (value === null) throw badFile("JKS", `A name before byte ${this.at} is no text.`);
    return value;
  }

  since(start: number): Buffer {
    return this.#bytes.subarray(start, this.at);
  }
}
