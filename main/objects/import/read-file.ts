import { children, type Node, readAll, readNode, tags } from "../../keys/ber.ts";
import { certificateParts } from "../../keys/certificate-parts.ts";
import { fromRsaPublicKey, fromSpki } from "../../keys/public-key.ts";
import { DerError } from "../../pkcs11/der.ts";
import { badFile, passwordNeeded, passwordWrong, reading } from "./file-failures.ts";
import { type FileContent, type FileItem, type Reading, Secrets } from "./file-item.ts";
import { looksLikeOpenSsh, readOpenSsh } from "./openssh.ts";
import { decrypt, decryptWithPassword, traditionalKey } from "./password-based.ts";
import { looksLikePem, type PemBlock, pemBlocks, textOf } from "./pem.ts";
import { readPkcs7 } from "./pkcs7.ts";
import { readPkcs12 } from "./pkcs12.ts";
import { type PrivateKey, readEncrypted, readPkcs1, readPkcs8, readSec1 } from "./private-key.ts";

/** No file with keys or certificates is near as large; a system's whole CA bundle has 0.2 MB. */
const maximumSize = 4 * 1024 * 1024;

export interface ReadFile extends FileContent {
  /** Zeroes every private byte that was read. To be called when the work is done, also after a failure. */
  wipe(): void;
}

/**
 * Reads a file of whatever kind it is: the content decides, never the name.
 * @throws Failure BAD_FILE, PASSWORD_NEEDED, PASSWORD_WRONG
 */
export const readFile = (fileName: string, content: Buffer, password: string | null): ReadFile => {
  const secrets = new Secrets();
  secrets.keep(content);
  try {
    const found = readContent({ fileName, password, secrets }, content);
    for (const item of found.items)
      if (item.kind === "certificate") reading(fileName, () => certificateParts(item.der));
    return { ...found, items: withoutRepeats(found.items), wipe: () => secrets.wipe() };
  } catch (thrown) {
    secrets.wipe();
    throw thrown;
  }
};

const unprotected =
  "This file is not protected by a password: whoever has a copy of it has the key. Delete every copy once the key is on the token, and think of the key as one that may be known.";

const readContent = (file: Reading, content: Buffer): FileContent => {
  const { fileName } = file;
  if (content.length === 0) throw badFile(fileName, "The file is empty.");
  if (content.length > maximumSize)
    throw badFile(
      fileName,
      `The file has ${Math.round(content.length / 1e5) / 10} MB: no key or certificate file is that large.`,
    );
  const text = textOf(content);
  if (looksLikePem(text)) return readPem(file, text);
  if (looksLikeOpenSsh(text))
    return { format: "OpenSSH public key", items: reading(fileName, () => readOpenSsh(text)), warnings: [] };
  return reading(fileName, () => readDer(file, content));
};

const readPem = (file: Reading, text: string): FileContent => {
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

interface Found {
  items: FileItem[];
  warnings: string[];
}

const found = (item: FileItem, warnings: string[] = []): Found => ({ items: [item], warnings });
const foundKey = (key: PrivateKey, warnings: string[]): Found =>
  found({ kind: "privateKey", name: null, ...key }, warnings);

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

const encryptedKey = (node: Node, file: Reading, where: string): Found => {
  const { algorithm, data } = readEncrypted(node);
  if (file.password === null) throw passwordNeeded(where);
  const plain = decryptWithPassword(algorithm, file.password, data, file.secrets);
  if (plain?.[0] !== tags.sequence) throw passwordWrong(where);
  return foundKey(readPkcs8(plain, file.secrets), []);
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

/** One DER or BER element, known by its shape. */
const readDer = (file: Reading, content: Buffer): FileContent => {
  if (content[0] !== tags.sequence)
    throw badFile(
      file.fileName,
      "This is no PEM, DER, PKCS#7, PKCS#12 or OpenSSH file.",
      "Choose a file with a certificate or key.",
    );
  const node = readAll(content);
  const parts = children(node);
  const shape = parts.map(({ tag }) => shapeNames[tag] ?? "?").join(" ");
  const kind = shapes.find(({ fits }) => fits(shape, parts));
  if (!kind) throw badFile(file.fileName, "It is ASN.1, but neither a certificate nor a key of a known kind.");
  return { format: kind.format, ...kind.read(node, file) };
};

const shapeNames: Record<number, string> = {
  [tags.integer]: "int",
  [tags.sequence]: "seq",
  [tags.bitString]: "bits",
  [tags.octetString]: "octets",
  [tags.oid]: "oid",
};

interface Shape {
  format: string;
  fits(shape: string, parts: Node[]): boolean;
  read(node: Node, file: Reading): Found;
}

const startsWithOid = (node: Node | undefined): boolean => node?.constructed === true && node.content[0] === tags.oid;

const shapes: Shape[] = [
  {
    format: "certificate, DER",
    fits: (shape) => shape === "seq seq bits",
    read: ({ raw }) => found({ kind: "certificate", name: null, der: raw }),
  },
  {
    format: "public key, DER",
    fits: (shape) => shape === "seq bits",
    read: ({ raw }) => found({ kind: "publicKey", name: null, publicKey: fromSpki(raw) }),
  },
  { format: "PKCS#7", fits: (shape) => shape.startsWith("oid"), read: ({ raw }) => readPkcs7(raw) },
  {
    format: "PKCS#8, encrypted",
    fits: (shape) => shape === "seq octets",
    read: (node, file) => encryptedKey(node, file, file.fileName),
  },
  {
    format: "PKCS#12",
    fits: (shape, [version, safe]) =>
      /^int seq( seq)?$/.test(shape) && version?.content[0] === 3 && startsWithOid(safe),
    read: ({ raw }, file) => {
      const opened = readPkcs12(raw, file);
      if (opened.items.length === 0) throw new DerError("there is no key and no certificate in it");
      const bare = opened.items.some(({ kind }) => kind === "privateKey") && !opened.protected;
      return { items: opened.items, warnings: [...(bare ? [unprotected] : []), ...opened.warnings] };
    },
  },
  {
    format: "PKCS#8",
    fits: (shape, [, algorithm]) => shape.startsWith("int seq octets") && startsWithOid(algorithm),
    read: ({ raw }, { secrets }) => foundKey(readPkcs8(raw, secrets), [unprotected]),
  },
  {
    format: "PKCS#1",
    fits: (shape) => /^int( int){8}/.test(shape),
    read: ({ raw }, { secrets }) => foundKey(readPkcs1(raw, secrets), [unprotected]),
  },
  {
    format: "PKCS#1 public key",
    fits: (shape) => shape === "int int",
    read: ({ raw }) => found({ kind: "publicKey", name: null, publicKey: fromRsaPublicKey(raw) }),
  },
  {
    format: "SEC 1",
    fits: (shape) => shape.startsWith("int octets"),
    read: ({ raw }, { secrets }) => foundKey(readSec1(raw, null, secrets), [unprotected]),
  },
];

/** Bundles often have the same certificate twice. */
const withoutRepeats = (items: FileItem[]): FileItem[] => {
  const seen = new Set<string>();
  return items.filter((item) => {
    if (item.kind !== "certificate") return true;
    const bytes = item.der.toString("latin1");
    return !seen.has(bytes) && seen.add(bytes);
  });
};
