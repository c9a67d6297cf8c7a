import { createCipheriv, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import { extendedKeyUsageOids } from "../../../preload/contract/certificate-names.ts";
import { children, type Node, oidOf, readAll, readNode, sequence } from "../../keys/ber.ts";
import { passwordNeeded } from "../../objects/import/file-failures.ts";
import { Secrets } from "../../objects/import/file-item.ts";
import { pkcs12Key } from "../../objects/import/password-based.ts";
import {
  type Bag,
  certificateIn,
  checksumRounds,
  openBag,
  openPkcs12,
  pkcs12Oids,
  type Safe,
} from "../../objects/import/pkcs12.ts";
import { der, derOid, derUnsigned } from "../../pkcs11/der-write.ts";
import type { FileStore, StoredEntry } from "../store-format.ts";
import { uniqueNames } from "../unique-names.ts";

/**
 * Java lists a certificate without a key only if it has this attribute (sun.security.pkcs12.PKCS12KeyStore,
 * ORACLE_TrustedKeyUsage); its value is what the certificate is trusted for.
 */
const trustedKeyUsage = "2.16.840.1.113894.746875.1.1";

/** As keytool writes it since JDK 16: AES-256, PBKDF2 and checksum with SHA-256, 10,000 rounds. */
const fewestRounds = 10_000;

/** PKCS#12 as a trust store (RFC 7292). Keys in it stay as they are, in the encryption that they have. */
export const pkcs12Store: FileStore = {
  read(bytes, password) {
    return withParts(bytes, password, (parts, warnings) => {
      const bags = parts.flatMap((part) => part.bags);
      return {
        // Copies: the plain bytes are wiped.
        entries: bags.flatMap(({ entry }) => (entry ? [{ ...entry, der: Buffer.from(entry.der) }] : [])),
        privateKeys: bags.filter(({ bag }) => isSecret(bag)).length,
        warnings: [...warnings],
      };
    });
  },
  change(old, { add, goes }, password) {
    if (!password) throw passwordNeeded("PKCS#12", "A PKCS#12 store has a password, which guards it against changes.");
    const lock: Lock = { password, rounds: old === null ? fewestRounds : roundsOf(old) };
    const rebuild = (parts: Part[]): Buffer => {
      const kept = parts.map((part) => without(part, goes, lock));
      const taken = parts.flatMap(({ bags }) =>
        bags.flatMap(({ entry }) => (entry && !goes(entry) ? [entry.alias] : [])),
      );
      const names = uniqueNames(
        add.map(({ alias }) => alias || "certificate"),
        taken,
      );
      const made = add.map((entry, i) => certificateBag(entry.der, names[i] ?? ""));
      return close(
        [...kept.filter((part) => part !== null), ...(made.length > 0 ? [encrypted(made, lock)] : [])],
        lock,
      );
    };
    return old === null ? rebuild([]) : withParts(old, password, rebuild);
  },
};

/**
 * The same file, with every certificate marked as trusted.
 * @returns null if none needs it, or if there are keys in it: what has no mark there may be the chain of a key
 */
export const markTrusted = (bytes: Buffer, password: string): Buffer | null =>
  withParts(bytes, password, (parts) => {
    if (parts.some(({ bags }) => bags.some(({ bag }) => isSecret(bag)))) return null;
    const lock: Lock = { password, rounds: roundsOf(bytes) };
    let marked = 0;
    const safes = parts.map((part) => {
      if (!part.bags.some(needsMark)) return part.safe.raw;
      const bags = part.bags.map((one) => {
        if (!needsMark(one)) return one.raw;
        marked++;
        return bagWith(one.bag, [...one.bag.attributes.map(({ raw }) => raw), trustAttribute()]);
      });
      return part.safe.encrypted ? encrypted(bags, lock) : plain(bags);
    });
    return marked === 0 ? null : close(safes, lock);
  });

interface Lock {
  password: string;
  /** Of key derivation. */
  rounds: number;
}

/** As many as the file's checksum has: with fewer the password of the keys in it would be easier to guess. */
const roundsOf = (bytes: Buffer): number => {
  const [, , checksum] = sequence(readAll(bytes), "PFX");
  return Math.max(fewestRounds, checksum ? checksumRounds(checksum) : 1);
};

interface OneBag {
  raw: Buffer;
  bag: Bag;
  /** What a certificate's bag holds. */
  entry: StoredEntry | null;
}

interface Part {
  safe: Safe;
  bags: OneBag[];
}

/** Opens the file, and forgets its plain bytes when the work is done. */
const withParts = <T>(bytes: Buffer, password: string | null, work: (parts: Part[], warnings: string[]) => T): T => {
  const secrets = new Secrets();
  try {
    const reading = { fileName: "PKCS#12", password, secrets };
    const { taken, opening } = openPkcs12(bytes, reading, partsOf);
    return work(taken, opening.warnings);
  } finally {
    secrets.wipe();
  }
};

const partsOf = (safes: Safe[]): Part[] => {
  const opened = safes.map((safe) => ({
    safe,
    bags: safe.bags.map((node) => ({ raw: node.raw, bag: openBag(node) })),
  }));
  const keys = opened.some(({ bags }) => bags.some(({ bag }) => isSecret(bag)));
  return opened.map(({ safe, bags }) => ({
    safe,
    bags: bags.map((one) => ({ ...one, entry: entryOf(one.bag, keys) })),
  }));
};

/** @param keys whether there are keys in the file: GnuTLS marks certificates as a key's that are alone */
const entryOf = (bag: Bag, keys: boolean): StoredEntry | null => {
  const certificate = bag.id === pkcs12Oids.certBag ? certificateIn(bag.inner) : null;
  // One that goes with a key is no matter of trust.
  if (!certificate || (keys && has(bag, pkcs12Oids.localKeyId))) return null;
  return { alias: bag.name ?? "", kind: "certificate", der: certificate, trusted: has(bag, trustedKeyUsage) };
};

const has = (bag: Bag, oid: string): boolean =>
  bag.attributes.some((attribute) => oidOf(children(attribute)[0], "an attribute") === oid);

const isSecret = ({ id }: Bag): boolean => id !== pkcs12Oids.certBag && id !== "1.2.840.113549.1.12.10.1.4";

const needsMark = ({ entry }: OneBag): boolean => entry !== null && !entry.trusted;

/** @returns null for a part that has become empty. */
const without = ({ safe, bags }: Part, goes: (entry: StoredEntry) => boolean, lock: Lock): Buffer | null => {
  const left = bags.filter(({ entry }) => !entry || !goes(entry));
  if (left.length === bags.length) return safe.raw;
  if (left.length === 0) return null;
  const raw = left.map((one) => one.raw);
  return safe.encrypted ? encrypted(raw, lock) : plain(raw);
};

const certificateBag = (certificate: Buffer, name: string): Buffer =>
  der(
    0x30,
    derOid(pkcs12Oids.certBag),
    der(0xa0, der(0x30, derOid(pkcs12Oids.x509), der(0xa0, der(0x04, certificate)))),
    der(0x31, attribute(pkcs12Oids.friendlyName, der(0x1e, Buffer.from(name, "utf16le").swap16())), trustAttribute()),
  );

const attribute = (oid: string, value: Buffer): Buffer => der(0x30, derOid(oid), der(0x31, value));

const trustAttribute = (): Buffer => attribute(trustedKeyUsage, derOid(extendedKeyUsageOids.anyExtendedKeyUsage));

const bagWith = ({ id, inner }: Bag, attributes: Buffer[]): Buffer =>
  der(0x30, derOid(id), der(0xa0, inner.raw), der(0x31, ...attributes));

const plain = (bags: Buffer[]): Buffer => der(0x30, derOid(pkcs12Oids.data), der(0xa0, der(0x04, der(0x30, ...bags))));

/** EncryptedData with PBES2 (RFC 8018 6.2). */
const encrypted = (bags: Buffer[], { password, rounds }: Lock): Buffer => {
  const [salt, iv] = [randomBytes(20), randomBytes(16)];
  const key = pbkdf2Sync(password, salt, rounds, 32, "sha256");
  const cipher = createCipheriv("aes-256-cbc", key, iv);
  const content = Buffer.concat([cipher.update(der(0x30, ...bags)), cipher.final()]);
  key.fill(0);
  const hmacSha256 = der(0x30, derOid("1.2.840.113549.2.9"), der(0x05));
  const derivation = der(0x30, der(0x04, salt), number(rounds), hmacSha256);
  const algorithm = der(
    0x30,
    derOid("1.2.840.113549.1.5.13"),
    der(
      0x30,
      der(0x30, derOid("1.2.840.113549.1.5.12"), derivation),
      der(0x30, derOid("2.16.840.1.101.3.4.1.42"), der(0x04, iv)),
    ),
  );
  const info = der(0x30, derOid(pkcs12Oids.data), algorithm, der(0x80, content));
  return der(0x30, derOid(pkcs12Oids.encryptedData), der(0xa0, der(0x30, number(0), info)));
};

const number = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return derUnsigned(bytes);
};

/** PFX with its checksum (RFC 7292 4 and 5.1). */
const close = (safes: Buffer[], { password, rounds }: Lock): Buffer => {
  const content = der(0x30, ...safes);
  const salt = randomBytes(20);
  const key = pkcs12Key({ hash: "sha256", password, salt, iterations: rounds, id: 3, length: 32 });
  const checksum = createHmac("sha256", key).update(content).digest();
  key.fill(0);
  const sha256 = der(0x30, derOid("2.16.840.1.101.3.4.2.1"), der(0x05));
  return der(
    0x30,
    number(3),
    der(0x30, derOid(pkcs12Oids.data), der(0xa0, der(0x04, content))),
    der(0x30, der(0x30, sha256, der(0x04, checksum)), der(0x04, salt), number(rounds)),
  );
};

/** Whether bytes are PKCS#12 at all, with whatever password. */
export const looksLikePkcs12 = (bytes: Buffer): boolean => {
  try {
    const [version, safe] = children(readNode(bytes));
    return (
      version?.tag === 0x02 &&
      version.content[0] === 3 &&
      oidOf(children(safe as Node)[0], "a content type") === pkcs12Oids.data
    );
  } catch {
    return false;
  }
};
