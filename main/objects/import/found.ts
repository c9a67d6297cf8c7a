import { type Node, tags } from "../../keys/ber.ts";
import { passwordNeeded, passwordWrong } from "./file-failures.ts";
import type { FileItem, Reading } from "./file-item.ts";
import { decryptWithPassword } from "./password-based.ts";
import { type PrivateKey, readEncrypted, readPkcs8 } from "./private-key.ts";

/** What one block or element of a file gives. */
export interface Found {
  items: FileItem[];
  warnings: string[];
}

export const found = (item: FileItem, warnings: string[] = []): Found => ({ items: [item], warnings });
export const foundKey = (key: PrivateKey, warnings: string[]): Found =>
  found({ kind: "privateKey", name: null, ...key }, warnings);

export const unprotected =
  "This file is not protected by a password: whoever has a copy of it has the key. Delete every copy once the key is on the token, and think of the key as one that may be known.";

/** A private key in PKCS#8 encryption. @throws Failure PASSWORD_NEEDED, PASSWORD_WRONG; DerError */
export const encryptedKey = (node: Node, file: Reading, where: string): Found => {
  const { algorithm, data } = readEncrypted(node);
  if (file.password === null) throw passwordNeeded(where);
  const plain = decryptWithPassword(algorithm, file.password, data, file.secrets);
  if (plain?.[0] !== tags.sequence) throw passwordWrong(where);
  return foundKey(readPkcs8(plain, file.secrets), []);
};
