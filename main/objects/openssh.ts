import type { KeyObject } from "node:crypto";

const ecdsaNames: Record<string, string> = { "P-256": "nistp256", "P-384": "nistp384", "P-521": "nistp521" };
const opensslNames = new Set(["prime256v1", "secp384r1", "secp521r1"]);

/**
 * A public key as a line of authorized_keys (RFC 4253 6.6, RFC 5656 3.1, RFC 8709 4).
 * @param comment any text; what could break the line is replaced
 * @returns null for keys that OpenSSH does not have
 */
export const opensshLine = (key: KeyObject, comment: string): string | null => {
  // Node has no JWK of Brainpool's curves, and throws.
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (curve !== undefined && !opensslNames.has(curve)) return null;
  const jwk = key.export({ format: "jwk" });
  const parts = wireParts(jwk);
  if (!parts) return null;
  const [name, ...fields] = parts;
  const blob = Buffer.concat([Buffer.from(name), ...fields].map((field) => Buffer.concat([length(field), field])));
  const safe = comment.replace(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
  return `${name} ${blob.toString("base64")}${safe ? ` ${safe}` : ""}\n`;
};

const wireParts = (jwk: ReturnType<KeyObject["export"]> & object): [string, ...Buffer[]] | null => {
  const field = (name: string): Buffer =>
    Buffer.from(String((jwk as Record<string, unknown>)[name] ?? ""), "base64url");
  const { kty, crv = "" } = jwk as { kty?: string; crv?: string };
  if (kty === "RSA") return ["ssh-rsa", mpint(field("e")), mpint(field("n"))];
  if (kty === "OKP" && crv === "Ed25519") return ["ssh-ed25519", field("x")];
  const curve = ecdsaNames[crv];
  if (kty !== "EC" || curve === undefined) return null;
  return [`ecdsa-sha2-${curve}`, Buffer.from(curve), Buffer.concat([Buffer.from([4]), field("x"), field("y")])];
};

const length = ({ length: size }: Buffer): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(size);
  return bytes;
};

/** RFC 4251, 5: two's complement, so a number whose top bit is set gets a zero byte. */
const mpint = (value: Buffer): Buffer => ((value[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), value]) : value);
