import { certificateKey } from "../keys/certificate-parts.ts";
import { fromSpki, type PublicKey, toSpki } from "../keys/public-key.ts";
import { badFile } from "../objects/import/file-failures.ts";
import { readFile } from "../objects/import/read-file.ts";

const where = "the public key that was given";

/**
 * A public key from text: PEM or OpenSSH text, or base64 of DER; SubjectPublicKeyInfo or a certificate.
 * @throws Failure BAD_FILE; a private key is refused, since nobody needs to hand one over for this
 */
export const suppliedKey = (text: string): PublicKey => {
  const { items, wipe } = readFile(where, bytesOf(text), null);
  const keys = items
    .map((item) => (item.kind === "certificate" ? certificateKey(item.der) : item.publicKey))
    // What was read are views of bytes that are wiped below.
    .map((key) => key && fromSpki(toSpki(key)));
  const secret = items.some(({ kind }) => kind === "privateKey");
  wipe();
  if (secret) throw badFile(where, "It holds a private key.", "Give the public key or the certificate alone.");
  const [key, second] = keys;
  if (!key) throw badFile(where, "It holds no public key of a kind that is known.");
  if (second)
    throw badFile(where, `It holds ${keys.length} public keys.`, "Give the one that belongs to the private key.");
  return key;
};

/** Base64 of DER has no spaces or hyphens, as PEM and OpenSSH's lines have. */
const bytesOf = (text: string): Buffer => {
  const compact = text.replace(/\s/g, "");
  return /^[A-Za-z0-9+/]+={0,2}$/.test(compact) && !text.trim().includes(" ")
    ? Buffer.from(compact, "base64")
    : Buffer.from(text);
};
