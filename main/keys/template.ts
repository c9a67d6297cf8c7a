import type { Template } from "pkcs11js";
import pkcs11js from "pkcs11js";
import type { KeySpec } from "../../preload/contract/keys.ts";
import { der } from "../pkcs11/der-write.ts";
import { tags } from "./ber.ts";
import { type Curve, curveByName, curveParameters } from "./curves.ts";
import { curveToGenerate, type Usage, unfit, usageOf } from "./usage.ts";

/** One attribute of a template, with what a person should know about it. */
export interface TemplateAttribute {
  name: string;
  type: number;
  value: boolean | number | Buffer;
  shown: string;
  why: string;
  /** False for what a module may be spared if it refuses the template; never for what protects the key. */
  must: boolean;
}

export interface Templates {
  /** Empty for secret keys. */
  publicKey: TemplateAttribute[];
  key: TemplateAttribute[];
}

/** What pkcs11js takes. */
export const asTemplate = (attributes: TemplateAttribute[]): Template =>
  attributes.map(({ type, value }) => ({ type, value }));

export const isSecret = ({ kind }: KeySpec): boolean => kind === "AES" || kind === "generic";

/**
 * The templates for a key. Every usage flag is given, also the false ones: SoftHSM and others set what is left out
 * to true. CKA_CLASS and CKA_KEY_TYPE are left to the mechanism (PKCS#11 2.40, C_GenerateKeyPair).
 * @param id CKA_ID that the halves carry from the start, so that a break-off leaves a pair that belongs together
 * @throws Failure INVALID_REQUEST if preset, size or curve do not go with the kind
 */
export const templatesFor = (spec: KeySpec, id: Buffer): Templates => {
  const usage = usageOf(spec.preset, spec.kind);
  const key = [
    ...protection(spec),
    ...naming(spec, id),
    ...flags(isSecret(spec) ? secretUsage : privateUsage, usage.key),
  ];
  if (isSecret(spec)) return { publicKey: [], key: [...key, length(spec)] };
  return {
    publicKey: [
      attribute("CKA_TOKEN", true, "Kept on the token, not just for this session."),
      attribute("CKA_PRIVATE", false, "Public keys can be read without login.", false),
      ...naming(spec, id),
      ...flags(publicUsage, usage.publicKey),
      ...domain(spec),
    ],
    key,
  };
};

type Name = Extract<keyof typeof pkcs11js, `CKA_${string}`>;

const attribute = (
  name: Name,
  value: boolean | number | Buffer,
  why: string,
  must = true,
  shown?: string,
): TemplateAttribute => ({
  name,
  type: pkcs11js[name],
  value,
  shown: shown ?? (Buffer.isBuffer(value) ? value.toString("hex") : String(value)),
  why,
  must,
});

const protection = (spec: KeySpec): TemplateAttribute[] => [
  attribute("CKA_TOKEN", true, "Kept on the token, not just for this session."),
  attribute("CKA_PRIVATE", true, "Seen and used only after login."),
  attribute(
    "CKA_SENSITIVE",
    spec.sensitive,
    spec.sensitive
      ? "Its value can never be read in the clear."
      : "Its value can be read by every program that logs in.",
  ),
  attribute(
    "CKA_EXTRACTABLE",
    spec.extractable,
    spec.extractable ? "It can be wrapped and leave the token." : "It cannot leave the token, not even wrapped.",
  ),
  ...(spec.alwaysAuthenticate
    ? [attribute("CKA_ALWAYS_AUTHENTICATE", true, "The PIN is asked for at each use, not only at login.")]
    : []),
];

