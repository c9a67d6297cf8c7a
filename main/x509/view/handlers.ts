import { readFile, stat } from "node:fs/promises";
import { basename, normalize } from "node:path";
import type { Input } from "../../../preload/contract/index.ts";
import type { HandlersOf } from "../../dispatch.ts";
import { withHome } from "../../files/folder.ts";
import { failure } from "../../pkcs11/failure.ts";
import { treeOf } from "./asn1/tree.ts";
import { openContent } from "./open.ts";

/** Bytes of a file that is read; the largest revocation lists have ten million. */
const maximumSize = 32 * 1024 * 1024;

export const x509Handlers = (): HandlersOf<"x509"> => ({
  "x509.view": async (input) => {
    const { fileName, bytes } = await given(input);
    if (bytes.length > maximumSize) throw tooLarge(fileName, bytes.length);
    const opened = openContent(bytes, { fileName, password: input.password ?? null, now: new Date() });
    return { fileName, size: bytes.length, ...opened };
  },
  "x509.tree": ({ content, limit }) => {
    const bytes = Buffer.from(content, "base64");
    if (bytes.length > maximumSize) throw tooLarge("content", bytes.length);
    return { ...treeOf(bytes, limit), size: bytes.length };
  },
});

const given = async (input: Input<"x509.view">): Promise<{ fileName: string; bytes: Buffer }> => {
  const { content, text, path } = input;
  if ([content, text, path].filter((one) => one !== undefined).length !== 1)
    throw failure("INVALID_REQUEST", {
      where: "x509.view",
      message: "Give one of `content`, `text` and `path`.",
      remedy: "`path` names a file of this computer; `content` is its bytes in base64; `text` is pasted text.",
    });
  if (content !== undefined) return { fileName: input.fileName ?? "the file", bytes: Buffer.from(content, "base64") };
  if (text !== undefined) return { fileName: input.fileName ?? "the text", bytes: Buffer.from(text) };
  const full = withHome(path ?? "");
  return { fileName: input.fileName ?? basename(full), bytes: await fileBytes(full) };
};

const fileBytes = async (path: string): Promise<Buffer> => {
  const full = normalize(path);
  try {
    const { size, isFile } = await stat(full).then((found) => ({ size: found.size, isFile: found.isFile() }));
    if (!isFile) throw new Error("it is not a file");
    if (size > maximumSize) throw tooLarge(full, size);
    return await readFile(full);
  } catch (thrown) {
    if (!(thrown instanceof Error) || thrown.name === "Failure") throw thrown;
    throw failure("FILE_FAILED", {
      where: full,
      message: `The file cannot be read: ${thrown.message}`,
      remedy: "Check the path; ~/ is your own folder.",
    });
  }
};

const tooLarge = (where: string, size: number) =>
  failure("BAD_FILE", {
    where,
    message: `It has ${Math.round(size / 1e5) / 10} MB; up to ${maximumSize / 1024 / 1024} MB are read.`,
    remedy: "Certificates, keys and revocation lists are smaller. Choose the right file.",
  });
