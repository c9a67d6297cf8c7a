import { children, explicit, type Node, oidOf, readAll, sequence, tags } from "../../keys/ber.ts";
import { badFile } from "../../objects/import/file-failures.ts";
import { looksLikePem, pemBlocks, textOf } from "../../objects/import/pem.ts";
import { DerError } from "../../pkcs11/der.ts";
import { der, derOid } from "../../pkcs11/der-write.ts";
import { failure } from "../../pkcs11/failure.ts";
import { pem } from "../../x509/pem.ts";
import type { FileStore, StoredEntry } from "../store-format.ts";

const signedData = "1.2.840.113549.1.7.2";
const data = "1.2.840.113549.1.7.1";

interface Bundle {
  certificates: Buffer[];
  /** Other choices in the set of certificates, and the set of CRLs: kept as they are. */
  others: Buffer[];
  lists: Buffer | null;
  signers: number;
}

/** Degenerate SignedData (RFC 5652 5.1, RFC 2315 9.1): certificates without a signature, as Windows and Java read it. */
const pkcs7 = (asText: boolean): FileStore => ({
  read(bytes) {
    const { certificates } = open(bytes);
    return {
      entries: certificates.map((one): StoredEntry => ({ alias: "", kind: "certificate", der: one, trusted: true })),
      privateKeys: 0,
      warnings: [],
    };
  },
  change(old, { add, goes }) {
    const bundle = old === null ? { certificates: [], others: [], lists: null, signers: 0 } : open(old);
    if (bundle.signers > 0)
      throw failure("REFUSED", {
        where: "PKCS#7",
        message: "This file is a signed message, not a bundle of certificates. It was not changed.",
        remedy: "Write the certificates to a new file.",
      });
    const kept = bundle.certificates.filter(
      (one) => !goes({ alias: "", kind: "certificate", der: one, trusted: true }),
    );
    const bytes = close({ ...bundle, certificates: [...kept, ...add.map((entry) => entry.der)] });
    return asText ? Buffer.from(pem("PKCS7", bytes)) : bytes;
  },
});

export const pkcs7DerStore = pkcs7(false);
export const pkcs7PemStore = pkcs7(true);

const open = (bytes: Buffer): Bundle => {
  const [type, content] = sequence(readAll(derOf(bytes)), "ContentInfo");
  if (oidOf(type, "a content type") !== signedData) throw new DerError("a PKCS#7 file that is not SignedData");
  const fields = sequence(explicit(content, "the content"), "SignedData");
  const choices = inside(fields.find(({ tag }) => tag === 0xa0));
  const isCertificate = ({ tag }: Node) => tag === tags.sequence;
  return {
    certificates: choices.filter(isCertificate).map(({ raw }) => raw),
    others: choices.filter((node) => !isCertificate(node)).map(({ raw }) => raw),
    lists: fields.find(({ tag }) => tag === 0xa1)?.raw ?? null,
    signers: inside(fields.at(-1)).length,
  };
};

const inside = (node: Node | undefined): Node[] => (node ? children(node) : []);

const derOf = (bytes: Buffer): Buffer => {
  const text = textOf(bytes);
  if (!looksLikePem(text)) return bytes;
  const block = pemBlocks("the store", text).find(({ label }) => /^(PKCS7|CMS|PKCS #7 SIGNED DATA)$/.test(label));
  if (!block) throw badFile("the store", "There is no PKCS#7 block in this PEM file.");
  return block.bytes;
};

const close = ({ certificates, others, lists }: Bundle): Buffer =>
  der(
    0x30,
    derOid(signedData),
    der(
      0xa0,
      der(
        0x30,
        der(0x02, Buffer.from([1])),
        der(0x31),
        der(0x30, derOid(data)),
        // A SET OF in DER is sorted (X.690 11.6).
        der(0xa0, ...[...certificates, ...others].sort(Buffer.compare)),
        ...(lists ? [lists] : []),
        der(0x31),
      ),
    ),
  );

/** Whether bytes are PKCS#7 at all: for finding out a file's kind. */
export const looksLikePkcs7 = (bytes: Buffer): boolean => {
  try {
    open(bytes);
    return true;
  } catch {
    return false;
  }
};
