import type { Output } from "../../../preload/contract/index.ts";
import type { ViewedItem } from "../../../preload/contract/x509.ts";
import { fromRsaPublicKey, toSpki } from "../../keys/public-key.ts";
import { badFile } from "../../objects/import/file-failures.ts";
import { looksLikeOpenSsh } from "../../objects/import/openssh.ts";
import { looksLikePem, textOf } from "../../objects/import/pem.ts";
import { Failure } from "../../pkcs11/failure.ts";
import { anyElement, BerError, whole } from "./asn1/ber.ts";
import { treeOf } from "./asn1/tree.ts";
import { certificateItem } from "./certificate.ts";
import { crlItem } from "./crl.ts";
import { checkAgainstEachOther } from "./issuers.ts";
import { publicKeyItem, secretItems } from "./key-items.ts";
import { pkcs7Items } from "./pkcs7.ts";
import { fingerprints } from "./public-key.ts";
import { blankItem, Reading } from "./reading.ts";
import { requestItem } from "./request.ts";
import { type Shape, shapeOf } from "./shape.ts";
import { bytesInText, type TextBlock, textBlocks } from "./text-blocks.ts";

type Opened = Pick<Output<"x509.view">, "format" | "items" | "warnings">;

/** What opening needs to know beside the bytes. */
export interface Opening {
  fileName: string;
  password: string | null;
  /** For the days that certificates have left. */
  now: Date;
}

/** Blocks of a file that are read; a system's bundle of CAs has 150. */
const maximumItems = 2000;

/**
 * Everything in a file: PEM, DER or BER, base64 or hexadecimal text, OpenSSH lines. The content decides, never the name.
 * @throws Failure BAD_FILE if it is none of these; PASSWORD_NEEDED, PASSWORD_WRONG if nothing can be read without
 */
export const openContent = (content: Buffer, opening: Opening): Opened => {
  if (content.length === 0) throw badFile(opening.fileName, "There is nothing in it.");
  const opened = readContent(content, opening);
  const [only] = opened.items;
  const locked = only?.problems.find(({ code }) => code === "PASSWORD_NEEDED" || code === "PASSWORD_WRONG");
  if (opened.items.length === 1 && locked) throw new Failure(locked);
  return { ...opened, items: checkAgainstEachOther(opened.items) };
};

const readContent = (content: Buffer, opening: Opening): Opened => {
  if (content[0] === 0x30) return derContent(content, opening, "DER");
  const text = textOf(content);
  if (looksLikePem(text)) return pemContent(text, opening);
  if (looksLikeOpenSsh(text))
    return { format: "OpenSSH public key", ...secret(content, "privateKey", "OpenSSH key", opening.fileName, opening) };
  const bytes = bytesInText(text);
  if (bytes?.[0] === 0x30) return derContent(bytes, opening, "text without BEGIN and END");
  throw badFile(
    opening.fileName,
    "This is neither PEM nor DER, and no base64 or hexadecimal text of it.",
    "Choose a certificate, request, revocation list or key.",
  );
};

const pemContent = (text: string, opening: Opening): Opened => {
  const { blocks, all } = textBlocks(opening.fileName, text, maximumItems);
  const warnings: string[] = [];
  if (all > blocks.length) warnings.push(`Only the first ${maximumItems} of ${all} blocks are shown.`);
  // OpenSSL writes the curve in front of a key that names it again.
  const shown = blocks.length > 1 ? blocks.filter(({ label }) => label !== "EC PARAMETERS") : blocks;
  const items = shown.flatMap((block) => {
    const found = blockItems(block, opening);
    warnings.push(...found.warnings);
    return found.items;
  });
  return {
    format: blocks.length === 1 ? `PEM, ${blocks[0]?.label}` : `PEM with ${all} blocks`,
    items,
    warnings: [...new Set(warnings)],
  };
};

type Items = Pick<Opened, "items" | "warnings">;

const blockItems = (block: TextBlock, opening: Opening): Items => {
  // Never as a tree, even if damaged: the label says what is in it.
  if (/PRIVATE KEY/.test(block.label))
    return secret(Buffer.from(block.text, "latin1"), "privateKey", "Private key", block.where, opening);
  const { items, warnings } = bytesItems(block.bytes, { ...opening, fileName: block.where });
  if (block.problem) for (const item of items.slice(0, 1)) item.problems.unshift(block.problem);
  return { items, warnings };
};

const derContent = (content: Buffer, opening: Opening, how: string): Opened => {
  const found = bytesItems(content, opening);
  const words = found.items[0]?.kindWords ?? "ASN.1";
  return { format: `${words}, ${how}`, ...found };
};

const bytesItems = (bytes: Buffer, opening: Opening): Items => {
  const { fileName: where, now } = opening;
  const { element: root } = anyElement(bytes, 0);
  const shape: Shape = root ? shapeOf(root) : "other";
  const one = (item: ViewedItem): Items => ({ items: [item], warnings: [] });
  switch (shape) {
    case "certificate":
      return one(certificateItem(bytes, where, now));
    case "request":
      return one(requestItem(bytes, where));
    case "crl":
      return one(crlItem(bytes, where));
    case "publicKey":
      return one(publicKeyItem(bytes, where));
    case "rsaPublicKey":
      return one(rsaItem(bytes, where));
    case "pkcs7":
      return { items: pkcs7Items(bytes, where, now), warnings: [] };
    case "pkcs12":
      return secret(bytes, "pkcs12", "PKCS#12", where, opening);
    case "privateKey":
    case "encryptedKey":
      return secret(bytes, "privateKey", "Private key", where, opening);
    case "other":
      return one(otherItem(bytes, where));
  }
};

const secret = (
  content: Buffer,
  kind: "privateKey" | "pkcs12",
  words: string,
  where: string,
  { password, now }: Opening,
): Items => secretItems(content, { where, kind, words, password, now });

/** RSAPublicKey without algorithm around it: shown as the SubjectPublicKeyInfo that programs want. */
const rsaItem = (bytes: Buffer, where: string): ViewedItem => {
  try {
    return publicKeyItem(toSpki(fromRsaPublicKey(bytes)), where);
  } catch {
    return otherItem(bytes, where);
  }
};

/** ASN.1 of a kind that has no screen of its own: its elements are shown. */
const otherItem = (bytes: Buffer, where: string): ViewedItem => {
  const reading = new Reading(where);
  const { element, fault } = anyElement(bytes, 0);
  if (fault) reading.fault(fault);
  if (!element) reading.fault(new BerError("This is no ASN.1", 0));
  else if (element.end < bytes.length)
    reading.notes.push(`${bytes.length - whole(element).length} bytes follow the first element.`);
  const secretInside = holdsPrivateKey(bytes);
  if (secretInside) reading.notes.push("There is a private key in it: its bytes are not shown.");
  return {
    ...blankItem("other", "ASN.1", reading),
    title: "ASN.1 of an unknown kind",
    der: secretInside ? null : bytes.toString("base64"),
    fingerprints: fingerprints(bytes),
  };
};

/** Elements that are searched for private keys. */
const searched = 20_000;

const holdsPrivateKey = (bytes: Buffer): boolean => {
  try {
    treeOf(bytes, searched);
    return false;
  } catch (thrown) {
    if (thrown instanceof Failure) return true;
    throw thrown;
  }
};
