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

const oids = {
  data: "1.2.840.113549.1.7.1",
  encryptedData: "1.2.840.113549.1.7.6",
  keyBag: "1.2.840.113549.1.12.10.1.1",
  shroudedKeyBag: "1.2.840.113549.1.12.10.1.2",
  certBag: "1.2.840.113549.1.12.10.1.3",
  nested: "1.2.840.113549.1.12.10.1.6",
  x509: "1.2.840.113549.1.9.22.1",
  friendlyName: "1.2.840.113549.1.9.20",
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

/** What opening bags needs to know. */
interface Opening {
  password: string | null;
  secrets: Secrets;
  warnings: string[];
  encryptedKeys: boolean;
}

/**
 * PKCS#12 with password integrity (RFC 7292). Own reader, since node-forge knows no EC keys. Without a given password
 * both the empty one and none at all are tried: programs differ in what they take for "no password".
 * @throws Failure PASSWORD_NEEDED, PASSWORD_WRONG; DerError
 */
export const readPkcs12 = (bytes: Buffer, { fileName, password, secrets }: Reading): Opened => {
  const [, authSafe, mac] = sequence(readAll(bytes), "PFX");
  const [type, content] = sequence(authSafe, "AuthenticatedSafe");
  if (oidOf(type, "a content type") !== oids.data)
    throw new DerError("a PKCS#12 file that is signed instead of protected by a password");
  const safe = octets(explicit(content, "the content"));
  for (const candidate of password === null ? ["", null] : [password]) {
    const integrity = mac ? checkMac(mac, safe, candidate) : "none";
    if (integrity === "wrong") continue;
    const opening: Opening = { password: candidate, secrets, warnings: [], encryptedKeys: false };
    const items = readSafe(safe, opening);
    if (!items) continue;
    if (integrity === "unknown")
      opening.warnings.push("The file's checksum is of a kind that is not known; it was not checked.");
    if (integrity === "none") opening.warnings.push("The file has no checksum: whether it was changed cannot be told.");
    return { items, warnings: opening.warnings, protected: opening.encryptedKeys && Boolean(candidate) };
  }
  throw password === null ? passwordNeeded(fileName) : passwordWrong(fileName);
};

/** MacData (RFC 7292 4): HMAC over the content, which also tells a wrong password. */
const checkMac = (mac: Node, safe: Buffer, password: string | null): "right" | "wrong" | "unknown" => {
  const [digestInfo, salt, count] = sequence(mac, "MacData");
  const [algorithm, digest] = sequence(digestInfo, "DigestInfo");
  const hash = digests[algorithmIdentifier(algorithm).oid];
  if (!hash) return "unknown";
  if (!salt || !digest) throw new DerError("a checksum without salt");
  const iterations = count ? smallInteger(count) : 1;
  if (iterations > 10_000_000) throw new DerError(`${iterations} rounds of key derivation are asked for`);
  const expected = octets(digest);
  const key = pkcs12Key({ hash, password, salt: octets(salt), iterations, id: 3, length: expected.length });
  const actual = createHmac(hash, key).update(safe).digest();
  key.fill(0);
  return actual.length === expected.length && timingSafeEqual(actual, expected) ? "right" : "wrong";
};

/** @returns null if the password does not open it. */
const readSafe = (safe: Buffer, opening: Opening): FileItem[] | null => {
  const items: FileItem[] = [];
  for (const info of sequence(readAll(safe), "AuthenticatedSafe")) {
    const bags = bagsOf(info, opening);
    if (!bags) return null;
    for (const bag of bags) {
      const found = readBag(bag, opening);
      if (!found) return null;
      items.push(...found);
    }
  }
  return items;
};

const bagsOf = (info: Node, opening: Opening): Node[] | null => {
  const [type, content] = sequence(info, "ContentInfo");
  const name = oidOf(type, "a content type");
  const inner = explicit(content, "the content");
  if (name === oids.data) return bagList(octets(inner));
  if (name !== oids.encryptedData) {
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

const readBag = (bag: Node, opening: Opening): FileItem[] | null => {
  const [type, value, attributes] = sequence(bag, "SafeBag");
  const id = oidOf(type, "the kind of bag");
  const inner = explicit(value, "the bag's value");
  const name = attributes ? friendlyName(attributes) : null;
  if (id === oids.keyBag) return [{ kind: "privateKey", name, ...readPkcs8(Buffer.from(inner.raw), opening.secrets) }];
  if (id === oids.shroudedKeyBag) return shroudedKey(inner, name, opening);
  if (id === oids.certBag) return certificate(inner, name, opening);
  if (id === oids.nested) {
    const nested = children(inner).map((one) => readBag(one, opening));
    return nested.some((one) => one === null) ? null : nested.flatMap((one) => one ?? []);
  }
  opening.warnings.push(`A bag of kind ${id} (revocation list or other secret) was left out.`);
  return [];
};

const shroudedKey = (inner: Node, name: string | null, opening: Opening): FileItem[] | null => {
  const { algorithm, data } = readEncrypted(inner);
  opening.encryptedKeys = true;
  const plain = decryptWithPassword(algorithm, opening.password, data, opening.secrets);
  const key = plain && afterDecryption(() => readPkcs8(plain, opening.secrets));
  return key && [{ kind: "privateKey", name, ...key }];
};

const certificate = (inner: Node, name: string | null, opening: Opening): FileItem[] => {
  const [type, value] = children(inner);
  if (oidOf(type, "the kind of certificate") === oids.x509 && value)
    return [{ kind: "certificate", name, der: octets(readNode(value.content)) }];
  opening.warnings.push("A certificate that is not X.509 was left out.");
  return [];
};

/** The BMPString in the attribute friendlyName (RFC 2985 5.5.1). */
const friendlyName = (attributes: Node): string | null => {
  for (const attribute of children(attributes)) {
    const [type, values] = children(attribute);
    if (oidOf(type, "an attribute") !== oids.friendlyName || !values) continue;
    const text = children(values)[0];
    return text ? Buffer.from(text.content).swap16().toString("utf16le") : null;
  }
  return null;
};
