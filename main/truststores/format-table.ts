import type { StoreFormat, StoreReader } from "../../preload/contract/truststores.ts";
import { derStore } from "./formats/der.ts";
import { jksStore } from "./formats/jks.ts";
import { pemStore } from "./formats/pem.ts";
import { pkcs7DerStore, pkcs7PemStore } from "./formats/pkcs7.ts";
import { pkcs12Store } from "./formats/pkcs12.ts";
import { sshStore } from "./formats/ssh.ts";
import { sstStore } from "./formats/sst.ts";
import type { FileStore } from "./store-format.ts";

/** How a folder of certificates names its files, and how its reader finds them. */
export interface FolderNaming {
  ending: ".pem" | ".crt" | ".der";
  /** Files are found by OpenSSL's hash of the subject: "5a4d7e21.0", numbers without a gap. */
  hashed: boolean;
}

export interface FormatFacts {
  format: StoreFormat;
  title: string;
  /** Who reads it. */
  words: string;
  /** Proposed name of the file, or folder. */
  fileName: string;
  password: "needed" | "none";
  /** Whether entries have names of their own in it. */
  names: boolean;
  holds: "certificates" | "publicKeys";
  one: boolean;
  /** null for what is no single file. */
  file: FileStore | null;
  folder: FolderNaming | null;
  readers: StoreReader[];
  /** A program without which it cannot be written. */
  needs: string | null;
}

const certificates = { password: "none", names: false, holds: "certificates", one: false, needs: null } as const;
const inFile = { ...certificates, folder: null } as const;
const inFolder = { ...certificates, file: null, names: true } as const;
const publicKeys = { ...inFile, file: sshStore, names: true, holds: "publicKeys" } as const;

export const storeFormatTable: FormatFacts[] = [
  {
    ...inFile,
    format: "pem",
    title: "PEM, all in one file",
    words: "OpenSSL, curl, nginx, Apache, Python, Git and most others (CAfile).",
    fileName: "trusted.pem",
    file: pemStore,
    readers: ["openssl"],
  },
  {
    ...inFile,
    format: "pkcs12",
    title: "PKCS#12 trust store",
    words: "Java, Liberty, jConsole; each certificate carries Java's mark of trust, without which Java sees 0 entries.",
    fileName: "trusted.p12",
    password: "needed",
    names: true,
    file: pkcs12Store,
    readers: ["keytool", "javaTrustManager", "openssl"],
  },
  {
    ...inFile,
    format: "jks",
    title: "JKS trust store",
    words: "Older Java programs and application servers.",
    fileName: "trusted.jks",
    password: "needed",
    names: true,
    file: jksStore,
    readers: ["keytool", "javaTrustManager"],
  },
  {
    ...inFile,
    format: "nss",
    title: "NSS database",
    words: "Firefox, Chrome on Linux, Thunderbird, LibreOffice (cert9.db).",
    fileName: "nssdb",
    names: true,
    file: null,
    folder: null,
    readers: ["certutil"],
    needs: "certutil",
  },
  {
    ...inFolder,
    format: "opensslDirectory",
    title: "OpenSSL hashed directory",
    words: "OpenSSL, curl, Apache, wpa_supplicant (CApath); found by the hash of the subject.",
    fileName: "certs",
    folder: { ending: ".pem", hashed: true },
    readers: ["openssl"],
  },
  {
    ...inFolder,
    format: "debianAnchors",
    title: "System anchors, Debian and Ubuntu",
    words: "Every program that asks the system; /usr/local/share/ca-certificates, then update-ca-certificates.",
    fileName: "ca-certificates",
    folder: { ending: ".crt", hashed: false },
    readers: ["openssl"],
  },
  {
    ...inFolder,
    format: "redHatAnchors",
    title: "System anchors, Red Hat and Fedora",
    words: "Every program that asks the system; /etc/pki/ca-trust/source/anchors, then update-ca-trust.",
    fileName: "anchors",
    folder: { ending: ".pem", hashed: false },
    readers: ["trust", "openssl"],
  },
  {
    ...inFolder,
    format: "p11kitAnchors",
    title: "p11-kit anchors",
    words: "GnuTLS, GNOME, NSS through p11-kit; a folder that the trust module reads.",
    fileName: "anchors",
    folder: { ending: ".pem", hashed: false },
    readers: ["trust"],
  },
  {
    ...inFolder,
    format: "pemEach",
    title: "PEM, a file each",
    words: "For programs that take one certificate at a time.",
    fileName: "certificates",
    folder: { ending: ".pem", hashed: false },
    readers: ["openssl"],
  },
  {
    ...inFile,
    format: "der",
    title: "DER, one certificate",
    words: "Android, Windows (.cer, double click), appliances.",
    fileName: "certificate.cer",
    one: true,
    file: derStore,
    readers: ["openssl"],
  },
  {
    ...inFile,
    format: "pkcs7Der",
    title: "PKCS#7 (.p7b), DER",
    words: "Windows, Java (keytool -importcert), macOS.",
    fileName: "certificates.p7b",
    file: pkcs7DerStore,
    readers: ["openssl"],
  },
  {
    ...inFile,
    format: "pkcs7Pem",
    title: "PKCS#7, PEM",
    words: "Programs that take PKCS#7 as text.",
    fileName: "certificates.p7c.pem",
    file: pkcs7PemStore,
    readers: ["openssl"],
  },
  {
    ...inFile,
    format: "gskit",
    title: "Base64 for IBM GSKit (.arm)",
    words: "IBM MQ, Db2, HTTP Server: added with runmqakm or gsk8capicmd.",
    fileName: "certificates.arm",
    file: pemStore,
    readers: ["openssl", "runmqakm"],
  },
  {
    ...inFile,
    format: "racf",
    title: "Base64 for RACF",
    words: "z/OS: uploaded as text, then RACDCERT ADD and CONNECT.",
    fileName: "certificates.racf.pem",
    file: pemStore,
    readers: ["openssl"],
  },
  {
    ...inFile,
    format: "sst",
    title: "Windows certificate store (.sst)",
    words: "Windows: certutil -addstore, certlm.msc, group policies.",
    fileName: "certificates.sst",
    names: true,
    file: sstStore,
    readers: [],
  },
  {
    ...publicKeys,
    format: "sshPublicKeys",
    title: "OpenSSH public keys (.pub)",
    words: "ssh-keygen, Git hosts, signing (allowed_signers).",
    fileName: "keys.pub",
    readers: ["sshKeygen"],
  },
  {
    ...publicKeys,
    format: "sshAuthorizedKeys",
    title: "authorized_keys",
    words: "sshd: who holds one of these keys may log in.",
    fileName: "authorized_keys",
    readers: ["sshKeygen"],
  },
];

export const formatFacts = (format: StoreFormat): FormatFacts => {
  const facts = storeFormatTable.find((one) => one.format === format);
  if (!facts) throw new Error(`no such store: ${format}`);
  return facts;
};
