import { createHash } from "node:crypto";
import type { LinkObject } from "../../preload/contract/links.ts";
import { type PublicKey, toSpki } from "../keys/public-key.ts";
import type { CertificateMarks } from "./certificate-marks.ts";

/** An object of the token that a key can be joined by, with what was read of it. */
export interface Member {
  object: LinkObject;
  /** The public key that the object shows; null if it does not tell, or the kind of key is not known. */
  publicKey: PublicKey | null;
  /** For an X.509 certificate that can be read. */
  certificate: CertificateMarks | null;
  /** Attributes that a certificate object should have beside its value, and has not: CKA_SUBJECT and others. */
  missing: string[];
  /** CKA_TRUSTED of a certificate; null where the module does not have it. */
  trusted: boolean | null;
}

/** SHA-256 of the SubjectPublicKeyInfo, hexadecimal: the same for the same key, whatever object or file it is in. */
export const keyHash = (key: PublicKey): string => createHash("sha256").update(toSpki(key)).digest("hex");

/** SmartCard-HSM class devices and OpenSC add the PIN's name to a label (OpenSC 0.23); it says nothing of the object. */
export const plainLabel = (label: string): string => label.replace(/ \(UserPIN\)$/, "");

export const isClass = (member: Member, name: LinkObject["class"]): boolean => member.object.class === name;

/** Whether a flag word of the row is set, e.g. "sign". */
export const has = ({ object }: Member, flag: string): boolean => object.flags.includes(flag);
