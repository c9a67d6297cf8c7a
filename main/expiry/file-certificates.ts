import type { Dirent } from "node:fs";
import { readFile as readBytes, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { ErrorData } from "../../preload/contract/errors.ts";
import { certificateFacts } from "../objects/certificate-facts.ts";
import { readFile } from "../objects/import/read-file.ts";
import { Failure, failure, toErrorData } from "../pkcs11/failure.ts";
import type { Found } from "./overview.ts";
import type { Looked } from "./token-certificates.ts";

/** Names of files that are looked into when a folder is watched; a file that is named itself may have any name. */
const certificateFile = /\.(pem|crt|cer|der|p7b|p7c|p12|pfx|cert)$/i;
/** Files of one folder, all folders in it counted: a slip such as "/" must not read a whole disk. */
const mostFiles = 2000;
const deepest = 4;
const largest = 4 * 1024 * 1024;

/** The certificates in a watched file or folder. What cannot be read is told beside the others. */
export const fileCertificates = async (path: string): Promise<Looked> => {
  try {
    const stats = await stat(path);
    return stats.isDirectory() ? await inFolder(path) : look("file", path, [path], []);
  } catch (thrown) {
    return { found: [], sources: [{ kind: "file", name: path, certificates: 0, problems: [notThere(path, thrown)] }] };
  }
};

const inFolder = async (folder: string): Promise<Looked> => {
  const files: string[] = [];
  const problems: ErrorData[] = [];
  await collect(folder, 0, files, problems);
  if (files.length > mostFiles)
    problems.push(
      failure("REFUSED", {
        where: folder,
        message: `There are more than ${mostFiles} certificate files in it; the others were left out.`,
        remedy: "Watch a folder further down.",
      }).data,
    );
  return look("folder", folder, files.slice(0, mostFiles), problems);
};

const collect = async (folder: string, depth: number, files: string[], problems: ErrorData[]): Promise<void> => {
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (thrown) {
    problems.push(notThere(folder, thrown));
    return;
  }
  for (const entry of entries.sort((a, b) => a.name.localeCompare(b.name))) {
    if (files.length > mostFiles || entry.name.startsWith(".")) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory() && depth < deepest) await collect(path, depth + 1, files, problems);
    else if (!entry.isDirectory() && certificateFile.test(entry.name)) files.push(path);
  }
};

const look = async (kind: "file" | "folder", name: string, paths: string[], problems: ErrorData[]): Promise<Looked> => {
  const found: Found[] = [];
  for (const path of paths) {
    try {
      found.push(...(await inFile(path)));
    } catch (thrown) {
      // In a folder a key or a request is no fault: it has no end.
      if (kind === "file" || !isOtherKind(thrown)) problems.push(notThere(path, thrown));
    }
  }
  return { found, sources: [{ kind, name, certificates: found.length, problems }] };
};

const isOtherKind = (thrown: unknown): boolean =>
  thrown instanceof Failure &&
  thrown.data.code === "BAD_FILE" &&
  /without key or certificate|neither a certificate/.test(thrown.data.message);

const inFile = async (path: string): Promise<Found[]> => {
  const { size } = await stat(path);
  if (size > largest)
    throw failure("BAD_FILE", {
      where: path,
      message: `It has ${Math.round(size / 1e5) / 10} MB: no certificate file is that large.`,
      remedy: "Watch another file.",
    });
  const file = readFile(path, await readBytes(path), null);
  file.wipe();
  return file.items.flatMap((item): Found[] => {
    const facts = item.kind === "certificate" ? certificateFacts(item.der) : null;
    if (!facts) return [];
    const { subject, issuer, serialNumber, notBefore, notAfter } = facts;
    return [{ subject, issuer, serialNumber, notBefore, notAfter, place: { kind: "file", path } }];
  });
};

const reasons: Record<string, string> = {
  ENOENT: "It is not there any more.",
  EACCES: "Your user may not read it.",
  EPERM: "Your user may not read it.",
};

const notThere = (path: string, thrown: unknown): ErrorData => {
  const code = (thrown as NodeJS.ErrnoException).code;
  if (typeof code !== "string" || thrown instanceof Failure) return toErrorData(thrown, path);
  return failure("FILE_FAILED", {
    where: path,
    message: reasons[code] ?? `It cannot be read (${code}).`,
    remedy: "Put it back, or take it out of the list.",
  }).data;
};
