import { createPublicKey, type KeyObject, X509Certificate } from "node:crypto";
import type { Handle } from "pkcs11js";
import { CKA } from "../pkcs11/attributes.ts";
import { ulongValue } from "../pkcs11/handles.ts";
import type { FoundToken, Library } from "../pkcs11/library.ts";
import { keyTypeName } from "../pkcs11/object-names.ts";
import { deviceRules } from "../tokens/device-class.ts";
import { publicKeyAttributes, publicKeyInfo } from "./public-key-info.ts";
import { readAttributes } from "./read-attributes.ts";
import { classTemplate, findHandles } from "./search.ts";

/**
 * Whether a certificate would stand under the CKA_ID of a key that is not its own. Decided by public key bytes, never
 * by names. Devices of the SmartCard-HSM class then show the certificate's key as the public key object, so
 * afterwards nothing on the device contradicts the wrong pairing; hence the check before writing.
 * @returns null if there is no such key, or it is the certificate's
 */
export const foreignKeyUnder = (
  library: Library,
  session: Handle,
  token: FoundToken,
  certificate: Buffer,
  id: Buffer,
): string | null => {
  if (id.length === 0) return null;
  const own = certificateKey(certificate);
  if (!own) return null;
  const idTemplate = { type: CKA.ID, value: id };
  const privateKeys = findHandles(library, session, [...classTemplate(3), idTemplate]);
  const publicKeys = findHandles(library, session, [...classTemplate(2), idTemplate]);
  if (privateKeys.length + publicKeys.length === 0) return null;
  const keys = [...publicKeys, ...privateKeys].flatMap((handle) => publicHalf(library, session, handle) ?? []);
  if (keys.some((key) => key.equals(own))) return null;
  const words =
    keys.length > 0
      ? "The key with this CKA_ID is not the certificate's key: their public keys differ."
      : "Whether the key with this CKA_ID is the certificate's cannot be told: its public half is not readable.";
  return deviceRules(token.info).certificateReplacesPublicKey
    ? `${words} On this device the public key object would then show the certificate's key instead of its own.`
    : words;
};

const certificateKey = (value: Buffer): KeyObject | null => {
  try {
    return new X509Certificate(value).publicKey;
  } catch {
    return null;
  }
};

/** The public half that a public or private key object tells of itself. */
const publicHalf = (library: Library, session: Handle, handle: Handle): KeyObject | null => {
  const type = readAttributes(library, session, handle, [CKA.KEY_TYPE]).values.get(CKA.KEY_TYPE);
  const number = type ? ulongValue(type) : null;
  if (number === null) return null;
  const keyType = keyTypeName(number);
  const info =
    publicKeyInfo(keyType, readAttributes(library, session, handle, publicKeyAttributes(keyType)).values) ??
    readAttributes(library, session, handle, [CKA.PUBLIC_KEY_INFO]).values.get(CKA.PUBLIC_KEY_INFO);
  if (!info || info.length === 0) return null;
  try {
    return createPublicKey({ key: info, format: "der", type: "spki" });
  } catch {
    return null;
  }
};
