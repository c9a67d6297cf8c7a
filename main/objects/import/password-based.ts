import { createDecipheriv, createHash, hash as digestOf, pbkdf2Sync, scryptSync } from "node:crypto";
import forge from "node-forge";
import { algorithmIdentifier, type Node, octets, sequence, smallInteger, tags } from "../../keys/ber.ts";
import { DerError } from "../../pkcs11/der.ts";
import type { Secrets } from "./file-item.ts";

/**
 * Password-based decryption of PKCS#8 and PKCS#12: PBES2 with PBKDF2 or scrypt (RFC 8018, RFC 7914), PBES1
 * (RFC 8018 6.1) and the schemes of PKCS#12 (RFC 7292 appendix B and C). DES and RC2, which OpenSSL 3 has no more by
 * default, come from node-forge.
 */
interface Scheme {
  cipher: Cipher;
  keyLength: number;
}

type Cipher = "aes-128-cbc" | "aes-192-cbc" | "aes-256-cbc" | "des-ede3-cbc" | "des-cbc" | "rc2-40-cbc" | "rc2-128-cbc";

const pbes2Ciphers: Record<string, Scheme> = {
  "2.16.840.1.101.3.4.1.2": { cipher: "aes-128-cbc", keyLength: 16 },
  "2.16.840.1.101.3.4.1.22": { cipher: "aes-192-cbc", keyLength: 24 },
  "2.16.840.1.101.3.4.1.42": { cipher: "aes-256-cbc", keyLength: 32 },
  "1.2.840.113549.3.7": { cipher: "des-ede3-cbc", keyLength: 24 },
  "1.3.14.3.2.7": { cipher: "des-cbc", keyLength: 8 },
};

const pbes1: Record<string, { hash: "md5" | "sha1"; cipher: Cipher }> = {
  "1.2.840.113549.1.5.3": { hash: "md5", cipher: "des-cbc" },
  "1.2.840.113549.1.5.10": { hash: "sha1", cipher: "des-cbc" },
};

const pkcs12Schemes: Record<string, Scheme> = {
  "1.2.840.113549.1.12.1.3": { cipher: "des-ede3-cbc", keyLength: 24 },
  "1.2.840.113549.1.12.1.4": { cipher: "des-ede3-cbc", keyLength: 16 },
  "1.2.840.113549.1.12.1.5": { cipher: "rc2-128-cbc", keyLength: 16 },
  "1.2.840.113549.1.12.1.6": { cipher: "rc2-40-cbc", keyLength: 5 },
};

const prfs: Record<string, string> = {
  "1.2.840.113549.2.7": "sha1",
  "1.2.840.113549.2.8": "sha224",
  "1.2.840.113549.2.9": "sha256",
  "1.2.840.113549.2.10": "sha384",
  "1.2.840.113549.2.11": "sha512",
};

/** A hostile file could ask for hours of work; OpenSSL's default is 2,048 and the largest seen 2,000,000. */
const maximumIterations = 10_000_000;
const maximumMemory = 512 * 1024 * 1024;

/**
 * @param algorithm AlgorithmIdentifier of an EncryptedPrivateKeyInfo or EncryptedContentInfo
 * @param password null and "" differ in PKCS#12: no password at all, or an empty one
 * @returns null if the padding shows that the password is wrong
 * @throws DerError for a scheme that is not known
 */
export const decryptWithPassword = (
  algorithm: Node,
  password: string | null,
  data: Buffer,
  secrets: Secrets,
): Buffer | null => {
  const { oid: name, parameters } = algorithmIdentifier(algorithm);
  const { cipher, key, iv } = keyFor(name, parameters, password, secrets);
  const plain = decrypt(cipher, key, iv, data);
  return plain && secrets.keep(plain);
};

interface Derived {
  cipher: Cipher;
  key: Buffer;
  iv: Buffer;
}

