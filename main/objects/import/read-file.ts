import { certificateParts } from "../../keys/certificate-parts.ts";
import { badFile, reading } from "./file-failures.ts";
import { type FileContent, type FileItem, type Reading, Secrets } from "./file-item.ts";
import { looksLikeOpenSsh, readOpenSsh } from "./openssh.ts";
import { looksLikePem, textOf } from "./pem.ts";
import { readDer } from "./read-der.ts";
import { readPem } from "./read-pem.ts";

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

/** Bundles often have the same certificate twice. */
const withoutRepeats = (items: FileItem[]): FileItem[] => {
  const seen = new Set<string>();
  return items.filter((item) => {
    if (item.kind !== "certificate") return true;
    const bytes = item.der.toString("latin1");
    return !seen.has(bytes) && seen.add(bytes);
  });
};
