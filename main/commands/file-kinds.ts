import { commandLine } from "./shell-words.ts";

export type FileKind = "certificate" | "publicKey" | "privateKey";

export const typeOfKind: Record<FileKind, string> = {
  certificate: "cert",
  publicKey: "pubkey",
  privateKey: "privkey",
};

interface FileKinds {
  /** What can be written, in the order in which the file has it, and the file that pkcs11-tool then takes. */
  kinds: { kind: FileKind; path: string }[];
  /** Commands that take the file apart first. */
  prepare: string[];
  /** Commands that show what is in it. */
  look: string[];
  note: string | null;
}

/** PEM labels (RFC 7468 and what OpenSSL writes) that can become an object. */
const pemKinds: [RegExp, FileKind][] = [
  [/CERTIFICATE$/, "certificate"],
  [/PRIVATE KEY$/, "privateKey"],
  [/PUBLIC KEY$/, "publicKey"],
];

/** What a file holds, seen from its name and its PEM labels; other tools need to be told. */
export const kindsInFile = (fileName: string, content: string | undefined): FileKinds => {
  const text = Buffer.from(content ?? "", "base64").toString("latin1");
  if (/\.(p12|pfx)$/i.test(fileName)) return pkcs12(fileName);
  if (/\.(p7b|p7c)$/i.test(fileName) || text.includes("-----BEGIN PKCS7-----")) return pkcs7(fileName, text);
  const labels = [...text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----/g)].map(([, label]) => label ?? "");
  const kinds = labels.flatMap((label) => pemKinds.filter(([fits]) => fits.test(label)).map(([, kind]) => kind));
  if (kinds.length === 0) return single(fileName, /\.(key|p8|pk8)$/i.test(fileName) ? "privateKey" : "certificate");
  return {
    kinds: kinds.map((kind) => ({ kind, path: fileName })),
    prepare: [],
    look: kinds.includes("certificate") ? [commandLine(["openssl", "x509", "-in", fileName, "-noout", "-text"])] : [],
    note:
      kinds.length > 1
        ? `pkcs11-tool takes the first item of its type in ${fileName}; split the file for the others.`
        : null,
  };
};

const single = (path: string, kind: FileKind): FileKinds => ({
  kinds: [{ kind, path }],
  prepare: [],
  look: kind === "certificate" ? [commandLine(["openssl", "x509", "-in", path, "-noout", "-text"])] : [],
  note: null,
});

const pkcs12 = (fileName: string): FileKinds => ({
  kinds: [
    { kind: "privateKey", path: "key.pem" },
    { kind: "certificate", path: "certificate.pem" },
  ],
  prepare: [
    commandLine(["openssl", "pkcs12", "-in", fileName, "-nocerts", "-nodes", "-out", "key.pem"]),
    commandLine(["openssl", "pkcs12", "-in", fileName, "-clcerts", "-nokeys", "-out", "certificate.pem"]),
  ],
  look: [commandLine(["openssl", "pkcs12", "-in", fileName, "-info", "-noout"])],
  note: "pkcs11-tool does not read PKCS#12. key.pem then holds the private key in the clear: remove it afterwards.",
});

const pkcs7 = (fileName: string, text: string): FileKinds => ({
  kinds: [{ kind: "certificate", path: "chain.pem" }],
  prepare: [
    commandLine([
      ...["openssl", "pkcs7", "-in", fileName, "-print_certs", "-out", "chain.pem"],
      ...(text.includes("-----BEGIN") ? [] : ["-inform", "DER"]),
    ]),
  ],
  look: [commandLine(["openssl", "crl2pkcs7", "-nocrl", "-certfile", "chain.pem"])],
  note: "pkcs11-tool takes the first certificate of chain.pem; split the file for the others.",
});
