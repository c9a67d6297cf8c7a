import type { AttributeRow } from "../../preload/contract/objects.ts";

export type AttributeKind = AttributeRow["kind"];

/** Whose numbers a number attribute has; decides the names it is shown with. */
export type NumberSense =
  | "class"
  | "keyType"
  | "certificateType"
  | "certificateCategory"
  | "mechanism"
  | "bits"
  | "bytes"
  | "hardware"
  | "profile"
  | "parameterSet"
  | "trust";

export interface AttributeInfo {
  number: number;
  /** CKA_ name. */
  name: string;
  kind: AttributeKind;
  /** Space-separated: an object class word of {@link scopesOf}, optionally with a key type, e.g. "privateKey/RSA". */
  scope: string;
  /** Whether the standard lets C_SetAttributeValue change it on a modifiable object. */
  editable: boolean;
  about: string;
  sense?: NumberSense;
}

type Row = readonly [number, string, AttributeKind, string, boolean, string, NumberSense?];

/**
 * The attributes of PKCS#11 3.2 (section 4 and the key chapters of section 6), with who has them and whether they
 * may be changed (footnotes 8, 11 and 12 of table 13, and section 4.6 for certificates).
 */
const rows: readonly Row[] = [
  [0x0, "CKA_CLASS", "number", "object", false, "Class of the object.", "class"],
  [0x1, "CKA_TOKEN", "boolean", "storage", false, "Kept on the token (yes) or gone when the session ends (no)."],
  [0x2, "CKA_PRIVATE", "boolean", "storage", false, "Can be seen only after login."],
  [0x3, "CKA_LABEL", "text", "storage", true, "Name for people."],
  [0x4, "CKA_UNIQUE_ID", "text", "storage", false, "The token's own identifier of the object (3.0)."],
  [0x10, "CKA_APPLICATION", "text", "data", true, "Application that manages the object."],
  [0x11, "CKA_VALUE", "bytes", "data", true, "The data."],
  [0x11, "CKA_VALUE", "bytes", "certificate", false, "The certificate, BER-encoded."],
  [0x11, "CKA_VALUE", "integer", "publicKey/DSA publicKey/DH publicKey/X9_42_DH", false, "Public value y."],
  [
    0x11,
    "CKA_VALUE",
    "bytes",
    "publicKey/ML_KEM publicKey/ML_DSA publicKey/SLH_DSA publicKey/HSS",
    false,
    "Public key.",
  ],
  [0x11, "CKA_VALUE", "secret", "privateKey secretKey otp", false, "The key itself; never read by this app."],
  [0x12, "CKA_OBJECT_ID", "oid", "data", true, "Object identifier of the data's type, DER-encoded."],
  [0x80, "CKA_CERTIFICATE_TYPE", "number", "certificate", false, "Kind of certificate.", "certificateType"],
  [0x81, "CKA_ISSUER", "name", "certificate", true, "Issuer's name, DER-encoded."],
  [0x82, "CKA_SERIAL_NUMBER", "integer", "certificate", true, "Serial number, a DER-encoded INTEGER."],
  [0x83, "CKA_AC_ISSUER", "name", "attributeCertificate", true, "Issuer of the attribute certificate."],
  [0x84, "CKA_OWNER", "name", "attributeCertificate", false, "Subject of the attribute certificate."],
  [0x85, "CKA_ATTR_TYPES", "bytes", "attributeCertificate", true, "Object identifiers of the attributes inside."],
  [
    0x86,
    "CKA_TRUSTED",
    "boolean",
    "certificate publicKey secretKey",
    false,
    "Trusted by the application that made it; only the SO can set it.",
  ],
  [
    0x87,
    "CKA_CERTIFICATE_CATEGORY",
    "number",
    "certificate",
    false,
    "Token user, authority or other entity.",
    "certificateCategory",
  ],
  [0x88, "CKA_JAVA_MIDP_SECURITY_DOMAIN", "number", "certificate", false, "Java MIDP security domain."],
  [0x89, "CKA_URL", "text", "certificate", false, "Where the certificate can be got if CKA_VALUE is empty."],
  [0x8a, "CKA_HASH_OF_SUBJECT_PUBLIC_KEY", "bytes", "x509", false, "Hash of the subject's public key."],
  [0x8b, "CKA_HASH_OF_ISSUER_PUBLIC_KEY", "bytes", "x509", false, "Hash of the issuer's public key."],
  [0x8c, "CKA_NAME_HASH_ALGORITHM", "number", "certificate", false, "Mechanism of the two hashes.", "mechanism"],
  [
    0x90,
    "CKA_CHECK_VALUE",
    "bytes",
    "certificate secretKey",
    false,
    "Checksum: first three bytes of a hash or of an encrypted zero block.",
  ],
  [0x100, "CKA_KEY_TYPE", "number", "key domain", false, "Kind of key.", "keyType"],
  [0x101, "CKA_SUBJECT", "name", "x509", false, "Subject's name, DER-encoded."],
  [0x101, "CKA_SUBJECT", "name", "publicKey privateKey", true, "Name in the certificate of this key, DER-encoded."],
  [0x102, "CKA_ID", "bytes", "x509 key", true, "Joins private key, public key and certificate."],
  [
    0x103,
    "CKA_SENSITIVE",
    "boolean",
    "privateKey secretKey",
    true,
    "The value cannot be read in the clear. Can be set to yes, never back.",
  ],
  [0x104, "CKA_ENCRYPT", "boolean", "publicKey secretKey", true, "May encrypt."],
  [0x105, "CKA_DECRYPT", "boolean", "privateKey secretKey", true, "May decrypt."],
  [0x106, "CKA_WRAP", "boolean", "publicKey secretKey", true, "May wrap other keys."],
  [0x107, "CKA_UNWRAP", "boolean", "privateKey secretKey", true, "May unwrap other keys."],
  [0x108, "CKA_SIGN", "boolean", "privateKey secretKey", true, "May sign."],
  [0x109, "CKA_SIGN_RECOVER", "boolean", "privateKey", true, "May make signatures that hold the data."],
  [0x10a, "CKA_VERIFY", "boolean", "publicKey secretKey", true, "May check signatures."],
  [0x10b, "CKA_VERIFY_RECOVER", "boolean", "publicKey", true, "May get the data out of signatures."],
  [0x10c, "CKA_DERIVE", "boolean", "key", true, "Other keys may be derived from it."],
  [0x110, "CKA_START_DATE", "date", "certificate key", false, "First day of use."],
  [0x111, "CKA_END_DATE", "date", "certificate key", false, "Last day of use."],
  [0x120, "CKA_MODULUS", "integer", "publicKey/RSA privateKey/RSA", false, "Modulus n."],
  [0x121, "CKA_MODULUS_BITS", "number", "publicKey/RSA", false, "Length of the modulus.", "bits"],
  [0x122, "CKA_PUBLIC_EXPONENT", "integer", "publicKey/RSA privateKey/RSA", false, "Public exponent e."],
  [0x123, "CKA_PRIVATE_EXPONENT", "secret", "privateKey/RSA", false, "Private exponent d; never read by this app."],
  [0x124, "CKA_PRIME_1", "secret", "privateKey/RSA", false, "Prime p; never read by this app."],
  [0x125, "CKA_PRIME_2", "secret", "privateKey/RSA", false, "Prime q; never read by this app."],
  [0x126, "CKA_EXPONENT_1", "secret", "privateKey/RSA", false, "d mod p-1; never read by this app."],
  [0x127, "CKA_EXPONENT_2", "secret", "privateKey/RSA", false, "d mod q-1; never read by this app."],
  [0x128, "CKA_COEFFICIENT", "secret", "privateKey/RSA", false, "1/q mod p; never read by this app."],
  [
    0x129,
    "CKA_PUBLIC_KEY_INFO",
    "bytes",
    "certificate publicKey privateKey",
    false,
    "SubjectPublicKeyInfo of the key, DER-encoded (2.40).",
  ],
  [
    0x130,
    "CKA_PRIME",
    "integer",
    "publicKey/DSA privateKey/DSA domain/DSA publicKey/DH privateKey/DH domain/DH publicKey/X9_42_DH privateKey/X9_42_DH domain/X9_42_DH",
    false,
    "Prime p.",
  ],
  [
    0x131,
    "CKA_SUBPRIME",
    "integer",
    "publicKey/DSA privateKey/DSA domain/DSA publicKey/X9_42_DH privateKey/X9_42_DH domain/X9_42_DH",
    false,
    "Subprime q.",
  ],
  [
    0x132,
    "CKA_BASE",
    "integer",
    "publicKey/DSA privateKey/DSA domain/DSA publicKey/DH privateKey/DH domain/DH publicKey/X9_42_DH privateKey/X9_42_DH domain/X9_42_DH",
    false,
    "Base g.",
  ],
  [0x133, "CKA_PRIME_BITS", "number", "domain", false, "Length of the prime.", "bits"],
  [0x134, "CKA_SUBPRIME_BITS", "number", "domain/DSA domain/X9_42_DH", false, "Length of the subprime.", "bits"],
  [0x160, "CKA_VALUE_BITS", "number", "privateKey/DH", false, "Length of the private value.", "bits"],
  [0x161, "CKA_VALUE_LEN", "number", "secretKey", false, "Length of the key.", "bytes"],
  [
    0x162,
    "CKA_EXTRACTABLE",
    "boolean",
    "privateKey secretKey",
    true,
    "May leave the token, wrapped by another key. Can be set to no, never back.",
  ],
  [0x163, "CKA_LOCAL", "boolean", "key", false, "Made on this token, not brought in."],
  [0x164, "CKA_NEVER_EXTRACTABLE", "boolean", "privateKey secretKey", false, "Has never been extractable."],
  [0x165, "CKA_ALWAYS_SENSITIVE", "boolean", "privateKey secretKey", false, "Has always been sensitive."],
  [0x166, "CKA_KEY_GEN_MECHANISM", "number", "key", false, "Mechanism that made the key.", "mechanism"],
  [0x170, "CKA_MODIFIABLE", "boolean", "storage", false, "Attributes may be changed."],
  [0x171, "CKA_COPYABLE", "boolean", "storage", true, "May be copied (2.40). Can be set to no, never back."],
  [0x172, "CKA_DESTROYABLE", "boolean", "storage", false, "May be deleted (2.40)."],
  [
    0x180,
    "CKA_EC_PARAMS",
    "oid",
    "publicKey/EC privateKey/EC domain/EC publicKey/EC_EDWARDS privateKey/EC_EDWARDS publicKey/EC_MONTGOMERY privateKey/EC_MONTGOMERY",
    false,
    "The curve: an OID, a name, or explicit parameters.",
  ],
  [0x181, "CKA_EC_POINT", "bytes", "publicKey/EC publicKey/EC_EDWARDS publicKey/EC_MONTGOMERY", false, "Public point."],
  [0x202, "CKA_ALWAYS_AUTHENTICATE", "boolean", "privateKey", false, "The PIN is asked for at every use of the key."],
  [
    0x210,
    "CKA_WRAP_WITH_TRUSTED",
    "boolean",
    "privateKey secretKey",
    true,
    "Can be wrapped only by a trusted key. Can be set to yes, never back.",
  ],
  [0x40000211, "CKA_WRAP_TEMPLATE", "bytes", "publicKey secretKey", false, "What keys that it wraps must be like."],
  [0x40000212, "CKA_UNWRAP_TEMPLATE", "bytes", "privateKey secretKey", false, "What keys that it unwraps become."],
  [0x40000213, "CKA_DERIVE_TEMPLATE", "bytes", "privateKey secretKey", false, "What keys derived from it become."],
  [0x220, "CKA_OTP_FORMAT", "number", "otp", false, "Format of the one-time password."],
  [0x221, "CKA_OTP_LENGTH", "number", "otp", false, "Length of the one-time password."],
  [0x222, "CKA_OTP_TIME_INTERVAL", "number", "otp", false, "Seconds between passwords."],
  [0x223, "CKA_OTP_USER_FRIENDLY_MODE", "boolean", "otp", false, "Passwords are made for people."],
  [0x224, "CKA_OTP_CHALLENGE_REQUIREMENT", "number", "otp", false, "Whether a challenge is needed."],
  [0x225, "CKA_OTP_TIME_REQUIREMENT", "number", "otp", false, "Whether the time is needed."],
  [0x226, "CKA_OTP_COUNTER_REQUIREMENT", "number", "otp", false, "Whether a counter is needed."],
  [0x227, "CKA_OTP_PIN_REQUIREMENT", "number", "otp", false, "Whether a PIN is needed."],
  [0x22a, "CKA_OTP_USER_IDENTIFIER", "text", "otp", false, "User that the key belongs to."],
  [0x22b, "CKA_OTP_SERVICE_IDENTIFIER", "text", "otp", false, "Service that the key is for."],
  [0x22c, "CKA_OTP_SERVICE_LOGO", "bytes", "otp", false, "Picture of the service."],
  [0x22d, "CKA_OTP_SERVICE_LOGO_TYPE", "text", "otp", false, "MIME type of the picture."],
  [0x22e, "CKA_OTP_COUNTER", "bytes", "otp", false, "Counter value."],
  [0x22f, "CKA_OTP_TIME", "text", "otp", false, "Time value."],
  [
    0x250,
    "CKA_GOSTR3410_PARAMS",
    "oid",
    "publicKey/GOSTR3410 privateKey/GOSTR3410 domain/GOSTR3410",
    false,
    "Parameters of the key.",
  ],
  [0x251, "CKA_GOSTR3411_PARAMS", "oid", "publicKey/GOSTR3410 privateKey/GOSTR3410", false, "Parameters of the hash."],
  [
    0x252,
    "CKA_GOST28147_PARAMS",
    "oid",
    "publicKey/GOSTR3410 privateKey/GOSTR3410",
    false,
    "Parameters of the cipher.",
  ],
  [0x300, "CKA_HW_FEATURE_TYPE", "number", "hardware", false, "Kind of hardware feature.", "hardware"],
  [0x301, "CKA_RESET_ON_INIT", "boolean", "hardware", false, "The counter starts anew when the token is initialised."],
  [0x302, "CKA_HAS_RESET", "boolean", "hardware", false, "The counter was started anew at least once."],
  [0x11, "CKA_VALUE", "bytes", "hardware", false, "Value of the counter or clock."],
  [0x400, "CKA_PIXEL_X", "number", "hardware", false, "Screen width in pixels."],
  [0x401, "CKA_PIXEL_Y", "number", "hardware", false, "Screen height in pixels."],
  [0x402, "CKA_RESOLUTION", "number", "hardware", false, "Pixels per inch."],
  [0x403, "CKA_CHAR_ROWS", "number", "hardware", false, "Rows of characters."],
  [0x404, "CKA_CHAR_COLUMNS", "number", "hardware", false, "Columns of characters."],
  [0x405, "CKA_COLOR", "boolean", "hardware", false, "Colour screen."],
  [0x406, "CKA_BITS_PER_PIXEL", "number", "hardware", false, "Bits a pixel."],
  [0x480, "CKA_CHAR_SETS", "text", "hardware", false, "Character sets."],
  [0x481, "CKA_ENCODING_METHODS", "text", "hardware", false, "Content transfer encodings."],
  [0x482, "CKA_MIME_TYPES", "text", "hardware", false, "MIME types that can be shown."],
  [0x500, "CKA_MECHANISM_TYPE", "number", "mechanism", false, "The mechanism.", "mechanism"],
  [0x501, "CKA_REQUIRED_CMS_ATTRIBUTES", "bytes", "cms", false, "Attributes that every signature must have."],
  [0x502, "CKA_DEFAULT_CMS_ATTRIBUTES", "bytes", "cms", false, "Attributes that a signature has by default."],
  [0x503, "CKA_SUPPORTED_CMS_ATTRIBUTES", "bytes", "cms", false, "Attributes that a signature may have."],
  [0x40000600, "CKA_ALLOWED_MECHANISMS", "list", "key", false, "Mechanisms the key may be used with.", "mechanism"],
  [0x601, "CKA_PROFILE_ID", "number", "profile", false, "Profile that the token fulfils (3.0).", "profile"],
  [0x617, "CKA_HSS_LEVELS", "number", "publicKey/HSS privateKey/HSS", false, "Levels of the HSS tree."],
  [0x618, "CKA_HSS_LMS_TYPE", "number", "publicKey/HSS privateKey/HSS", false, "LMS type of the top tree."],
  [0x619, "CKA_HSS_LMOTS_TYPE", "number", "publicKey/HSS privateKey/HSS", false, "LM-OTS type of the top tree."],
  [0x61a, "CKA_HSS_LMS_TYPES", "list", "privateKey/HSS", false, "LMS types, level by level."],
  [0x61b, "CKA_HSS_LMOTS_TYPES", "list", "privateKey/HSS", false, "LM-OTS types, level by level."],
  [0x61c, "CKA_HSS_KEYS_REMAINING", "number", "privateKey/HSS", false, "Signatures that are left."],
  [
    0x61d,
    "CKA_PARAMETER_SET",
    "number",
    "publicKey/ML_KEM privateKey/ML_KEM publicKey/ML_DSA privateKey/ML_DSA publicKey/SLH_DSA privateKey/SLH_DSA",
    false,
    "Parameter set (3.2).",
    "parameterSet",
  ],
  [0x61e, "CKA_OBJECT_VALIDATION_FLAGS", "number", "key", false, "Validations that hold for the object (3.2)."],
  [0x61f, "CKA_VALIDATION_TYPE", "number", "validation", false, "Kind of validation."],
  [0x620, "CKA_VALIDATION_VERSION", "bytes", "validation", false, "Version of the standard."],
  [0x621, "CKA_VALIDATION_LEVEL", "number", "validation", false, "Level of the validation."],
  [0x622, "CKA_VALIDATION_MODULE_ID", "text", "validation", false, "What was validated."],
  [0x623, "CKA_VALIDATION_FLAG", "number", "validation", false, "Bit that stands for this validation."],
  [0x624, "CKA_VALIDATION_AUTHORITY_TYPE", "number", "validation", false, "Who validated."],
  [0x625, "CKA_VALIDATION_COUNTRY", "text", "validation", false, "Country of the authority."],
  [0x626, "CKA_VALIDATION_CERTIFICATE_IDENTIFIER", "text", "validation", false, "Number of the certificate."],
  [0x627, "CKA_VALIDATION_CERTIFICATE_URI", "text", "validation", false, "Where the certificate can be read."],
  [0x628, "CKA_VALIDATION_VENDOR_URI", "text", "validation", false, "The vendor's page."],
  [0x629, "CKA_VALIDATION_PROFILE", "text", "validation", false, "Profile that was validated against."],
  [0x4000062a, "CKA_ENCAPSULATE_TEMPLATE", "bytes", "publicKey", false, "What keys from encapsulation become (3.2)."],
  [0x4000062b, "CKA_DECAPSULATE_TEMPLATE", "bytes", "privateKey", false, "What keys from decapsulation become (3.2)."],
  [0x62c, "CKA_TRUST_SERVER_AUTH", "number", "trust", false, "Trust for TLS servers.", "trust"],
  [0x62d, "CKA_TRUST_CLIENT_AUTH", "number", "trust", false, "Trust for TLS clients.", "trust"],
  [0x62e, "CKA_TRUST_CODE_SIGNING", "number", "trust", false, "Trust for code signing.", "trust"],
  [0x62f, "CKA_TRUST_EMAIL_PROTECTION", "number", "trust", false, "Trust for e-mail.", "trust"],
  [0x630, "CKA_TRUST_IPSEC_IKE", "number", "trust", false, "Trust for IPsec IKE.", "trust"],
  [0x631, "CKA_TRUST_TIME_STAMPING", "number", "trust", false, "Trust for time stamps.", "trust"],
  [0x632, "CKA_TRUST_OCSP_SIGNING", "number", "trust", false, "Trust for OCSP answers.", "trust"],
  [0x633, "CKA_ENCAPSULATE", "boolean", "publicKey", true, "May encapsulate keys (3.2)."],
  [0x634, "CKA_DECAPSULATE", "boolean", "privateKey", true, "May decapsulate keys (3.2)."],
  [0x635, "CKA_HASH_OF_CERTIFICATE", "bytes", "trust", false, "Hash of the certificate that the trust is about."],
  [0x636, "CKA_PUBLIC_CRC64_VALUE", "bytes", "key", false, "CRC-64 of the public key (3.2)."],
  [
    0x637,
    "CKA_SEED",
    "secret",
    "privateKey/ML_KEM privateKey/ML_DSA privateKey/SLH_DSA",
    false,
    "Seed of the private key; never read by this app.",
  ],
  [0xce534351, "CKA_NSS_URL", "text", "vendorCertificate", false, "NSS: where the object came from."],
  [0xce534352, "CKA_NSS_EMAIL", "text", "vendorCertificate", false, "NSS: e-mail address of the certificate."],
  [0xce534372, "CKA_NSS_MOZILLA_CA_POLICY", "boolean", "vendorCertificate", false, "NSS: in Mozilla's root programme."],
  [
    0xce534373,
    "CKA_NSS_SERVER_DISTRUST_AFTER",
    "bytes",
    "vendorCertificate",
    false,
    "NSS: server certificates issued later are not trusted.",
  ],
  [
    0xce534374,
    "CKA_NSS_EMAIL_DISTRUST_AFTER",
    "bytes",
    "vendorCertificate",
    false,
    "NSS: e-mail certificates issued later are not trusted.",
  ],
  [0xce534368, "CKA_NSS_MODULE_SPEC", "text", "nssOther", false, "NSS: module specification."],
  [0xce536351, "CKA_NSS_TRUST_DIGITAL_SIGNATURE", "number", "nssTrust", false, "NSS trust: signatures.", "trust"],
  [0xce536352, "CKA_NSS_TRUST_NON_REPUDIATION", "number", "nssTrust", false, "NSS trust: non-repudiation.", "trust"],
  [0xce536353, "CKA_NSS_TRUST_KEY_ENCIPHERMENT", "number", "nssTrust", false, "NSS trust: key encipherment.", "trust"],
  [0xce536354, "CKA_NSS_TRUST_DATA_ENCIPHERMENT", "number", "nssTrust", false, "NSS trust: encipherment.", "trust"],
  [0xce536355, "CKA_NSS_TRUST_KEY_AGREEMENT", "number", "nssTrust", false, "NSS trust: key agreement.", "trust"],
  [0xce536356, "CKA_NSS_TRUST_KEY_CERT_SIGN", "number", "nssTrust", false, "NSS trust: signing certificates.", "trust"],
  [0xce536357, "CKA_NSS_TRUST_CRL_SIGN", "number", "nssTrust", false, "NSS trust: signing CRLs.", "trust"],
  [0xce536358, "CKA_NSS_TRUST_SERVER_AUTH", "number", "nssTrust", false, "NSS trust: TLS servers.", "trust"],
  [0xce536359, "CKA_NSS_TRUST_CLIENT_AUTH", "number", "nssTrust", false, "NSS trust: TLS clients.", "trust"],
  [0xce53635a, "CKA_NSS_TRUST_CODE_SIGNING", "number", "nssTrust", false, "NSS trust: code signing.", "trust"],
  [0xce53635b, "CKA_NSS_TRUST_EMAIL_PROTECTION", "number", "nssTrust", false, "NSS trust: e-mail.", "trust"],
  [0xce53635f, "CKA_NSS_TRUST_TIME_STAMPING", "number", "nssTrust", false, "NSS trust: time stamps.", "trust"],
  [0xce536360, "CKA_NSS_TRUST_STEP_UP_APPROVED", "boolean", "nssTrust", false, "NSS trust: step-up approved."],
  [0xce5363b4, "CKA_NSS_CERT_SHA1_HASH", "bytes", "nssTrust", false, "NSS trust: SHA-1 of the certificate."],
  [0xce5363b5, "CKA_NSS_CERT_MD5_HASH", "bytes", "nssTrust", false, "NSS trust: MD5 of the certificate."],
];

