import { children, type Node, readAll, tags } from "../../keys/ber.ts";
import { fromRsaPublicKey, fromSpki } from "../../keys/public-key.ts";
import { DerError } from "../../pkcs11/der.ts";
import { badFile } from "./file-failures.ts";
import type { FileContent, Reading } from "./file-item.ts";
import { encryptedKey, type Found, found, foundKey, unprotected } from "./found.ts";
import { readPkcs7 } from "./pkcs7.ts";
import { readPkcs12 } from "./pkcs12.ts";
import { readPkcs1, readPkcs8, readSec1 } from "./private-key.ts";

/** One DER or BER element, known by its shape. */
export const readDer = (file: Reading, content: Buffer): FileContent => {
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
