import type { Handle } from "pkcs11js";
import pkcs11js from "pkcs11js";
import { classTemplate, findHandles } from "../objects/search.ts";
import { CKA } from "../pkcs11/attributes.ts";
import { DerError } from "../pkcs11/der.ts";
import { failure } from "../pkcs11/failure.ts";
import { ulongValue } from "../pkcs11/handles.ts";
import type { Library } from "../pkcs11/library.ts";

import { stripZeros } from "./ber.ts";
import { certificateKey } from "./certificate-parts.ts";
import { fromEcAttributes, fromSpki, type PublicKey } from "./public-key.ts";
import { readNamed } from "./read-named.ts";

const wanted = {
  keyType: CKA.KEY_TYPE,
  modulus: CKA.MODULUS,
  exponent: CKA.PUBLIC_EXPONENT,
  parameters: CKA.EC_PARAMS,
  point: CKA.EC_POINT,
  info: CKA.PUBLIC_KEY_INFO,
} as const;

/** Reading attributes that a key type does not have fails or is slow on some modules, so the type decides what is asked for. */
const wantedFor = (keyType: number | null): Partial<typeof wanted> => {
  const { modulus, exponent, parameters, point, info } = wanted;
  return keyType === pkcs11js.CKK_RSA ? { modulus, exponent } : { parameters, point, info };
};

/**
 * The public key in a public or private key object, as far as the object shows it: private RSA keys have modulus and
 * exponent, other private keys at most CKA_PUBLIC_KEY_INFO. @returns null where the object does not tell.
 */
export const publicKeyIn = (library: Library, session: Handle, object: Handle): PublicKey | null => {
  const { keyType } = readNamed(library, session, object, { keyType: wanted.keyType });
  const read: Partial<Record<keyof typeof wanted, Buffer | null>> = readNamed(
    library,
    session,
    object,
    wantedFor(keyType && ulongValue(keyType)) as Record<keyof typeof wanted, number>,
  );
  try {
    if (read.modulus) {
      const exponent = read.exponent ?? Buffer.from([1, 0, 1]);
      return { type: "RSA", modulus: stripZeros(read.modulus), exponent: stripZeros(exponent) };
    }
    if (read.parameters && read.point) return fromEcAttributes(read.parameters, read.point);
    return read.info ? fromSpki(read.info) : null;
  } catch (thrown) {
    if (thrown instanceof DerError) return null;
    throw thrown;
  }
};

/** Where a private key's public key was found. */
export interface KnownPublicKey {
  publicKey: PublicKey;
  from: "the key itself" | "the public key object" | "the certificate";
  /** The public key object with the same CKA_ID, if there is one. */
  object: Handle | null;
}

/**
 * The public key that goes with a private key: from the key itself, or from the public key object or certificate with
 * the same CKA_ID. The latter two are a claim, which only a signature proves.
 * @throws Failure OBJECT_GONE if there is none
 */
export const publicKeyFor = (library: Library, session: Handle, key: Handle): KnownPublicKey => {
  const { id } = readNamed(library, session, key, { id: CKA.ID });
  const withId = (objectClass: number): Handle[] =>
    id ? findHandles(library, session, [...classTemplate(objectClass), { type: CKA.ID, value: id }]) : [];
  const objects = withId(pkcs11js.CKO_PUBLIC_KEY);
  const own = publicKeyIn(library, session, key);
  if (own) return { publicKey: own, from: "the key itself", object: objects[0] ?? null };
  for (const object of objects) {
    const publicKey = publicKeyIn(library, session, object);
    if (publicKey) return { publicKey, from: "the public key object", object };
  }
  for (const object of withId(pkcs11js.CKO_CERTIFICATE)) {
    const { value } = readNamed(library, session, object, { value: CKA.VALUE });
    const publicKey = value && certificateKey(value);
    if (publicKey) return { publicKey, from: "the certificate", object: null };
  }
  throw failure("OBJECT_GONE", {
    where: "public key of a private key",
    message: "The token shows no public key for this private key: neither an object nor a certificate has its CKA_ID.",
    remedy: "Write the public key or the certificate to the token, with the CKA_ID of the private key.",
  });
};
