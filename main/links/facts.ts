import { extendedKeyUsageOids } from "../../preload/contract/certificate-names.ts";
import { has, type Member, plainLabel } from "./member.ts";

/** What the rules for one private key are asked about. */
export interface KeyFacts {
  key: Member;
  /** Objects of the same key, whatever their CKA_ID. */
  publicKeys: readonly Member[];
  certificates: readonly Member[];
  /** Those of them that have the private key's CKA_ID. */
  publicUnderId: readonly Member[];
  certificatesUnderId: readonly Member[];
  /** Objects of another key under the private key's CKA_ID. */
  foreign: readonly Member[];
  /** Other private keys with the same CKA_ID. */
  sameId: readonly Member[];
  /** The certificate that programs should use: under the private key's CKA_ID if there is one, the one that ends last. */
  certificate: Member | null;
  chainComplete: boolean;
  /** Issuers on the token that are not roots. */
  intermediates: number;
  /** Public keys and certificates of other keys on the token, on curves that few programs know. */
  rareBeside: readonly Member[];
  now: Date;
}

export const keyType = ({ key }: KeyFacts): string => key.object.keyType ?? "";

const nistCurves: ReadonlySet<string> = new Set(["P-256", "P-384", "P-521"]);
/** Whether an object shows a public key on another curve than P-256, P-384 and P-521. */
export const onRareCurve = ({ publicKey }: Member): boolean =>
  publicKey?.type === "EC" && !nistCurves.has(publicKey.curve.name);
export const onNistCurve = ({ key }: KeyFacts): boolean => nistCurves.has(key.object.curve ?? "");

/** The key's kind in words: "an EC brainpoolP256r1 key". */
export const kindWords = ({ key }: KeyFacts): string => {
  const { keyType, size, curve } = key.object;
  const kind = keyType === "EC" && curve ? `EC ${curve}` : keyType === "RSA" && size ? `RSA ${size}` : (keyType ?? "");
  return kind || "key of unknown kind";
};

export const hasId = ({ key }: KeyFacts): boolean => key.object.id !== "";

/** A mark of its own for NSS (pk11_isID0 in pk11cert.c). */
export const idOfZeros = ({ key }: KeyFacts): boolean => /^(00)+$/.test(key.object.id);

export const signs = ({ key }: KeyFacts): boolean =>
  has(key, "sign") || key.object.unreadable.some(({ attribute }) => attribute === "CKA_SIGN");

export const expired = ({ certificate, now }: KeyFacts): boolean =>
  certificate?.object.notAfter != null && Date.parse(certificate.object.notAfter) < now.getTime();

export const notYetValid = ({ certificate, now }: KeyFacts): boolean =>
  certificate?.object.notBefore != null && Date.parse(certificate.object.notBefore) > now.getTime();

const { clientAuth, anyExtendedKeyUsage } = extendedKeyUsageOids;

export const noClientAuth = ({ certificate }: KeyFacts): boolean => {
  const usage = certificate?.certificate?.extendedKeyUsage;
  return usage != null && !usage.includes(clientAuth) && !usage.includes(anyExtendedKeyUsage);
};

/** Objects of the key whose label is another than the private key's. */
export const otherLabels = ({ key, publicKeys, certificates }: KeyFacts): Member[] =>
  [...publicKeys, ...certificates].filter(({ object }) => plainLabel(object.label) !== plainLabel(key.object.label));

/** Certificates of the key that programs which join by CKA_ID do not find. */
export const certificatesElsewhere = ({ certificates, certificatesUnderId }: KeyFacts): Member[] =>
  certificates.filter((member) => !certificatesUnderId.includes(member));

export const foreignCertificates = ({ foreign }: KeyFacts): Member[] =>
  foreign.filter(({ object }) => object.class === "certificate");

/** Those with the private key's CKA_ID, where two empty ones are the same: so do programs that compare bytes. */
export const withKeysId = ({ key }: KeyFacts, members: readonly Member[]): Member[] =>
  members.filter(({ object }) => object.id === key.object.id);
