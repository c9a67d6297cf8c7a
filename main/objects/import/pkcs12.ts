import { createHmac, timingSafeEqual } from "node:crypto";
import {
  algorithmIdentifier,
  children,
  explicit,
  type Node,
  octets,
  oidOf,
  readAll,
  readNode,
  sequence,
  smallInteger,
} from "../../keys/ber.ts";
import { DerError } from "../../pkcs11/der.ts";
import { passwordNeeded, passwordWrong } from "./file-failures.ts";
import type { FileItem, Reading, Secrets } from "./file-item.ts";
import { decryptWithPassword, pkcs12Key } from "./password-based.ts";
import { readEncrypted, readPkcs8 } from "./private-key.ts";

export const pkcs12Oids = {
  data: "1.2.840.113549.1.7.1",
  encryptedData: "1.2.840.113549.1.7.6",
  keyBag: "1.2.840.113549.1.12.10.1.1",
  shroudedKeyBag: "1.2.840.113549.1.12.10.1.2",
  certBag: "1.2.840.113549.1.12.10.1.3",
  nested: "1.2.840.113549.1.12.10.1.6",
  x509: "1.2.840.113549.1.9.22.1",
  friendlyName: "1.2.840.113549.1.9.20",
  localKeyId: "1.2.840.113549.1.9.21",
} as const;

const digests: Record<string, string> = {
  "1.3.14.3.2.26": "sha1",
  "2.16.840.1.101.3.4.2.4": "sha224",
  "2.16.840.1.101.3.4.2.1": "sha256",
  "2.16.840.1.101.3.4.2.2": "sha384",
  "2.16.840.1.101.3.4.2.3": "sha512",
};

interface Opened {
  items: FileItem[];
  warnings: string[];
  /** Whether a key in it was encrypted, and with a password that is not empty. */
  protected: boolean;
}

/** A part of a PKCS#12 file with its own encryption, or none. */
export interface Safe {
  /** ContentInfo as it is in the file. */
  raw: Buffer;
  encrypted: boolean;
  bags: Node[];
}

export interface Opening {
  /** The one that opened it. */
  password: string | null;
  secrets: Secrets;
  warnings: string[];
}

/**
 * Opens a PKCS#12 file with password integrity (RFC 7292). Own reader, since node-forge knows no EC keys. Without a
 * given password both the empty one and none at all are tried: programs differ in what they take for "no password".
 * @param take what to make of its parts; null where a key in them shows that the password is wrong
 * @throws Failure PASSWORD_NEEDED, PASSWORD_WRONG; DerError
 */
export const openPkcs12 = <T>(
  bytes: Buffer,
  { fileName, password, secrets }: Reading,
  take: (safes: Safe[], opening: Opening) => T | null,
): { taken: T; opening: Opening } => {
  const [, authSafe, mac] = sequence(readAll(bytes), "PFX");
  const [type, content] = sequence(authSafe, "AuthenticatedSafe");
  if (oidOf(type, "a content type") !== pkcs12Oids.data)
    throw new DerError("a PKCS#12 file that is signed instead of protected by a password");
  const safe = octets(explicit(content, "the content"));
  for (const candidate of password === null ? ["", null] : [password]) {
    const integrity = mac ? checkMac(mac, safe, candidate) : "none";
    if (integrity === "wrong") continue;
    const opening: Opening = { password: candidate, secrets, warnings: [] };
    const safes = readSafes(safe, opening);
    const taken = safes && take(safes, opening);
    if (taken === null) continue;
    if (integrity === "unknown")
      opening.warnings.push("The file's checksum is of a kind that is not known; it was not checked.");
    if (integrity === "none") opening.warnings.push("The file has no checksum: whether it was changed cannot be told.");
    return { taken, opening };
  }
  throw password === null ? passwordNeeded(fileName) : passwordWrong(fileName);
};

/** Every key and certificate of a PKCS#12 file. @throws as {@link openPkcs12} */
export const readPkcs12 = (bytes: Buffer, reading: Reading): Opened => {
  let encryptedKeys = false;
  const { taken: items, opening } = openPkcs12(bytes, reading, (safes, opened) => {
    encryptedKeys = false;
    const items: FileItem[] = [];
    for (const bag of safes.flatMap(({ bags }) => bags)) {
      const found = readBag(bag, opened, () => {
        encryptedKeys = true;
      });
      if (!found) return null;
      items.push(...found);
    }
    return items;
  });
  return { items, warnings: opening.warnings, protected: encryptedKeys && Boolean(opening.password) };
};

/** MacData (RFC 7292 4): HMAC over the content, which also tells a wrong password. */
const checkMac = (mac: Node, safe: Buffer, password: string | null): "right" | "wrong" | "unknown" => {
  const [digestInfo, salt] = sequence(mac, "MacData");
  const [algorithm, digest] = sequence(digestInfo, "DigestInfo");
  const hash = digests[algorithmIdentifier(algorithm).oid];
  if (!hash) return "unknown";
  if (!salt || !digest) throw new DerError("a checksum without salt");
  const iterations = checksumRounds(mac);
  const expected = octets(digest);
  const key = pkcs12Key({ hash, password, salt: octets(salt), iterations, id: 3, length: expected.length });
  const actual = createHmac(hash, key).update(safe).digest();
  key.fill(0);
  return actual.length === expected.length && timingSafeEqual(actual, expected) ? "right" : "wrong";
};

