import { readNode } from "../../keys/ber.ts";
import { badFile } from "../../objects/import/file-failures.ts";
import { looksLikePem, pemBlocks, textOf } from "../../objects/import/pem.ts";
import { pem } from "../../x509/pem.ts";
import type { FileStore, OpenedStore, StoredEntry } from "../store-format.ts";

const certificateLabels = new Set(["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"]);
/** Begins at a certificate's first line, ends with its last, line break included. */
const certificateBlock = /-----BEGIN ((?:X509 |TRUSTED )?CERTIFICATE)-----[\s\S]*?-----END \1-----[ \t]*(?:\r?\n|$)/g;

/** Certificates one after the other, as OpenSSL, curl, nginx and most others read them. Text between them is kept. */
export const pemStore: FileStore = {
  read: (bytes) => readPemStore("the store", bytes),
  change(old, { add, goes }) {
    const text = old === null ? "" : unbroken(old);
    const kept = text.replace(certificateBlock, (block) => {
      const [entry] = readPemStore("the store", Buffer.from(block, "latin1")).entries;
      return entry && goes(entry) ? "" : block;
    });
    const gap = add.length === 0 || kept === "" || kept.endsWith("\n") ? "" : "\n";
    return Buffer.from(kept + gap + add.map(blockOf).join(""), "latin1");
  },
};

/** UTF-16 would come back in halves; nobody who reads trust stores reads it either. */
const unbroken = (bytes: Buffer): string => {
  if (bytes[0] === 0xff && bytes[1] === 0xfe)
    throw badFile(
      "the store",
      "The file is in UTF-16, which no program reads as a trust store.",
      "Save it as plain text.",
    );
  readPemStore("the store", bytes);
  return bytes.toString("latin1");
};

const blockOf = ({ alias, der }: StoredEntry): string => {
  const words = Buffer.from(alias.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").replaceAll("-----", "- - -"), "utf8");
  return `${alias === "" ? "" : `# ${words.toString("latin1")}\n`}${pem("CERTIFICATE", der)}`;
};

/** @throws Failure BAD_FILE naming the block */
export const readPemStore = (fileName: string, bytes: Buffer): OpenedStore => {
  const text = textOf(bytes);
  if (text.trim() !== "" && !looksLikePem(text)) throw badFile(fileName, "This is no PEM file.");
  const blocks = pemBlocks(fileName, text);
  const entries = blocks
    .filter(({ label }) => certificateLabels.has(label))
    // OpenSSL's trusted certificates have what they are trusted for behind them.
    .map(({ bytes: der }): StoredEntry => ({ alias: "", kind: "certificate", der: readNode(der).raw, trusted: true }));
  const privateKeys = blocks.filter(({ label }) => label.endsWith("PRIVATE KEY")).length;
  return { entries, privateKeys, warnings: [] };
};
