import type { ViewedItem } from "../../../preload/contract/x509.ts";
import { toSpki } from "../../keys/public-key.ts";
import type { FileItem } from "../../objects/import/file-item.ts";
import { readFile } from "../../objects/import/read-file.ts";
import { Failure } from "../../pkcs11/failure.ts";
import { anyElement } from "./asn1/ber.ts";
import { certificateItem } from "./certificate.ts";
import { keyFingerprints, publicKeyOf } from "./public-key.ts";
import { blankItem, Reading } from "./reading.ts";
import { tlsView } from "./tls/tls.ts";

/** A public key (SubjectPublicKeyInfo). @param spki DER */
export const publicKeyItem = (spki: Buffer, where: string, name: string | null = null): ViewedItem => {
  const reading = new Reading(where);
  return {
    ...keyItem("publicKey", "Public key", spki, name, reading),
    der: spki.toString("base64"),
    pemLabel: "PUBLIC KEY",
  };
};

/** Only the public half is looked at. */
const keyItem = (
  kind: "publicKey" | "privateKey",
  words: string,
  spki: Buffer,
  name: string | null,
  reading: Reading,
): ViewedItem => {
  const { element, fault } = anyElement(spki, 0);
  if (fault) reading.fault(fault);
  const key = element && !fault ? reading.try(() => publicKeyOf(element)) : null;
  const title = key ? `${words}, ${key.view.words}` : words;
  return {
    ...blankItem(kind, words, reading),
    title: name ? `${title}, ${name}` : title,
    publicKey: key?.view ?? null,
    fingerprints: (key && reading.try(() => keyFingerprints(key))) ?? [],
    tls: key && tlsView(key, null, [], false),
  };
};

/**
 * Items of a file that holds private values, or may do: its bytes are read by the importer, which wipes them. What comes
 * out has public halves and certificates only.
 * @param words of the whole, if it cannot be opened: "Private key", "PKCS#12"
 */
export const secretItems = (
  content: Buffer,
  place: { where: string; kind: "privateKey" | "pkcs12"; words: string; password: string | null; now: Date },
): { items: ViewedItem[]; warnings: string[] } => {
  const { where, kind, words, password, now } = place;
  try {
    const file = readFile(where, Buffer.from(content), password);
    try {
      return { items: file.items.map((item) => itemOf(item, where, now)), warnings: file.warnings };
    } finally {
      file.wipe();
    }
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    const reading = new Reading(where);
    reading.problems.push({ ...thrown.data, where });
    return { items: [blankItem(kind, words, reading)], warnings: [] };
  }
};

const itemOf = (item: FileItem, where: string, now: Date): ViewedItem => {
  if (item.kind === "certificate") {
    const viewed = certificateItem(item.der, where, now);
    return item.name ? { ...viewed, attributes: [nameAttribute(item.name)] } : viewed;
  }
  const spki = toSpki(item.publicKey);
  if (item.kind === "publicKey") return publicKeyItem(spki, where, item.name);
  const reading = new Reading(where);
  reading.notes.push("The private values are not shown; this is the public half.");
  return keyItem("privateKey", "Private key", spki, item.name, reading);
};

const nameAttribute = (name: string) => ({ oid: "1.2.840.113549.1.9.20", name: "friendlyName", lines: [name] });
