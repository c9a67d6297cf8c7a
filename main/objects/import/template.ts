import type { Template } from "pkcs11js";
import pkcs11js from "pkcs11js";
import type { KeyUse } from "../../../preload/contract/shared.ts";
import { tags } from "../../keys/ber.ts";
import { certificateParts } from "../../keys/certificate-parts.ts";
import { curveParameters } from "../../keys/curves.ts";
import { CKK_EC_EDWARDS, CKK_EC_MONTGOMERY } from "../../keys/numbers.ts";
import type { PublicKey } from "../../keys/public-key.ts";
import { publicUse, type Usage } from "../../keys/usage.ts";
import { CKA } from "../../pkcs11/attributes.ts";
import { der } from "../../pkcs11/der-write.ts";
import { ulong } from "../../pkcs11/handles.ts";
import type { PrivateParts } from "./file-item.ts";

/** One attribute to write. */
export interface Written {
  type: number;
  value: Buffer;
  /** Private material: never read back, shown or kept. */
  secret?: true;
  /** A difference after writing is a failure, not just a warning: names, CKA_TOKEN, protection, the public bytes. */
  strict?: true;
  /** A use that is denied, which a module may be spared if it refuses the template. */
  spare?: true;
}

export const asTemplate = (attributes: Written[]): Template => attributes.map(({ type, value }) => ({ type, value }));

const yes = Buffer.from([1]);
const no = Buffer.from([0]);
const flag = (value: boolean): Buffer => (value ? yes : no);

export interface Naming {
  label: Buffer;
  id: Buffer;
}

const common = (objectClass: number, isPrivate: boolean, { label, id }: Naming): Written[] => [
  { type: CKA.CLASS, value: ulong(objectClass), strict: true },
  { type: CKA.TOKEN, value: yes, strict: true },
  { type: CKA.PRIVATE, value: flag(isPrivate), strict: true },
  { type: CKA.LABEL, value: label, strict: true },
  { type: CKA.ID, value: id, strict: true },
];

/** PKCS#11 2.40, 4.6.3. Subject, issuer and serial number are the bytes of the certificate; CKA_CHECK_VALUE is left to the token. */
export const certificateTemplate = (bytes: Buffer, naming: Naming): Written[] => {
  const { subject, issuer, serialNumber } = certificateParts(bytes);
  return [
    ...common(pkcs11js.CKO_CERTIFICATE, false, naming),
    { type: CKA.CERTIFICATE_TYPE, value: ulong(pkcs11js.CKC_X_509) },
    { type: CKA.SUBJECT, value: subject },
    { type: CKA.ISSUER, value: issuer },
    { type: CKA.SERIAL_NUMBER, value: serialNumber },
    { type: CKA.VALUE, value: bytes, strict: true },
  ];
};

/** How a module wants Edwards and Montgomery keys; see {@link spellings}. */
export interface Spelling {
  /** Key type of X25519 keys: SoftHSM 2.6 has only CKK_EC_EDWARDS for both. */
  montgomery: number;
  /** CKA_EC_POINT bare (PKCS#11 3.1) or in an OCTET STRING (before). */
  barePoint: boolean;
}

/** Ways to write a key, the standard's of the module's version first. Only Ed25519 and X25519 have more than one. */
export const spellings = (type: PublicKey["type"], cryptokiVersion: { major: number; minor: number }): Spelling[] => {
  const barePoint = cryptokiVersion.major > 3 || (cryptokiVersion.major === 3 && cryptokiVersion.minor >= 1);
  const standard = { montgomery: CKK_EC_MONTGOMERY, barePoint };
  return type === "X25519" ? [standard, { montgomery: CKK_EC_EDWARDS, barePoint }] : [standard];
};

const keyType = (type: PublicKey["type"], { montgomery }: Spelling): Written => ({
  type: CKA.KEY_TYPE,
  value: ulong({ RSA: pkcs11js.CKK_RSA, EC: pkcs11js.CKK_EC, Ed25519: CKK_EC_EDWARDS, X25519: montgomery }[type]),
  strict: true,
});

/** Usage attributes, those that are denied too: what is left out, SoftHSM and others allow. */
const usageFlags = (table: [type: number, use: Usage | null][], allowed: readonly Usage[]): Written[] =>
  table.map(([type, use]) =>
    use !== null && allowed.includes(use) ? { type, value: yes } : { type, value: no, spare: true },
  );

const publicUsage: [number, Usage | null][] = [
  [CKA.VERIFY, "verify"],
  [CKA.ENCRYPT, "encrypt"],
  [CKA.WRAP, "wrap"],
  [pkcs11js.CKA_VERIFY_RECOVER, null],
];
const privateUsage: [number, Usage | null][] = [
  [CKA.SIGN, "sign"],
  [CKA.DECRYPT, "decrypt"],
  [CKA.UNWRAP, "unwrap"],
  [CKA.DERIVE, "derive"],
  [pkcs11js.CKA_SIGN_RECOVER, null],
];

