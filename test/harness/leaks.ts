import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Base64 of bytes that may begin anywhere in what was encoded: what is the same whatever is around them. */
const base64Forms = (bytes: Buffer): string[] =>
  [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString("base64");
    return text.slice(shift === 0 ? 0 : 4, -4);
  });

/** Every spelling in which a secret could leak: as it is, hexadecimal, base64, UTF-16. */
export const spellings = (secret: Buffer): Buffer[] => {
  const hex = secret.toString("hex");
  const texts = [hex, hex.toUpperCase(), hex.match(/../g)?.join(" ") ?? "", ...base64Forms(secret)];
  const wide = Buffer.from(secret.toString("latin1"), "utf16le");
  return [secret, wide, Buffer.from(wide).swap16(), ...texts.map((text) => Buffer.from(text))];
};

/** Searches bytes for secrets. @returns the names of those found */
export const leaksIn = (content: Buffer | string, secrets: Record<string, Buffer | string>): string[] => {
  const bytes = Buffer.from(content as string);
  return Object.entries(secrets)
    .filter(([, secret]) => spellings(Buffer.from(secret as string)).some((spelling) => bytes.includes(spelling)))
    .map(([name]) => name);
};

/** Searches every file below a folder. @returns "file: secret" for each find, and how many files were searched */
export const leaksBelow = async (
  folder: string,
  secrets: Record<string, Buffer | string>,
): Promise<{ found: string[]; files: number }> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const found = await Promise.all(
    files.map(async (file) => leaksIn(await readFile(file), secrets).map((name) => `${file}: ${name}`)),
  );
  return { found: found.flat(), files: files.length };
};