export const attributeTable: readonly AttributeInfo[] = rows.map(
  ([number, name, kind, scope, editable, about, sense]) =>
    sense === undefined
      ? { number, name, kind, scope, editable, about }
      : { number, name, kind, scope, editable, about, sense },
);

/** PKCS#11 attribute types by short name, for templates. */
export const CKA = {
  CLASS: 0x0,
  TOKEN: 0x1,
  PRIVATE: 0x2,
  LABEL: 0x3,
  APPLICATION: 0x10,
  VALUE: 0x11,
  OBJECT_ID: 0x12,
  CERTIFICATE_TYPE: 0x80,
  ISSUER: 0x81,
  SERIAL_NUMBER: 0x82,
  TRUSTED: 0x86,
  CERTIFICATE_CATEGORY: 0x87,
  KEY_TYPE: 0x100,
  SUBJECT: 0x101,
  ID: 0x102,
  SENSITIVE: 0x103,
  ENCRYPT: 0x104,
  DECRYPT: 0x105,
  WRAP: 0x106,
  UNWRAP: 0x107,
  SIGN: 0x108,
  SIGN_RECOVER: 0x109,
  VERIFY: 0x10a,
  VERIFY_RECOVER: 0x10b,
  DERIVE: 0x10c,
  START_DATE: 0x110,
  END_DATE: 0x111,
  MODULUS: 0x120,
  MODULUS_BITS: 0x121,
  PUBLIC_EXPONENT: 0x122,
  PUBLIC_KEY_INFO: 0x129,
  PRIME: 0x130,
  VALUE_LEN: 0x161,
  EXTRACTABLE: 0x162,
  LOCAL: 0x163,
  NEVER_EXTRACTABLE: 0x164,
  ALWAYS_SENSITIVE: 0x165,
  KEY_GEN_MECHANISM: 0x166,
  MODIFIABLE: 0x170,
  COPYABLE: 0x171,
  DESTROYABLE: 0x172,
  EC_PARAMS: 0x180,
  EC_POINT: 0x181,
  ALWAYS_AUTHENTICATE: 0x202,
  WRAP_WITH_TRUSTED: 0x210,
  PARAMETER_SET: 0x61d,
} as const;

