import { children, explicit, oidOf, readAll, sequence, tags } from "../../keys/ber.ts";
import { DerError } from "../../pkcs11/der.ts";
import type { FileItem } from "./file-item.ts";

const signedData = "1.2.840.113549.1.7.2";

/** The certificates of a PKCS#7 or CMS SignedData (RFC 5652 5.1), DER or BER; the signature, if any, is of no interest. */
export const readPkcs7 = (bytes: Buffer): { items: FileItem[]; warnings: string[] } => {
  const [type, content] = sequence(readAll(bytes), "ContentInfo");
  const name = oidOf(type, "a content type");
  if (name !== signedData) throw new DerError(`PKCS#7 content of type ${name}; only signedData holds certificates`);
  const [, , , ...rest] = sequence(explicit(content, "the content"), "SignedData");
  const set = rest.find(({ tag }) => tag === 0xa0);
  const choices = set ? children(set) : [];
  const certificates = choices.filter(({ tag }) => tag === tags.sequence);
  if (certificates.length === 0) throw new DerError("there is no certificate in it");
  const others = choices.length - certificates.length;
  return {
    items: certificates.map(({ raw }) => ({ kind: "certificate", name: null, der: raw })),
    warnings: others > 0 ? [`${others} attribute certificates were left out.`] : [],
  };
};
