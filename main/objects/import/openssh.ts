import { stripZeros } from "../../keys/ber.ts";
import { curves } from "../../keys/curves.ts";
import { ecKey, type PublicKey } from "../../keys/public-key.ts";
import { DerError } from "../../pkcs11/der.ts";
import type { FileItem } from "./file-item.ts";

const line = /(?:^|\s)((?:ssh|ecdsa|sk)-[a-z0-9@.-]+)\s+(AAAA[A-Za-z0-9+/=]+)(?:[ \t]+(.*))?$/;

export const looksLikeOpenSsh = (text: string): boolean => text.split(/\r?\n/).some((one) => line.test(one.trim()));

/** Public keys of an OpenSSH .pub or authorized_keys file: one a line (RFC 4253 6.6, RFC 5656 3.1, RFC 8709 4). */
export const readOpenSsh = (text: string): FileItem[] =>
  text.split(/\r?\n/).flatMap((one): FileItem[] => {
    const [, type, data, comment] = line.exec(one.trim()) ?? [];
    if (!type || !data) return [];
    return [
      { kind: "publicKey", name: comment?.trim() || null, publicKey: readBlob(type, Buffer.from(data, "base64")) },
    ];
  });

const readBlob = (type: string, blob: Buffer): PublicKey => {
  const fields = strings(blob);
  if (fields[0]?.toString("latin1") !== type)
    throw new DerError(`an OpenSSH line whose key is not of the type ${type}`);
  const [, a, b] = fields;
  if (type === "ssh-rsa" && a && b) return { type: "RSA", exponent: stripZeros(a), modulus: stripZeros(b) };
  if (type === "ssh-ed25519" && a) return ecKey("1.3.101.112", a);
  const curve = curves.find(({ name }) => `nist${name.toLowerCase().replace("-", "")}` === a?.toString("latin1"));
  if (type.startsWith("ecdsa-sha2-") && curve && b) return ecKey(curve.oid, b);
  throw new DerError(`OpenSSH keys of the type ${type} are not known`);
};

/** RFC 4251 5: each string with its length in four octets before it. */
const strings = (blob: Buffer): Buffer[] => {
  const found: Buffer[] = [];
  for (let at = 0; at < blob.length; ) {
    if (at + 4 > blob.length) throw new DerError("an OpenSSH line that is cut off");
    const end = at + 4 + blob.readUInt32BE(at);
    if (end > blob.length) throw new DerError("an OpenSSH line that is cut off");
    found.push(blob.subarray(at + 4, end));
    at = end;
  }
  return found;
};