const byNumber = new Map(attributeTable.map((info) => [info.number, info]));
const byName = new Map(attributeTable.map((info) => [info.name, info]));

/** @returns the CKA_ name, or the number as "0x..." for one that the standard does not have. */
export const attributeName = (number: number): string => byNumber.get(number)?.name ?? `0x${number.toString(16)}`;

/** @param text a CKA_ name (any case, CKA_ may be left out), or a number ("0x3", "3"). @returns null if it is neither. */
export const attributeNumber = (text: string): number | null => {
  const name = text.trim().toUpperCase();
  const known = byName.get(name) ?? byName.get(`CKA_${name}`);
  if (known) return known.number;
  if (!/^(0X[0-9A-F]{1,8}|\d{1,10})$/.test(name)) return null;
  const number = Number(name);
  return number <= 0xffffffff ? number : null;
};

const storageScopes = ["object", "storage"];

/** Scope words of an object class (CKO_ number). */
const scopesOfClass: Record<number, string[]> = {
  0: [...storageScopes, "data"],
  1: [...storageScopes, "certificate"],
  2: [...storageScopes, "key", "publicKey"],
  3: [...storageScopes, "key", "privateKey"],
  4: [...storageScopes, "key", "secretKey"],
  5: ["object", "hardware"],
  6: [...storageScopes, "domain"],
  7: ["object", "mechanism"],
  8: [...storageScopes, "key", "secretKey", "otp"],
  9: ["object", "profile"],
  10: ["object", "validation"],
  11: [...storageScopes, "trust"],
  3461563219: [...storageScopes, "nssTrust"],
  3461563220: [...storageScopes, "nssOther"],
};