/** @param use what its private half is for */
export const publicKeyTemplate = (
  key: PublicKey,
  naming: Naming,
  use: readonly KeyUse[],
  spelling: Spelling,
): Written[] => {
  const usage = usageFlags(
    publicUsage,
    use.flatMap((one) => publicUse[one] ?? []),
  );
  const base = [...common(pkcs11js.CKO_PUBLIC_KEY, false, naming), keyType(key.type, spelling), ...usage];
  if (key.type === "RSA")
    return [...base, { type: CKA.MODULUS, value: key.modulus }, { type: CKA.PUBLIC_EXPONENT, value: key.exponent }];
  const bare = key.type !== "EC" && spelling.barePoint;
  return [
    ...base,
    { type: CKA.EC_PARAMS, value: curveParameters(key.curve) },
    { type: CKA.EC_POINT, value: bare ? key.point : der(tags.octetString, key.point) },
  ];
};

export interface Protection {
  sensitive: boolean;
  extractable: boolean;
}

export const privateKeyTemplate = (
  parts: PrivateParts,
  naming: Naming,
  { sensitive, extractable }: Protection,
  use: readonly KeyUse[],
  spelling: Spelling,
): Written[] => [
  ...common(pkcs11js.CKO_PRIVATE_KEY, true, naming),
  keyType(parts.type, spelling),
  { type: CKA.SENSITIVE, value: flag(sensitive), strict: true },
  { type: CKA.EXTRACTABLE, value: flag(extractable), strict: true },
  ...usageFlags(privateUsage, use),
  ...values(parts),
];

const values = (parts: PrivateParts): Written[] => {
  const secret = (type: number, value: Buffer): Written => ({ type, value, secret: true });
  if (parts.type !== "RSA")
    return [{ type: CKA.EC_PARAMS, value: curveParameters(parts.curve) }, secret(CKA.VALUE, parts.value)];
  return [
    { type: CKA.MODULUS, value: parts.modulus },
    { type: CKA.PUBLIC_EXPONENT, value: parts.exponent },
    secret(pkcs11js.CKA_PRIVATE_EXPONENT, parts.privateExponent),
    secret(pkcs11js.CKA_PRIME_1, parts.prime1),
    secret(pkcs11js.CKA_PRIME_2, parts.prime2),
    secret(pkcs11js.CKA_EXPONENT_1, parts.exponent1),
    secret(pkcs11js.CKA_EXPONENT_2, parts.exponent2),
    secret(pkcs11js.CKA_COEFFICIENT, parts.coefficient),
  ];
};

/** Data object (PKCS#11 2.40, 4.5). @param objectId DER of an OBJECT IDENTIFIER, or null for none */
export const dataTemplate = (
  content: Buffer,
  {
    label,
    application,
    objectId,
    isPrivate,
  }: { label: Buffer; application: Buffer; objectId: Buffer | null; isPrivate: boolean },
): Written[] => [
  { type: CKA.CLASS, value: ulong(pkcs11js.CKO_DATA), strict: true },
  { type: CKA.TOKEN, value: yes, strict: true },
  { type: CKA.PRIVATE, value: flag(isPrivate), strict: true },
  { type: CKA.LABEL, value: label, strict: true },
  { type: CKA.APPLICATION, value: application, strict: true },
  ...(objectId ? [{ type: CKA.OBJECT_ID, value: objectId, strict: true } satisfies Written] : []),
  { type: CKA.VALUE, value: content, strict: true },
];

/** AES keys encrypt and decrypt, generic secrets make and check MACs. */
export const secretKeyTemplate = (
  type: "AES" | "generic",
  value: Buffer,
  naming: Naming,
  { sensitive, extractable }: Protection,
): Written[] => {
  const use = (attribute: number, allowed: boolean): Written => ({ type: attribute, value: flag(allowed) });
  return [
    ...common(pkcs11js.CKO_SECRET_KEY, true, naming),
    { type: CKA.KEY_TYPE, value: ulong(type === "AES" ? pkcs11js.CKK_AES : pkcs11js.CKK_GENERIC_SECRET), strict: true },
    { type: CKA.SENSITIVE, value: flag(sensitive), strict: true },
    { type: CKA.EXTRACTABLE, value: flag(extractable), strict: true },
    use(CKA.ENCRYPT, type === "AES"),
    use(CKA.DECRYPT, type === "AES"),
    use(CKA.SIGN, type === "generic"),
    use(CKA.VERIFY, type === "generic"),
    use(CKA.WRAP, false),
    use(CKA.UNWRAP, false),
    use(CKA.DERIVE, false),
    { type: CKA.VALUE, value, secret: true },
  ];
};
