import { createPublicKey, type KeyObject, X509Certificate } from "node:crypto";
import type { Handle } from "pkcs11js";
import type { Output } from "../../preload/contract/index.ts";
import type { ObjectRow } from "../../preload/contract/objects.ts";
import { curves } from "../keys/curves.ts";
import { CKA } from "../pkcs11/attributes.ts";
import { type Failure, failure } from "../pkcs11/failure.ts";
import { ulongValue } from "../pkcs11/handles.ts";
import type { Library } from "../pkcs11/library.ts";
import { keyTypeName } from "../pkcs11/object-names.ts";
import { showText } from "../pkcs11/text.ts";
import { pem } from "../x509/pem.ts";
import { certificateFacts } from "./certificate-facts.ts";
import { fileNameFrom } from "./file-name.ts";
import { type FoundObject, objectWords } from "./find-object.ts";
import { opensshLine } from "./openssh.ts";
import { publicKeyAttributes, publicKeyInfo } from "./public-key-info.ts";
import { readAttributes } from "./read-attributes.ts";

type Format = "pem" | "der" | "openssh" | "raw";
type ReadOut = Output<"objects.read">;

/**
 * Reads out what may leave a token: certificates, public keys, data. Private and secret keys are refused before
 * anything is asked of the token, whatever their CKA_EXTRACTABLE says.
 * @throws Failure REFUSED, BAD_FILE, PKCS11
 */
export const readOut = (library: Library, session: Handle, { handle, row }: FoundObject, format: Format): ReadOut => {
  switch (row.class) {
    case "certificate":
      return certificateOut(row, valueBytes(library, session, handle, row), format);
    case "publicKey":
      return publicKeyOut(row, publicKeyOf(library, session, handle, row), format);
    case "data":
      return dataOut(row, valueBytes(library, session, handle, row), format);
    default:
      throw refused(row);
  }
};

const refused = (row: ObjectRow): Failure =>
  failure("REFUSED", {
    where: objectWords(row),
    message:
      row.class === "privateKey" || row.class === "secretKey"
        ? "Keys that are secret are never read out of a token, even where the token would allow it."
        : "Tokenglass does not know what of this object could be read out.",
    remedy:
      row.class === "privateKey"
        ? "For its public half, choose the public key or the certificate with the same CKA_ID."
        : "Certificates, public keys and data objects can be read out.",
  });

const valueBytes = (library: Library, session: Handle, handle: Handle, row: ObjectRow): Buffer => {
  const { values, failures } = readAttributes(library, session, handle, [CKA.VALUE]);
  const value = values.get(CKA.VALUE);
  if (value) return value;
  throw failure("PKCS11", {
    rv: failures.get(CKA.VALUE) ?? "CKR_GENERAL_ERROR",
    where: `CKA_VALUE of ${objectWords(row)}`,
    message: "The module does not give the value.",
    remedy: "Log in if you are not, and look at the object's attributes.",
  });
};

/** SubjectPublicKeyInfo, checked by OpenSSL where it knows the kind of key. */
const publicKeyOf = (library: Library, session: Handle, handle: Handle, row: ObjectRow): Buffer => {
  const type = readAttributes(library, session, handle, [CKA.KEY_TYPE]).values.get(CKA.KEY_TYPE);
  const keyType = keyTypeName((type && ulongValue(type)) ?? -1);
  const { values, failures } = readAttributes(library, session, handle, publicKeyAttributes(keyType));
  const info = publicKeyInfo(keyType, values);
  const checkable = keyType === "RSA" || curves.some(({ name }) => name === row.curve);
  if (info && (!checkable || parsedKey(info))) return info;
  const [rv] = failures.values();
  throw failure(rv ? "PKCS11" : "BAD_FILE", {
    ...(rv ? { rv } : {}),
    where: objectWords(row),
    message: rv
      ? "The module does not give all parts of the public key."
      : "The attributes of this object do not make up a public key that is known.",
    remedy: "Look at the object's attributes. A certificate with the same CKA_ID has the public key too.",
  });
};

const parsedKey = (info: Buffer): KeyObject | null => {
  try {
    return createPublicKey({ key: info, format: "der", type: "spki" });
  } catch {
    return null;
  }
};

const text = (fileName: string, mediaType: string, content: string): ReadOut => ({
  fileName,
  mediaType,
  content: Buffer.from(content).toString("base64"),
  text: content,
});

const bytes = (fileName: string, mediaType: string, content: Buffer): ReadOut => ({
  fileName,
  mediaType,
  content: content.toString("base64"),
  text: null,
});

const certificateOut = (row: ObjectRow, value: Buffer, format: Format): ReadOut => {
  const name = (extension: string) => fileNameFrom(row.label, row.id || "certificate", extension);
  if (format === "raw") return bytes(name(".der"), "application/pkix-cert", value);
  if (!certificateFacts(value))
    throw failure("BAD_FILE", {
      where: objectWords(row),
      message: "The value of this object is not an X.509 certificate.",
      remedy: 'Read it out as it is, with the format "raw".',
    });
  if (format === "pem") return text(name(".pem"), "application/x-pem-file", pem("CERTIFICATE", value));
  if (format === "der") return bytes(name(".der"), "application/pkix-cert", value);
  return opensshOut(row, certificateKey(value));
};

const certificateKey = (value: Buffer): KeyObject | null => {
  try {
    return new X509Certificate(value).publicKey;
  } catch {
    return null;
  }
};

const publicKeyOut = (row: ObjectRow, info: Buffer, format: Format): ReadOut => {
  const name = (extension: string) => fileNameFrom(row.label, row.id || "public-key", `-public${extension}`);
  if (format === "pem") return text(name(".pem"), "application/x-pem-file", pem("PUBLIC KEY", info));
  if (format === "openssh") return opensshOut(row, parsedKey(info));
  return bytes(name(".der"), "application/octet-stream", info);
};

const opensshOut = (row: ObjectRow, key: KeyObject | null): ReadOut => {
  const line = key && opensshLine(key, row.label);
  if (line) return text(fileNameFrom(row.label, row.id || "key", ".pub"), "text/plain", line);
  throw failure("REFUSED", {
    where: objectWords(row),
    message: `OpenSSH has no keys of this kind (${row.keyType ?? "unknown"}${row.curve ? `, ${row.curve}` : ""}).`,
    remedy: "OpenSSH knows RSA, ECDSA on P-256, P-384 and P-521, and Ed25519. Read it out as PEM instead.",
  });
};

const dataOut = (row: ObjectRow, value: Buffer, format: Format): ReadOut => {
  if (format !== "raw")
    throw failure("REFUSED", {
      where: objectWords(row),
      message: "A data object has no such form; it can be read out only as it is.",
      remedy: 'Use the format "raw".',
    });
  const lines = value.toString("utf8").split(/\r?\n|\t/);
  const readable =
    value.length > 0 && lines.every((line) => showText(Buffer.from(line)).exact && !line.includes("\ufffd"));
  const name = fileNameFrom(row.label, "data", readable ? ".txt" : ".bin");
  const out = bytes(name, readable ? "text/plain" : "application/octet-stream", value);
  return readable ? { ...out, text: value.toString("utf8") } : out;
};
