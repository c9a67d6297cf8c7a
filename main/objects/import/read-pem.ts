import { readAll, readNode } from "../../keys/ber.ts";
import { fromRsaPublicKey, fromSpki } from "../../keys/public-key.ts";
import { DerError } from "../../pkcs11/der.ts";
import { badFile, passwordNeeded, passwordWrong, reading } from "./file-failures.ts";
import type { FileContent, FileItem, Reading } from "./file-item.ts";
import { encryptedKey, type Found, found, foundKey, unprotected } from "./found.ts";
import { decrypt, traditionalKey } from "./password-based.ts";
import { type PemBlock, pemBlocks } from "./pem.ts";
import { readPkcs7 } from "./pkcs7.ts";
import { type PrivateKey, readPkcs1, readPkcs8, readSec1 } from "./private-key.ts";

/** Everything in a PEM file, in its order. @throws Failure BAD_FILE, PASSWORD_NEEDED, PASSWORD_WRONG naming the block */
export const readPem = (file: Reading, text: string): FileContent => {
  const blocks = pemBlocks(file.fileName, text);
  const items: FileItem[] = [];
  const warnings: string[] = [];
  const left: string[] = [];
  for (const block of blocks) {
    const read = readers[block.label];
    if (!read) left.push(block.label);
    else {
      const found = reading(block.where, () => read(block, file));
      items.push(...found.items);
      warnings.push(...found.warnings);
    }
  }
  const [first] = left;
  if (items.length === 0 && first)
    throw badFile(
      file.fileName,
      `A PEM file with ${left.join(", ")}, but without key or certificate.`,
      remedyFor[first],
    );
  if (items.length === 0) throw badFile(file.fileName, "The PEM file has no key and no certificate.");
  if (left.length > 0) warnings.push(`Left out: ${left.join(", ")}.`);
  return {
    format: blocks.length === 1 ? `PEM, ${blocks[0]?.label}` : `PEM with ${blocks.length} blocks`,
    items,
    warnings: [...new Set(warnings)],
  };
};

const remedyFor: Record<string, string> = {
  "OPENSSH PRIVATE KEY": "Make a copy of the file and convert the copy: ssh-keygen -p -m PKCS8 -f COPY",
  "CERTIFICATE REQUEST": "A request is not a certificate. Send it to the CA, and import what comes back.",
  "NEW CERTIFICATE REQUEST": "A request is not a certificate. Send it to the CA, and import what comes back.",
};

type BlockReader = (block: PemBlock, file: Reading) => Found;

const certificate: BlockReader = ({ bytes }) => found({ kind: "certificate", name: null, der: readAll(bytes).raw });
/** OpenSSL's trusted certificate: the certificate, and then what it is trusted for. */
const trusted: BlockReader = ({ bytes }) => found({ kind: "certificate", name: null, der: readNode(bytes).raw });
const pkcs7: BlockReader = ({ bytes }) => readPkcs7(bytes);
const nothing: BlockReader = () => ({ items: [], warnings: [] });

const traditional =
  (read: (bytes: Buffer, file: Reading) => PrivateKey): BlockReader =>
  (block, file) => {
    file.secrets.keep(block.bytes);
    if (!block.headers.get("Proc-Type")?.includes("ENCRYPTED")) return foundKey(read(block.bytes, file), [unprotected]);
    if (file.password === null) throw passwordNeeded(block.where);
    const plain = file.secrets.keep(decryptTraditional(block, file.password));
    try {
      return foundKey(read(plain, file), []);
    } catch (thrown) {
      throw thrown instanceof DerError ? passwordWrong(block.where) : thrown;
    }
  };

const traditionalCiphers: Record<string, { cipher: Parameters<typeof decrypt>[0]; length: number }> = {
  "AES-128-CBC": { cipher: "aes-128-cbc", length: 16 },
  "AES-192-CBC": { cipher: "aes-192-cbc", length: 24 },
  "AES-256-CBC": { cipher: "aes-256-cbc", length: 32 },
  "DES-EDE3-CBC": { cipher: "des-ede3-cbc", length: 24 },
  "DES-CBC": { cipher: "des-cbc", length: 8 },
};

const decryptTraditional = ({ headers, bytes, where }: PemBlock, password: string): Buffer => {
  const [name = "", iv = ""] = (headers.get("DEK-Info") ?? "").split(",");
  const known = traditionalCiphers[name.trim()];
  if (!known || !/^([0-9a-fA-F]{2}){8,16}$/.test(iv.trim()))
    throw new DerError(`the encryption ${name || "(none named)"} is not known`);
  const vector = Buffer.from(iv.trim(), "hex");
  const plain = decrypt(known.cipher, traditionalKey(password, vector, known.length), vector, bytes);
  if (!plain) throw passwordWrong(where);
  return plain;
};

const readers: Record<string, BlockReader> = {
  CERTIFICATE: certificate,
  "X509 CERTIFICATE": certificate,
  "TRUSTED CERTIFICATE": trusted,
  PKCS7: pkcs7,
  CMS: pkcs7,
  "PKCS #7 SIGNED DATA": pkcs7,
  "PUBLIC KEY": ({ bytes }) => found({ kind: "publicKey", name: null, publicKey: fromSpki(bytes) }),
  "RSA PUBLIC KEY": ({ bytes }) => found({ kind: "publicKey", name: null, publicKey: fromRsaPublicKey(bytes) }),
  "PRIVATE KEY": ({ bytes }, { secrets }) => foundKey(readPkcs8(bytes, secrets), [unprotected]),
  "ENCRYPTED PRIVATE KEY": ({ bytes, where }, file) => encryptedKey(readAll(bytes), file, where),
  "RSA PRIVATE KEY": traditional((bytes, { secrets }) => readPkcs1(bytes, secrets)),
  "EC PRIVATE KEY": traditional((bytes, { secrets }) => readSec1(bytes, null, secrets)),
  // Says which curve; the key that follows says it again.
  "EC PARAMETERS": nothing,
};
