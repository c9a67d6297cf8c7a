import { createECDH, createPrivateKey, createPublicKey } from "node:crypto";
import {
  algorithmIdentifier,
  bits,
  children,
  expectTag,
  type Node,
  octets,
  oidText,
  readAll,
  readNode,
  sequence,
  smallInteger,
  stripZeros,
  tags,
  unsigned,
} from "../../keys/ber.ts";
import { type Curve, curveByOid } from "../../keys/curves.ts";
import { ecKey, fromSpki, type PublicKey } from "../../keys/public-key.ts";
import { DerError } from "../../pkcs11/der.ts";
import { der, derOid } from "../../pkcs11/der-write.ts";
import type { PrivateParts, Secrets } from "./file-item.ts";

export interface PrivateKey {
  publicKey: PublicKey;
  parts: PrivateParts;
}

const rsaOids = new Set(["1.2.840.113549.1.1.1", "1.2.840.113549.1.1.10"]);
const ecOid = "1.2.840.10045.2.1";

/** PrivateKeyInfo (PKCS#8, RFC 5958). @throws DerError; an unknown algorithm is named by its OID */
export const readPkcs8 = (bytes: Buffer, secrets: Secrets): PrivateKey => {
  const [version, algorithm, key] = sequence(readAll(secrets.keep(bytes)), "PrivateKeyInfo");
  expectTag(version, tags.integer, "a version");
  const { oid: name, parameters } = algorithmIdentifier(algorithm);
  const inner = octets(expectTag(key, tags.octetString, "the private key"));
  if (rsaOids.has(name)) return readPkcs1(inner, secrets);
  if (name === ecOid) return readSec1(inner, parameters ?? null, secrets);
  const curve = curveByOid(name);
  if (!curve || curve.type === "EC") throw new DerError(`keys of the algorithm ${name} are not known`);
  const value = secrets.keep(octets(expectTag(readAll(inner), tags.octetString, "the private key")));
  if (value.length !== 32) throw new DerError(`a private ${curve.name} key has 32 bytes, this one ${value.length}`);
  return {
    parts: { type: curve.type as "Ed25519" | "X25519", curve, value },
    publicKey: publicOfEdwards(curve, value, secrets),
  };
};

/** RSAPrivateKey (PKCS#1, RFC 8017 A.1.2). */
export const readPkcs1 = (bytes: Buffer, secrets: Secrets): PrivateKey => {
  const [version, ...numbers] = sequence(readAll(secrets.keep(bytes)), "RSAPrivateKey");
  if (!version || smallInteger(version) !== 0) throw new DerError("an RSA key with more than two primes");
  const [modulus, exponent, privateExponent, prime1, prime2, exponent1, exponent2, coefficient] = numbers.map((node) =>
    unsigned(expectTag(node, tags.integer, "a number of an RSA key")),
  );
  if (!modulus || !exponent || !privateExponent || !prime1 || !prime2 || !exponent1 || !exponent2 || !coefficient)
    throw new DerError("an RSA key without all of its numbers");
  if (number(prime1) * number(prime2) !== number(modulus))
    throw new DerError("the primes do not make the modulus: damaged");
  return {
    publicKey: { type: "RSA", modulus: Buffer.from(modulus), exponent: Buffer.from(exponent) },
    parts: { type: "RSA", modulus, exponent, privateExponent, prime1, prime2, exponent1, exponent2, coefficient },
  };
};

const number = (bytes: Buffer): bigint => BigInt(`0x${bytes.toString("hex") || "0"}`);

/** ECPrivateKey (SEC 1, RFC 5915). @param outer the curve from PKCS#8; else it is inside as [0] */
export const readSec1 = (bytes: Buffer, outer: Node | null, secrets: Secrets): PrivateKey => {
  const [, scalar, ...rest] = sequence(readAll(secrets.keep(bytes)), "ECPrivateKey");
  const inner = rest.find(({ tag }) => tag === 0xa0);
  const parameters = outer ?? (inner ? readNode(inner.content) : null);
  if (!parameters) throw new DerError("the key does not say on which curve it is");
  if (parameters.tag !== tags.oid) throw new DerError("explicit curve parameters; only named curves are known");
  const oid = oidText(parameters.content);
  const curve = curveByOid(oid);
  if (curve?.type !== "EC") throw new DerError(`the curve ${oid} is not known`);
  const value = padded(stripZeros(octets(expectTag(scalar, tags.octetString, "the private value"))), curve, secrets);
  const point = rest.find(({ tag }) => tag === 0xa1);
  const publicKey = pointOf(curve, value) ?? (point ? bits(readNode(point.content)) : null);
  if (!publicKey) throw new DerError(`the file has no public key, and it cannot be computed here on ${curve.name}`);
  return { parts: { type: "EC", curve, value }, publicKey: ecKey(oid, publicKey) };
};

/** RFC 5915: the value has as many octets as the order; some programs leave zeros out. */
const padded = (value: Buffer, curve: Curve, secrets: Secrets): Buffer => {
  const length = Math.ceil(curve.bits / 8);
  if (value.length > length) throw new DerError(`the private value is longer than ${curve.name} allows`);
  const whole = secrets.keep(Buffer.alloc(length));
  value.copy(whole, length - value.length);
  return whole;
};

/** The public point is computed anew: the one in a file could belong to another key. */
const pointOf = (curve: Curve, value: Buffer): Buffer | null => {
  try {
    const ecdh = createECDH(curve.openssl);
    ecdh.setPrivateKey(value);
    return ecdh.getPublicKey();
  } catch {
    return null;
  }
};

const publicOfEdwards = (curve: Curve, value: Buffer, secrets: Secrets): PublicKey => {
  const pkcs8 = secrets.keep(
    der(
      tags.sequence,
      Buffer.from([2, 1, 0]),
      der(tags.sequence, derOid(curve.oid)),
      der(tags.octetString, der(tags.octetString, value)),
    ),
  );
  const key = createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });
  return fromSpki(createPublicKey(key).export({ format: "der", type: "spki" }));
};

/** EncryptedPrivateKeyInfo (RFC 5958 3): how it is encrypted, and what. */
export const readEncrypted = (node: Node): { algorithm: Node; data: Buffer } => {
  const [algorithm, data] = children(node);
  return {
    algorithm: expectTag(algorithm, tags.sequence, "EncryptedPrivateKeyInfo"),
    data: octets(expectTag(data, tags.octetString, "encrypted data")),
  };
};
