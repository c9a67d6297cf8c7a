import pkcs11js from "pkcs11js";
import type { KeyKind, KeyOffer } from "../../preload/contract/keys.ts";
import { mechanismName } from "../pkcs11/names-tokens-mechanisms.ts";
import { generatedCurves } from "./curves.ts";
import { CKM_EC_EDWARDS_KEY_PAIR_GEN, CKM_EC_MONTGOMERY_KEY_PAIR_GEN } from "./numbers.ts";
import { fittingPresets } from "./presets.ts";
import type { TokenMechanism } from "./token-mechanisms.ts";

interface Kind {
  kind: KeyKind;
  title: string;
  mechanism: number;
  /** Sizes in bits that the app makes. */
  sizes: number[];
}

export const kinds: Kind[] = [
  { kind: "EC", title: "Elliptic curve", mechanism: pkcs11js.CKM_EC_KEY_PAIR_GEN, sizes: [] },
  { kind: "RSA", title: "RSA", mechanism: pkcs11js.CKM_RSA_PKCS_KEY_PAIR_GEN, sizes: [2048, 3072, 4096] },
  { kind: "Ed25519", title: "Ed25519", mechanism: CKM_EC_EDWARDS_KEY_PAIR_GEN, sizes: [] },
  { kind: "X25519", title: "X25519", mechanism: CKM_EC_MONTGOMERY_KEY_PAIR_GEN, sizes: [] },
  { kind: "AES", title: "AES", mechanism: pkcs11js.CKM_AES_KEY_GEN, sizes: [128, 192, 256] },
  { kind: "generic", title: "Generic secret", mechanism: pkcs11js.CKM_GENERIC_SECRET_KEY_GEN, sizes: [256, 384, 512] },
];

export const kindOf = (kind: KeyKind): Kind => {
  const found = kinds.find((entry) => entry.kind === kind);
  if (!found) throw new Error(`no kind ${kind}`);
  return found;
};

export interface Offer {
  kinds: KeyOffer[];
  notOffered: { kind: string; why: string }[];
}

/**
 * What can be generated, from the token's mechanism list. PKCS#11 has no list of curves: those whose field size lies
 * within the range of CKM_EC_KEY_PAIR_GEN are offered, and a token that then refuses a curve says so at generation.
 */
export const offerFrom = (mechanisms: Map<number, TokenMechanism>): Offer => {
  const answers = kinds.map((entry) => answerFor(entry, mechanisms));
  return {
    kinds: answers.flatMap(({ offer }) => offer ?? []),
    notOffered: answers.flatMap(({ notOffered }) => notOffered),
  };
};

interface Answer {
  offer: KeyOffer | null;
  notOffered: Offer["notOffered"];
}

const answerFor = (entry: Kind, mechanisms: Map<number, TokenMechanism>): Answer => {
  const refuse = (why: string): Answer => ({ offer: null, notOffered: [{ kind: entry.title, why }] });
  const mechanism = mechanisms.get(entry.mechanism);
  const name = mechanismName(entry.mechanism);
  if (!mechanism) return refuse(`The token's mechanism list has no ${name}.`);
  const { sizes, curves, why } = entry.kind === "EC" ? curveChoices(mechanism) : sizeChoices(entry, mechanism);
  if (why) return refuse(why);
  const presets = fittingPresets(entry.kind, mechanisms);
  if (presets.length === 0)
    return refuse("The token would generate it, but its mechanism list has nothing that could use such a key.");
  const outside = [
    ...entry.sizes.filter((size) => !sizes.includes(size)).map((size) => `${entry.title} ${size}`),
    ...(entry.kind === "EC" ? generatedCurves : [])
      .filter((curve) => !curves.includes(curve.name))
      .map((curve) => `EC ${curve.name}`),
  ];
  return {
    offer: {
      kind: entry.kind,
      title: entry.title,
      sizes,
      curves,
      mechanism: name,
      presets: presets.map(({ name: preset, title, words }) => ({ name: preset, title, words })),
    },
    notOffered: outside.map((kind) => ({ kind, why: `Outside the token's key sizes (${range(mechanism)}).` })),
  };
};

const range = ({ min, max }: TokenMechanism): string => `${min} to ${max}`;

interface Choices {
  sizes: number[];
  curves: string[];
  /** Why there is no choice at all. */
  why: string | null;
}

const sizeChoices = (entry: Kind, mechanism: TokenMechanism): Choices => {
  const sizes = entry.sizes.filter((size) => within(size, entry.kind, mechanism));
  const none = entry.sizes.length > 0 && sizes.length === 0;
  return { sizes, curves: [], why: none ? `The token's key sizes are ${range(mechanism)}.` : null };
};

const curveChoices = (mechanism: TokenMechanism): Choices => {
  const { CKF_EC_NAMEDCURVE, CKF_EC_ECPARAMETERS, CKF_EC_F_P, CKF_EC_F_2M } = curveFlags;
  const flags = mechanism.flags ?? 0;
  const none = (why: string) => ({ sizes: [], curves: [], why });
  if (flags & CKF_EC_ECPARAMETERS && !(flags & CKF_EC_NAMEDCURVE))
    return none(
      "The token takes only explicit curve parameters (CKF_EC_ECPARAMETERS), which other programs do not read.",
    );
  if (flags & CKF_EC_F_2M && !(flags & CKF_EC_F_P)) return none("The token has only binary curves (CKF_EC_F_2M).");
  const curves = generatedCurves.filter(({ bits }) => within(bits, "EC", mechanism)).map(({ name }) => name);
  return curves.length > 0 ? { sizes: [], curves, why: null } : none(`The token's key sizes are ${range(mechanism)}.`);
};

/** PKCS#11 2.40 mechanisms, table 31. */
const curveFlags = {
  CKF_EC_F_P: 0x100000,
  CKF_EC_F_2M: 0x200000,
  CKF_EC_ECPARAMETERS: 0x400000,
  CKF_EC_NAMEDCURVE: 0x800000,
} as const;

/** Modules give AES sizes in bytes (as the standard says) or in bits; a range up to 64 can only be bytes. Zeros mean "not told". */
const within = (bits: number, kind: KeyKind, { min, max }: TokenMechanism): boolean => {
  if (min === null || max === null || max === 0) return true;
  const size = kind === "AES" && max <= 64 ? bits / 8 : bits;
  // Generic secrets: bits in 2.40, bytes in many modules. Only what fits neither way is left out.
  if (kind === "generic") return (min <= bits && bits <= max) || (min <= bits / 8 && bits / 8 <= max);
  return min <= size && size <= max;
};