/** Rounds of key derivation of a checksum, a MacData. @throws DerError for more than anyone needs */
export const checksumRounds = (mac: Node): number => {
  const [, , count] = sequence(mac, "MacData");
  const rounds = count ? smallInteger(count) : 1;
  if (rounds > 10_000_000) throw new DerError(`${rounds} rounds of key derivation are asked for`);
  return rounds;
};

/** @returns null if the password does not open it. */
const readSafes = (safe: Buffer, opening: Opening): Safe[] | null => {
  const safes: Safe[] = [];
  for (const info of sequence(readAll(safe), "AuthenticatedSafe")) {
    const [type] = sequence(info, "ContentInfo");
    const bags = bagsOf(info, opening);
    if (!bags) return null;
    safes.push({ raw: info.raw, encrypted: oidOf(type, "a content type") !== pkcs12Oids.data, bags });
  }
  return safes;
};

const bagsOf = (info: Node, opening: Opening): Node[] | null => {
  const [type, content] = sequence(info, "ContentInfo");
  const name = oidOf(type, "a content type");
  const inner = explicit(content, "the content");
  if (name === pkcs12Oids.data) return bagList(octets(inner));
  if (name !== pkcs12Oids.encryptedData) {
    opening.warnings.push(`Content of type ${name} was left out.`);
    return [];
  }
  const [, encrypted] = sequence(inner, "EncryptedData");
  const [, algorithm, data] = sequence(encrypted, "EncryptedContentInfo");
  if (!algorithm || !data) throw new DerError("EncryptedContentInfo without content");
  const plain = decryptWithPassword(algorithm, opening.password, octets(data), opening.secrets);
  return plain && afterDecryption(() => bagList(plain));
};

/** A wrong password leaves a padding that is right by chance once in 256 times; then what comes out is no structure. */
const afterDecryption = <T>(parse: () => T): T | null => {
  try {
    return parse();
  } catch (thrown) {
    if (thrown instanceof DerError && !/not known/.test(thrown.message)) return null;
    throw thrown;
  }
};

const bagList = (bytes: Buffer): Node[] => sequence(readAll(bytes), "SafeContents");

export interface Bag {
  /** Kind of bag, dotted. */
  id: string;
  inner: Node;
  /** PKCS12Attributes: type and values. */
  attributes: Node[];
  /** friendlyName. */
  name: string | null;
}

/** SafeBag (RFC 7292 4.2). @throws DerError */
export const openBag = (bag: Node): Bag => {
  const [type, value, attributes] = sequence(bag, "SafeBag");
  return {
    id: oidOf(type, "the kind of bag"),
    inner: explicit(value, "the bag's value"),
    attributes: attributes ? children(attributes) : [],
    name: attributes ? friendlyName(attributes) : null,
  };
};

/** @param onEncrypted told of each key with its own encryption */
const readBag = (bag: Node, opening: Opening, onEncrypted: () => void): FileItem[] | null => {
  const { id, inner, name } = openBag(bag);
  if (id === pkcs12Oids.keyBag)
    return [{ kind: "privateKey", name, ...readPkcs8(Buffer.from(inner.raw), opening.secrets) }];
  if (id === pkcs12Oids.shroudedKeyBag) {
    onEncrypted();
    return shroudedKey(inner, name, opening);
  }
  if (id === pkcs12Oids.certBag) {
    const der = certificateIn(inner);
    if (der) return [{ kind: "certificate", name, der }];
    opening.warnings.push("A certificate that is not X.509 was left out.");
    return [];
  }
  if (id === pkcs12Oids.nested) {
    const nested = children(inner).map((one) => readBag(one, opening, onEncrypted));
    return nested.some((one) => one === null) ? null : nested.flatMap((one) => one ?? []);
  }
  opening.warnings.push(`A bag of kind ${id} (revocation list or other secret) was left out.`);
  return [];
};

const shroudedKey = (inner: Node, name: string | null, opening: Opening): FileItem[] | null => {
  const { algorithm, data } = readEncrypted(inner);
  const plain = decryptWithPassword(algorithm, opening.password, data, opening.secrets);
  const key = plain && afterDecryption(() => readPkcs8(plain, opening.secrets));
  return key && [{ kind: "privateKey", name, ...key }];
};

/** @param inner the value of a certBag. @returns null for one that is not X.509 */
export const certificateIn = (inner: Node): Buffer | null => {
  const [type, value] = children(inner);
  return oidOf(type, "the kind of certificate") === pkcs12Oids.x509 && value ? octets(readNode(value.content)) : null;
};

/** The BMPString in the attribute friendlyName (RFC 2985 5.5.1). */
const friendlyName = (attributes: Node): string | null => {
  for (const attribute of children(attributes)) {
    const [type, values] = children(attribute);
    if (oidOf(type, "an attribute") !== pkcs12Oids.friendlyName || !values) continue;
    const text = children(values)[0];
    return text ? Buffer.from(text.content).swap16().toString("utf16le") : null;
  }
  return null;
};