const certificateScopes: Record<number, string[]> = {
  0: ["x509", "vendorCertificate"],
  1: ["attributeCertificate"],
  2: ["x509"],
};

/** @param keyType CKK_ name without prefix, e.g. "RSA". */
export const scopesOf = (objectClass: number, keyType: string | null, certificateType: number | null): Set<string> => {
  const words = scopesOfClass[objectClass] ?? storageScopes;
  const typed = keyType === null ? [] : words.map((word) => `${word}/${keyType}`);
  const certificate = objectClass === 1 ? (certificateScopes[certificateType ?? 0] ?? []) : [];
  return new Set([...words, ...typed, ...certificate]);
};

/**
 * The attributes that an object of this class and type can have.
 * @returns in the order of the numbers; each number once, the most special row for it
 */
export const attributesOf = (
  objectClass: number,
  keyType: string | null,
  certificateType: number | null,
): AttributeInfo[] => {
  const scopes = scopesOf(objectClass, keyType, certificateType);
  const found = new Map<number, AttributeInfo>();
  for (const info of attributeTable)
    if (info.scope.split(" ").some((word) => scopes.has(word))) found.set(info.number, info);
  return [...found.values()].sort((a, b) => a.number - b.number);
};

/**
 * Attributes whose value is a private or secret key or a part of one. Never read, whatever the token would give.
 * @param objectClass CKO_ number, or null if it is not known: then nothing that may be secret is read
 */
export const isSecret = (number: number, objectClass: number | null): boolean =>
  alwaysSecret.has(number) ||
  (number === CKA.VALUE && (objectClass === null || objectClass === 3 || objectClass === 4 || objectClass === 8));

const alwaysSecret = new Set(
  attributeTable.filter(({ kind, number }) => kind === "secret" && number !== CKA.VALUE).map(({ number }) => number),
);