const keyFor = (name: string, parameters: Node | undefined, password: string | null, secrets: Secrets): Derived => {
  if (name === "1.2.840.113549.1.5.13") return pbes2Key(parameters, password ?? "", secrets);
  const [salt, count] = sequence(parameters, "parameters of the encryption");
  if (!salt || !count) throw new DerError("parameters of the encryption are missing");
  const iterations = iterationCount(count);
  const old = pbes1[name];
  if (old) {
    const both = secrets.keep(pbkdf1(old.hash, password ?? "", octets(salt), iterations));
    return { cipher: old.cipher, key: both.subarray(0, 8), iv: both.subarray(8, 16) };
  }
  const scheme = pkcs12Schemes[name];
  if (!scheme) throw new DerError(`the encryption ${name} is not known`);
  const make = (id: 1 | 2, length: number) =>
    secrets.keep(pkcs12Key({ hash: "sha1", password, salt: octets(salt), iterations, id, length }));
  const key = make(1, scheme.keyLength);
  // Two-key 3DES uses its first key twice.
  const whole = scheme.cipher === "des-ede3-cbc" && key.length === 16 ? Buffer.concat([key, key.subarray(0, 8)]) : key;
  return { cipher: scheme.cipher, key: secrets.keep(whole), iv: make(2, 8) };
};

const pbes2Key = (parameters: Node | undefined, password: string, secrets: Secrets): Derived => {
  const [kdf, encryption] = sequence(parameters, "PBES2 parameters");
  const { oid: kdfName, parameters: kdfParameters } = algorithmIdentifier(kdf);
  const { oid: cipherName, parameters: iv } = algorithmIdentifier(encryption);
  const scheme = pbes2Ciphers[cipherName];
  if (!scheme || iv?.tag !== tags.octetString) throw new DerError(`the cipher ${cipherName} is not known`);
  const fields = sequence(kdfParameters, "parameters of the key derivation");
  const derive = kdfName === "1.2.840.113549.1.5.12" ? pbkdf2 : kdfName === "1.3.6.1.4.1.11591.4.11" ? scrypt : null;
  if (!derive) throw new DerError(`the key derivation ${kdfName} is not known`);
  return { cipher: scheme.cipher, key: secrets.keep(derive(fields, password, scheme.keyLength)), iv: octets(iv) };
};

const pbkdf2 = ([salt, count, ...rest]: Node[], password: string, length: number): Buffer => {
  if (salt?.tag !== tags.octetString || !count) throw new DerError("PBKDF2 without salt");
  const prf = rest.find(({ tag }) => tag === tags.sequence);
  const name = prf ? algorithmIdentifier(prf).oid : "1.2.840.113549.2.7";
  const hash = prfs[name];
  if (!hash) throw new DerError(`the pseudo-random function ${name} is not known`);
  return pbkdf2Sync(password, octets(salt), iterationCount(count), length, hash);
};

const scrypt = ([salt, cost, block, parallel]: Node[], password: string, length: number): Buffer => {
  if (!salt || !cost || !block || !parallel) throw new DerError("scrypt without parameters");
  const [N, r, p] = [smallInteger(cost), smallInteger(block), smallInteger(parallel)];
  if (128 * N * r > maximumMemory || p > 64) throw new DerError("scrypt asks for too much memory");
  return scryptSync(password, octets(salt), length, { N, r, p, maxmem: 2 * maximumMemory });
};

const iterationCount = (node: Node): number => {
  const count = smallInteger(node);
  if (count < 1 || count > maximumIterations) throw new DerError(`${count} rounds of key derivation are asked for`);
  return count;
};

/** PBKDF1 (RFC 8018 5.1): 16 octets, key and IV. */
const pbkdf1 = (hash: "md5" | "sha1", password: string, salt: Buffer, iterations: number): Buffer => {
  let value: Buffer = createHash(hash).update(password, "utf8").update(salt).digest();
  for (let i = 1; i < iterations; i++) value = createHash(hash).update(value).digest();
  return value.subarray(0, 16);
};

