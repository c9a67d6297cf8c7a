import { badFile } from "../../objects/import/file-failures.ts";
import type { FileStore, StoredEntry } from "../store-format.ts";

/**
 * Windows' serialised certificate store (.sst): version 0, "CERT", then elements of identifier, encoding, length and
 * value; properties of a certificate come before it, and an element of identifier 0 is the end.
 */
const magic = 0x54524543;
const ids = { end: 0, certificate: 32, list: 33, trustList: 34, friendlyName: 11 } as const;
const asn1 = 1;

interface SstEntry {
  certificate: Buffer | null;
  alias: string;
  raw: Buffer;
}

export const sstStore: FileStore = {
  read(bytes) {
    const entries = open(bytes).flatMap(({ certificate: der, alias }): StoredEntry[] =>
      der ? [{ alias, kind: "certificate", der, trusted: true }] : [],
    );
    return { entries, privateKeys: 0, warnings: [] };
  },
  change(old, { add, goes }) {
    const kept = (old === null ? [] : open(old)).filter(
      ({ certificate: der, alias }) => !der || !goes({ alias, kind: "certificate", der, trusted: true }),
    );
    return Buffer.concat([
      numbers(0, magic),
      ...kept.map(({ raw }) => raw),
      ...add.flatMap(({ alias, der }) => [
        ...(alias === "" ? [] : [element(ids.friendlyName, Buffer.from(`${alias}\0`, "utf16le"))]),
        element(ids.certificate, der),
      ]),
      numbers(ids.end, 0, 0),
    ]);
  },
};

const numbers = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [i, value] of values.entries()) bytes.writeUInt32LE(value, i * 4);
  return bytes;
};

const element = (id: number, value: Buffer): Buffer => Buffer.concat([numbers(id, asn1, value.length), value]);

const open = (bytes: Buffer): SstEntry[] => {
  if (bytes.length < 8 || bytes.readUInt32LE(0) !== 0 || bytes.readUInt32LE(4) !== magic)
    throw badFile("SST", "This is no serialised certificate store.");
  const entries: SstEntry[] = [];
  let start = 8;
  let alias = "";
  for (let at = 8; ; ) {
    if (at + 12 > bytes.length) throw badFile("SST", `The store is cut off at byte ${at}.`);
    const id = bytes.readUInt32LE(at);
    if (id === ids.end) return entries;
    const end = at + 12 + bytes.readUInt32LE(at + 8);
    if (end > bytes.length) throw badFile("SST", `The store is cut off: byte ${at} announces ${end - at} bytes.`);
    const value = bytes.subarray(at + 12, end);
    if (id === ids.friendlyName) alias = value.toString("utf16le").replace(/\0.*$/s, "");
    if (id === ids.certificate || id === ids.list || id === ids.trustList) {
      entries.push({ certificate: id === ids.certificate ? value : null, alias, raw: bytes.subarray(start, end) });
      start = end;
      alias = "";
    }
    at = end;
  }
};
