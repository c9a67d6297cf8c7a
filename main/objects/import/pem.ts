import { badFile } from "./file-failures.ts";

/** One block of a PEM file (RFC 7468), also with the headers of traditional encryption (RFC 1421 4.6). */
export interface PemBlock {
  label: string;
  /** Header fields, e.g. "Proc-Type", "DEK-Info". */
  headers: Map<string, string>;
  bytes: Buffer;
  /** "file, block 2 (CERTIFICATE)". */
  where: string;
}

/** @returns the text of a file that may be PEM; PowerShell writes text files in UTF-16. */
export const textOf = (content: Buffer): string =>
  content[0] === 0xff && content[1] === 0xfe ? content.subarray(2).toString("utf16le") : content.toString("latin1");

export const looksLikePem = (text: string): boolean => text.includes("-----BEGIN ");

/** All blocks, in order; text around them is passed over. @throws Failure BAD_FILE naming block and line */
export const pemBlocks = (fileName: string, text: string): PemBlock[] => {
  const blocks: PemBlock[] = [];
  const lines = text.split(/\r\n|\r|\n/);
  for (let i = 0; i < lines.length; i++) {
    const label = /-----BEGIN ([A-Z0-9 ]+)-----/.exec(lines[i] ?? "")?.[1];
    if (label === undefined) continue;
    const where = `${fileName}, block ${blocks.length + 1} (${label})`;
    const end = lines.findIndex((line, at) => at > i && line.includes(`-----END ${label}-----`));
    if (end < 0) throw badFile(where, `The block that begins in line ${i + 1} has no end: the file is cut off.`);
    blocks.push({ label, where, ...blockContent(where, lines.slice(i + 1, end), i + 2) });
    i = end;
  }
  return blocks;
};

const blockContent = (
  where: string,
  lines: string[],
  firstLine: number,
): { headers: Map<string, string>; bytes: Buffer } => {
  const headers = new Map<string, string>();
  let body = "";
  lines.forEach((line, i) => {
    const header = /^([A-Za-z-]+):\s*(.*)$/.exec(line);
    const data = line.trim();
    if (header?.[1]) headers.set(header[1], header[2] ?? "");
    else if (/^[A-Za-z0-9+/]*={0,2}$/.test(data)) body += data;
    else throw badFile(where, `Line ${firstLine + i} is not base64.`);
  });
  if (body.length === 0) throw badFile(where, "The block is empty.");
  if (body.length % 4 !== 0 || /=[^=]/.test(body)) throw badFile(where, "The base64 text is cut off or damaged.");
  return { headers, bytes: Buffer.from(body, "base64") };
};
