import pkcs11js from "pkcs11js";
import type { KeyKind, PresetName } from "../../preload/contract/keys.ts";
import { CKM_EDDSA } from "./numbers.ts";
import type { TokenMechanism } from "./token-mechanisms.ts";

export interface Preset {
  name: PresetName;
  title: string;
  words: string;
  /** The kinds of key that it goes with, the same as in usage.ts. */
  kinds: Partial<Record<KeyKind, Needs>>;
}

/** The token must have one of these mechanisms with that CKF_ flag, or the key could not be used. */
interface Needs {
  mechanisms: number[];
  flag: number;
}

const { CKF_SIGN, CKF_DECRYPT, CKF_UNWRAP, CKF_WRAP, CKF_DERIVE, CKF_ENCRYPT } = pkcs11js;
const rsaSign = [
  pkcs11js.CKM_RSA_PKCS,
  pkcs11js.CKM_SHA256_RSA_PKCS,
  pkcs11js.CKM_SHA384_RSA_PKCS,
  pkcs11js.CKM_SHA512_RSA_PKCS,
  pkcs11js.CKM_RSA_PKCS_PSS,
  pkcs11js.CKM_SHA256_RSA_PKCS_PSS,
];
const rsaDecrypt = [pkcs11js.CKM_RSA_PKCS, pkcs11js.CKM_RSA_PKCS_OAEP];
const ecdsa = [pkcs11js.CKM_ECDSA, pkcs11js.CKM_ECDSA_SHA256, pkcs11js.CKM_ECDSA_SHA384, pkcs11js.CKM_ECDSA_SHA512];
const ecdh = [pkcs11js.CKM_ECDH1_DERIVE, pkcs11js.CKM_ECDH1_COFACTOR_DERIVE];
const aes = [
  pkcs11js.CKM_AES_GCM,
  pkcs11js.CKM_AES_CBC,
  pkcs11js.CKM_AES_CBC_PAD,
  pkcs11js.CKM_AES_CTR,
  pkcs11js.CKM_AES_ECB,
];
const aesWrap = [
  pkcs11js.CKM_AES_KEY_WRAP,
  pkcs11js.CKM_AES_KEY_WRAP_PAD,
  0x210a,
  pkcs11js.CKM_AES_CBC,
  pkcs11js.CKM_AES_CBC_PAD,
];
const hmac = [pkcs11js.CKM_SHA256_HMAC, pkcs11js.CKM_SHA384_HMAC, pkcs11js.CKM_SHA512_HMAC, pkcs11js.CKM_SHA_1_HMAC];

const signing: Partial<Record<KeyKind, Needs>> = {
  RSA: { mechanisms: rsaSign, flag: CKF_SIGN },
  EC: { mechanisms: ecdsa, flag: CKF_SIGN },
  Ed25519: { mechanisms: [CKM_EDDSA], flag: CKF_SIGN },
};

export const presets: Preset[] = [
  {
    name: "sign",
    title: "Signing only",
    words: "Signs documents, code, logins (SSH). Cannot decrypt anything, cannot unwrap other keys.",
    kinds: signing,
  },
  {
    name: "tlsClient",
    title: "TLS client",
    words:
      "Proves who you are to a server. A TLS client only ever signs, also with RSA (RSA key transport decrypts at the server), so the key cannot decrypt.",
    kinds: signing,
  },
  {
    name: "ca",
    title: "CA key",
    words:
      "Signs certificates and revocation lists. Signing only: a CA that also decrypts or wraps breaks the rules of every CA policy. Take RSA 3072 or more, or P-384, for a long life.",
    kinds: signing,
  },
  {
    name: "decrypt",
    title: "Decryption",
    words:
      "Others encrypt with the public key (S/MIME, file encryption), only the token decrypts. Cannot sign. If the key is lost, the data is lost: there is no copy.",
    kinds: { RSA: { mechanisms: rsaDecrypt, flag: CKF_DECRYPT } },
  },
  {
    name: "wrap",
    title: "Wrapping",
    words:
      "Moves other keys between tokens in encrypted form. Cannot sign or decrypt data, so that a wrapped key cannot be opened through it.",
    kinds: {
      RSA: { mechanisms: rsaDecrypt, flag: CKF_UNWRAP },
      AES: { mechanisms: aesWrap, flag: CKF_WRAP },
    },
  },
  {
    name: "agree",
    title: "Key agreement",
    words: "Derives a shared secret with another party (ECDH). Cannot sign.",
    kinds: {
      EC: { mechanisms: ecdh, flag: CKF_DERIVE },
      X25519: { mechanisms: ecdh, flag: CKF_DERIVE },
    },
  },
  {
    name: "secret",
    title: "Secret key",
    words: "AES: encrypts and decrypts data. Generic secret: makes and checks HMACs. Cannot wrap other keys.",
    kinds: {
      AES: { mechanisms: aes, flag: CKF_ENCRYPT },
      generic: { mechanisms: hmac, flag: CKF_SIGN },
    },
  },
];

/** Presets that fit a kind of key and whose mechanisms the token has with the flag that is needed. */
export const fittingPresets = (kind: KeyKind, mechanisms: Map<number, TokenMechanism>): Preset[] =>
  presets.filter(({ kinds }) => {
    const needs = kinds[kind];
    return needs?.mechanisms.some((type) => {
      const mechanism = mechanisms.get(type);
      return mechanism && (mechanism.flags === null || (mechanism.flags & needs.flag) !== 0);
    });
  });
