import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { der, derBits, derOid, derUnsigned } from "../../main/pkcs11/der-write.ts";
import type { Input } from "../../preload/contract/index.ts";

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const spki = publicKey.export({ format: "der", type: "spki" });
const ecdsaWithSha256 = der(0x30, derOid("1.2.840.10045.4.3.2"));

/** The key of every certificate of {@link certificateOf}: PEM. */
export const fixtureKey = privateKey.export({ format: "pem", type: "pkcs8" }).toString();

let serial = 0;

/**
 * A self-signed CA certificate, made here: two hundred of them in the time in which openssl makes one, and with names
 * that openssl refuses to write.
 * @param name the common name
 * @returns DER
 */
export const certificateOf = (name: string, { days = 30, ca = true }: { days?: number; ca?: boolean } = {}): Buffer => {
  const subject = der(0x30, der(0x31, der(0x30, derOid("2.5.4.3"), der(0x0c, Buffer.from(name, "utf8")))));
  const basicConstraints = der(0x30, derOid("2.5.29.19"), der(0x04, der(0x30, der(0x01, Buffer.from([0xff])))));
  const body = der(
    0x30,
    der(0xa0, der(0x02, Buffer.from([2]))),
    derUnsigned(Buffer.from((0x1000000 + ++serial).toString(16).padStart(8, "0"), "hex")),
    ecdsaWithSha256,
    subject,
    der(0x30, utcTime(Math.min(-60, days * 2)), utcTime(days)),
    subject,
    spki,
    ...(ca ? [der(0xa3, der(0x30, basicConstraints))] : []),
  );
  return der(0x30, body, ecdsaWithSha256, derBits(sign("sha256", body, privateKey)));
};

/** UTCTime so many days from now. */
const utcTime = (days: number): Buffer => {
  const text = new Date(Date.now() + days * 86_400_000).toISOString().replace(/[-:T]/g, "").slice(2, 14);
  return der(0x17, Buffer.from(`${text}Z`));
};

/** Public keys of Ed25519, which are quick to make: DER of SubjectPublicKeyInfo. */
export const publicKeyOf = (): Buffer =>
  generateKeyPairSync("ed25519").publicKey.export({ format: "der", type: "spki" });

export const fingerprint = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

type WrittenEntry = Input<"truststores.write">["entries"][number];

/** As `truststores.write` takes it. */
export const entryOf = (alias: string, content: Buffer, kind: WrittenEntry["kind"] = "certificate"): WrittenEntry => ({
  alias,
  content: content.toString("base64"),
  kind,
});
