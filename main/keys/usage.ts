import type { KeyKind, PresetName } from "../../preload/contract/keys.ts";
import type { KeyUse } from "../../preload/contract/shared.ts";
import { failure } from "../pkcs11/failure.ts";
import { type Curve, generatedCurves } from "./curves.ts";

/** Usage attributes, CKA_SIGN and so on; what is not wanted is set to false, because several modules default it to true. */
export type Usage = "sign" | "decrypt" | "unwrap" | "derive" | "verify" | "encrypt" | "wrap";

export interface KeyUsage {
  /** True flags of the private or secret key. */
  key: Usage[];
  /** True flags of the public key. */
  publicKey: Usage[];
}

const signing: Partial<Record<KeyKind, KeyUsage>> = {
  RSA: { key: ["sign"], publicKey: ["verify"] },
  EC: { key: ["sign"], publicKey: ["verify"] },
  Ed25519: { key: ["sign"], publicKey: ["verify"] },
};

/** What a preset's keys may be used for, by the kinds of key that it goes with. */
export const presetUsage: Record<PresetName, Partial<Record<KeyKind, KeyUsage>>> = {
  sign: signing,
  tlsClient: signing,
  ca: signing,
  decrypt: { RSA: { key: ["decrypt"], publicKey: ["encrypt"] } },
  wrap: {
    RSA: { key: ["unwrap"], publicKey: ["wrap"] },
    AES: { key: ["wrap", "unwrap"], publicKey: [] },
  },
  agree: { EC: { key: ["derive"], publicKey: [] }, X25519: { key: ["derive"], publicKey: [] } },
  secret: {
    AES: { key: ["encrypt", "decrypt"], publicKey: [] },
    generic: { key: ["sign", "verify"], publicKey: [] },
  },
};

/** What a private key of a type can be used for at all. */
export const usesOf: Record<"RSA" | "EC" | "Ed25519" | "X25519", KeyUse[]> = {
  RSA: ["sign", "decrypt", "unwrap"],
  EC: ["sign", "derive"],
  Ed25519: ["sign"],
  X25519: ["derive"],
};

/** The public half of a use; a shared secret is derived with the private key alone. */
export const publicUse: Record<KeyUse, Usage | null> = {
  sign: "verify",
  decrypt: "encrypt",
  unwrap: "wrap",
  derive: null,
};

/** @throws Failure INVALID_REQUEST if preset and kind do not go together */
export const usageOf = (name: PresetName, kind: KeyKind): KeyUsage => {
  const usage = presetUsage[name][kind];
  if (usage) return usage;
  throw unfit(`the preset ${name} does not go with ${kind}`, "Choose one of the offered presets.");
};

/** A key that is not made the way it was asked for. */
export const unfit = (message: string, remedy: string) =>
  failure("INVALID_REQUEST", { where: "spec", message: `The key cannot be made this way: ${message}.`, remedy });

/** @throws Failure INVALID_REQUEST for a curve that is not known, or too short for a new key */
export const curveToGenerate = (name: string | undefined): Curve => {
  const curve = generatedCurves.find((one) => one.name === name);
  if (curve) return curve;
  throw unfit(
    `${name ?? "no curve"} was asked for`,
    `Name one of ${generatedCurves.map((one) => one.name).join(", ")}.`,
  );
};