/** EVP_BytesToKey with MD5 and one round, as PEM's own encryption uses it; the salt is the IV's first eight bytes. */
export const traditionalKey = (password: string, iv: Buffer, length: number): Buffer => {
  let key = Buffer.alloc(0);
  for (let block = Buffer.alloc(0); key.length < length; key = Buffer.concat([key, block]))
    block = createHash("md5").update(block).update(password, "utf8").update(iv.subarray(0, 8)).digest();
  return key.subarray(0, length);
};

interface Pkcs12Derivation {
  hash: string;
  password: string | null;
  salt: Buffer;
  iterations: number;
  /** 1: key, 2: IV, 3: MAC key. */
  id: 1 | 2 | 3;
  length: number;
}

/** RFC 7292 B.2. The password is UTF-16 with two zero octets at the end, or nothing at all if there is none. */
export const pkcs12Key = ({ hash, password, salt, iterations, id, length }: Pkcs12Derivation): Buffer => {
  const size = createHash(hash).digest().length;
  const block = size > 32 ? 128 : 64;
  const fill = (bytes: Buffer) => {
    const filled = Buffer.alloc(Math.ceil(bytes.length / block) * block);
    for (let i = 0; i < filled.length; i++) filled[i] = bytes[i % bytes.length] ?? 0;
    return filled;
  };
  const secret = password === null ? Buffer.alloc(0) : Buffer.from(`${password}\0`, "utf16le").swap16();
  const input = Buffer.concat([fill(salt), fill(secret)]);
  const parts: Buffer[] = [];
  for (let made = 0; made < length; made += size) {
    let a: Buffer = createHash(hash).update(Buffer.alloc(block, id)).update(input).digest();
    for (let i = 1; i < iterations; i++) a = digestOf(hash, a, "buffer");
    parts.push(a);
    addToBlocks(input, fill(a).subarray(0, block), block);
  }
  secret.fill(0);
  input.fill(0);
  return Buffer.concat(parts).subarray(0, length);
};

/** Each block of I becomes (block + B + 1) mod 2^(8 v). */
const addToBlocks = (input: Buffer, addend: Buffer, block: number): void => {
  for (let start = 0; start < input.length; start += block) {
    let carry = 1;
    for (let i = block - 1; i >= 0; i--) {
      carry += (input[start + i] ?? 0) + (addend[i] ?? 0);
      input[start + i] = carry & 0xff;
      carry >>= 8;
    }
  }
};

/** @returns null where the padding is wrong, which a wrong password shows by. */
export const decrypt = (cipher: Cipher, key: Buffer, iv: Buffer, data: Buffer): Buffer | null => {
  if (cipher === "des-cbc" || cipher.startsWith("rc2")) return decryptOld(cipher, key, iv, data);
  try {
    const decipher = createDecipheriv(cipher, key, iv);
    return Buffer.concat([decipher.update(data), decipher.final()]);
  } catch {
    return null;
  }
};

const decryptOld = (cipher: Cipher, key: Buffer, iv: Buffer, data: Buffer): Buffer | null => {
  const text = (bytes: Buffer) => forge.util.createBuffer(bytes.toString("latin1"));
  const decipher =
    cipher === "des-cbc" ? startDes(text(key), iv) : startRc2(key, cipher === "rc2-40-cbc" ? 40 : 128, iv);
  decipher.update(text(data));
  return decipher.finish() ? Buffer.from(decipher.output.getBytes(), "latin1") : null;
};

const startDes = (key: forge.util.ByteStringBuffer, iv: Buffer) => {
  const decipher = forge.cipher.createDecipher("DES-CBC", key);
  // The types ask for a value that is a string and an object at once.
  (decipher as unknown as { start(options: { iv: string }): void }).start({ iv: iv.toString("latin1") });
  return decipher;
};

const startRc2 = (key: Buffer, bits: number, iv: Buffer) => {
  const decipher = forge.rc2.createDecryptionCipher(key.toString("latin1"), bits);
  decipher.start(iv.toString("latin1"));
  return decipher;
};
