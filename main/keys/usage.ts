import type { KeyKind, PresetName } from "../../preload/contract/keys.ts";

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

/** @returns the flags of a preset for a kind, or null if they do not go together. */
export const usageOf = (name: PresetName, kind: KeyKind): KeyUsage | null => presetUsage[name][kind] ?? null;
