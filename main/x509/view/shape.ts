import { type Element, is, isContext } from "./asn1/ber.ts";
import { elementsOf, isAlgorithm, isPrivateKey, valueIs } from "./asn1/shapes.ts";
import { isTime } from "./asn1/times.ts";
import { looksLikeCertificate } from "./certificate.ts";

/** What ASN.1 is, known by its shape alone; `private`: it holds private values, or their encryption. */
export type Shape =
  | "certificate"
  | "request"
  | "crl"
  | "publicKey"
  | "rsaPublicKey"
  | "pkcs7"
  | "pkcs12"
  | "privateKey"
  | "encryptedKey"
  | "other";

/** @param root of a file or block, cut off or not */
export const shapeOf = (root: Element): Shape => {
  if (isPrivateKey(root)) return "privateKey";
  const [first, second, third] = elementsOf(root);
  if (valueIs(first, 3) && isAlgorithm(second)) return "pkcs12";
  if (isAlgorithm(first) && is(second, "octetString") && !third) return "encryptedKey";
  if (isAlgorithm(first) && is(second, "bitString") && !third) return "publicKey";
  if (is(first, "integer") && is(second, "integer") && !third) return "rsaPublicKey";
  if (is(first, "oid") && isContext(second, 0)) return "pkcs7";
  const fields = elementsOf(first);
  if (looksLikeCertificate(fields)) return "certificate";
  if (looksLikeRequest(fields)) return "request";
  return looksLikeCrl(fields) ? "crl" : "other";
};

/** CertificationRequestInfo: version, name, key. */
const looksLikeRequest = ([version, name, key]: Element[]): boolean =>
  is(version, "integer") &&
  is(name, "sequence") &&
  (elementsOf(name).length === 0 || is(elementsOf(name)[0], "set")) &&
  isAlgorithm(elementsOf(key)[0]);

/** TBSCertList: version if any, algorithm, name, time. */
const looksLikeCrl = (fields: Element[]): boolean => {
  const [algorithm, name, time] = is(fields[0], "integer") ? fields.slice(1) : fields;
  return isAlgorithm(algorithm) && is(name, "sequence") && isTime(time);
};
