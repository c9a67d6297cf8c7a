import { basename } from "node:path";
import type { StoreFormat } from "../../preload/contract/truststores.ts";
import { tags } from "../keys/ber.ts";
import { badFile } from "../objects/import/file-failures.ts";
import { looksLikeOpenSsh } from "../objects/import/openssh.ts";
import { looksLikePem, textOf } from "../objects/import/pem.ts";
import { looksLikePkcs7 } from "./formats/pkcs7.ts";
import { looksLikePkcs12 } from "./formats/pkcs12.ts";
import { isNssStore } from "./nss-store.ts";
import { namesIn } from "./store-content.ts";

/** The kind of store by its content; the name counts only where contents are alike. @throws Failure BAD_FILE */
export const formatOfFile = (path: string, bytes: Buffer): StoreFormat => {
  const head = bytes.length >= 8 ? bytes.readUInt32BE(0) : 0;
  if (head === 0xfeedfeed || head === 0xcececece) return "jks";
  if (head === 0 && bytes.length >= 8 && bytes.readUInt32LE(4) === 0x54524543) return "sst";
  const text = textOf(bytes);
  if (looksLikePem(text)) {
    if (/-----BEGIN (PKCS7|CMS|PKCS #7 SIGNED DATA)-----/.test(text)) return "pkcs7Pem";
    return path.toLowerCase().endsWith(".arm") ? "gskit" : "pem";
  }
  if (looksLikeOpenSsh(text)) return /authorized_keys2?$/.test(path) ? "sshAuthorizedKeys" : "sshPublicKeys";
  if (bytes[0] === tags.sequence) {
    if (looksLikePkcs12(bytes)) return "pkcs12";
    return looksLikePkcs7(bytes) ? "pkcs7Der" : "der";
  }
  throw badFile(
    path,
    "This is no trust store of a known kind.",
    "Choose a PEM, DER, PKCS#7, PKCS#12, JKS or SST file, or a folder.",
  );
};

export const formatOfFolder = async (path: string): Promise<StoreFormat> => {
  if (await isNssStore(path)) return "nss";
  const names = await namesIn(path);
  if (names.some((name) => /^[0-9a-f]{8}\.\d+$/.test(name))) return "opensslDirectory";
  if (names.some((name) => name.endsWith(".crt"))) return "debianAnchors";
  return basename(path) === "anchors" ? "p11kitAnchors" : "pemEach";
};
