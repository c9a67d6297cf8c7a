import type { Handle } from "pkcs11js";
import type { ObjectRef } from "../../../preload/contract/shared.ts";
import { certificateKey } from "../../keys/certificate-parts.ts";
import { keyIdentity } from "../../keys/public-key.ts";
import { readNamed } from "../../keys/read-named.ts";
import { publicKeyIn } from "../../keys/token-key.ts";
import { CKA } from "../../pkcs11/attributes.ts";
import { handleText } from "../../pkcs11/handles.ts";
import type { Library } from "../../pkcs11/library.ts";
import { objectClassNumber } from "../../pkcs11/object-names.ts";
import { showText } from "../../pkcs11/text.ts";
import { classTemplate, findHandles } from "../search.ts";

/** A certificate or key on the token, with what its public key is. */
export interface TokenKey {
  ref: ObjectRef & { class: "certificate" | "publicKey" | "privateKey" };
  /** CKA_LABEL as it is, to be inherited byte for byte. */
  labelBytes: Buffer;
  /** {@link keyIdentity}; null where the object does not tell it (private EC keys mostly). */
  identity: string | null;
  /** Bytes of a certificate. */
  value: Buffer | null;
}

const classes = ["privateKey", "publicKey", "certificate"] as const;

/** All certificates and keys that can be seen now. Private ones only after login. @throws Pkcs11Error */
export const tokenKeys = (library: Library, session: Handle): TokenKey[] =>
  classes.flatMap((objectClass) =>
    findHandles(library, session, classTemplate(objectClassNumber(objectClass) ?? 0)).map((handle) =>
      readKey(library, session, handle, objectClass),
    ),
  );

const readKey = (
  library: Library,
  session: Handle,
  handle: Handle,
  objectClass: (typeof classes)[number],
): TokenKey => {
  const certificate = objectClass === "certificate";
  const names = { id: CKA.ID, label: CKA.LABEL };
  const read: { id: Buffer | null; label: Buffer | null; value?: Buffer | null } = certificate
    ? readNamed(library, session, handle, { ...names, value: CKA.VALUE })
    : readNamed(library, session, handle, names);
  const value = read.value ?? null;
  const publicKey = certificate ? value && certificateKey(value) : publicKeyIn(library, session, handle);
  const labelBytes = read.label ?? Buffer.alloc(0);
  return {
    ref: {
      handle: handleText(handle),
      class: objectClass,
      label: showText(labelBytes).text,
      id: read.id?.toString("hex") ?? "",
    },
    labelBytes,
    identity: publicKey && keyIdentity(publicKey),
    value,
  };
};

export interface Match {
  /** The key that it belongs to: the private one if it can be told. */
  ref: ObjectRef;
  words: string;
}

/**
 * The key on the token that has a public key. Told by public key bytes alone; a CKA_ID is used only to go from a
 * public key object or certificate that has these bytes to the private key beside it.
 */
export const matchKey = (identity: string | null, keys: TokenKey[]): Match | null => {
  if (identity === null) return null;
  const same = keys.filter((key) => key.identity === identity);
  const own = same.find(({ ref }) => ref.class === "privateKey");
  if (own)
    return { ref: own.ref, words: `Belongs to the private key "${own.ref.label}": it has the same public key bytes.` };
  const shown = same.find(({ ref }) => ref.class === "publicKey") ?? same[0];
  if (!shown) return null;
  const beside = keys.find(
    ({ ref, identity: other }) =>
      ref.class === "privateKey" && other === null && ref.id !== "" && ref.id === shown.ref.id,
  );
  const what = shown.ref.class === "publicKey" ? "public key" : "certificate";
  return beside
    ? {
        ref: beside.ref,
        words: `Belongs to the private key "${beside.ref.label}": the ${what} with its CKA_ID has the same public key bytes.`,
      }
    : { ref: shown.ref, words: `The ${what} "${shown.ref.label}" on the token has the same public key bytes.` };
};

/** Objects with a CKA_ID whose public key is known, and is another one than `identity`. */
export const foreignUnderId = (identity: string | null, id: string, keys: TokenKey[]): TokenKey[] =>
  id === "" ? [] : keys.filter(({ ref, identity: other }) => ref.id === id && other !== null && other !== identity);