const naming = (spec: KeySpec, id: Buffer): TemplateAttribute[] => [
  attribute("CKA_LABEL", Buffer.from(spec.label, "utf8"), "The name that programs show.", true, spec.label),
  spec.id !== undefined
    ? attribute("CKA_ID", id, "Your own value, the same on both halves.")
    : isSecret(spec)
      ? attribute("CKA_ID", id, "20 random bytes: a secret key has no public value to make one from.", true, "random")
      : attribute(
          "CKA_ID",
          id,
          "Joins private key, public key and certificate. Random at first; after generation set to the SHA-1 of the modulus or EC point.",
          true,
          "SHA-1 of the public key",
        ),
];

/** Whether an attribute is something else than a usage flag. */
export const isNoUsage = ({ name }: TemplateAttribute): boolean =>
  ![...privateUsage, ...publicUsage, ...secretUsage].some(([usage]) => usage === name);

const privateUsage: [Name, Usage | null, string][] = [
  ["CKA_SIGN", "sign", "signing"],
  ["CKA_DECRYPT", "decrypt", "decrypting"],
  ["CKA_UNWRAP", "unwrap", "unwrapping other keys"],
  ["CKA_DERIVE", "derive", "deriving shared secrets"],
  ["CKA_SIGN_RECOVER", null, "signing with recovery"],
];
const publicUsage: [Name, Usage | null, string][] = [
  ["CKA_VERIFY", "verify", "checking signatures"],
  ["CKA_ENCRYPT", "encrypt", "encrypting"],
  ["CKA_WRAP", "wrap", "wrapping other keys"],
  ["CKA_VERIFY_RECOVER", null, "checking signatures with recovery"],
];
const secretUsage: [Name, Usage | null, string][] = [
  ["CKA_ENCRYPT", "encrypt", "encrypting"],
  ["CKA_DECRYPT", "decrypt", "decrypting"],
  ["CKA_SIGN", "sign", "making MACs"],
  ["CKA_VERIFY", "verify", "checking MACs"],
  ["CKA_WRAP", "wrap", "wrapping other keys"],
  ["CKA_UNWRAP", "unwrap", "unwrapping other keys"],
  ["CKA_DERIVE", "derive", "deriving keys"],
];

const flags = (table: [Name, Usage | null, string][], wanted: Usage[]): TemplateAttribute[] =>
  table.map(([name, usage, words]) => {
    const on = usage !== null && wanted.includes(usage);
    return attribute(name, on, on ? `For ${words}.` : `Not for ${words}; many modules allow it unless told.`, on);
  });

const length = (spec: KeySpec): TemplateAttribute => {
  const size = spec.size;
  if (size === undefined || size % 8 !== 0)
    throw unfit("a secret key needs its size in bits", "Choose one of the offered sizes.");
  return attribute("CKA_VALUE_LEN", size / 8, `${size} bits.`);
};

const domain = (spec: KeySpec): TemplateAttribute[] => {
  if (spec.kind === "RSA") {
    if (spec.size === undefined) throw unfit("an RSA key needs its size in bits", "Choose one of the offered sizes.");
    return [
      attribute("CKA_MODULUS_BITS", spec.size, "The size of the key."),
      attribute("CKA_PUBLIC_EXPONENT", Buffer.from([1, 0, 1]), "65537, which every program takes.", true, "65537"),
    ];
  }
  const curve = curveOf(spec);
  return [
    attribute("CKA_EC_PARAMS", curveParameters(curve), `The curve, named by its OID ${curve.oid}.`, true, curve.name),
  ];
};

/** @throws Failure INVALID_REQUEST for a curve that is not known */
export const curveOf = ({ kind, curve }: KeySpec): Curve =>
  kind === "EC" ? curveToGenerate(curve) : (curveByName(kind) ?? curveToGenerate(undefined));

/** The other spelling of CKA_EC_PARAMS for Ed25519 and X25519, which some modules want instead of the OID (PKCS#11 3.0, 2.3.5). */
export const printedParameters = (kind: "Ed25519" | "X25519"): Buffer =>
  der(tags.printable, Buffer.from(kind === "Ed25519" ? "edwards25519" : "curve25519"));
