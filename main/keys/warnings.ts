import type { KeySpec } from "../../preload/contract/keys.ts";
import { isSecret } from "./template.ts";

const rules: { words: string; applies(spec: KeySpec): boolean }[] = [
  {
    words:
      "Not sensitive: every program that logs in can read the key's bytes. The token then protects no more than a file.",
    applies: ({ sensitive }) => !sensitive,
  },
  {
    words:
      "Extractable: who is logged in can wrap the key and take it off the token. Leave it off unless you need a backup by wrapping.",
    applies: ({ extractable }) => extractable,
  },
  {
    words:
      "Not extractable: there will never be a copy of this key. If the token is lost, what was encrypted for it is lost.",
    applies: ({ preset, extractable }) => preset === "decrypt" && !extractable,
  },
  {
    words:
      "RSA 2048 is enough until about 2030 only; a CA key is mostly meant to last longer. Take 3072 or 4096 bits, or P-384.",
    applies: ({ kind, preset, size }) => kind === "RSA" && preset === "ca" && size === 2048,
  },
  {
    words: "RSA 4096 can take minutes on a smart card or USB token. PKCS#11 cannot cancel a generation once it runs.",
    applies: ({ kind, size }) => kind === "RSA" && size === 4096,
  },
  {
    words:
      "The PIN is asked for at each signature. Many programs (ssh, older TLS servers) cannot do that and fail with CKR_USER_NOT_LOGGED_IN.",
    applies: ({ alwaysAuthenticate }) => alwaysAuthenticate,
  },
  {
    words: "Browsers and most public CAs do not take certificates with this curve.",
    applies: ({ curve }) => curve !== undefined && /^(brainpool|secp256k1)/.test(curve),
  },
  {
    words: "Older programs, and TLS before 1.3 in many libraries, cannot use Ed25519.",
    applies: ({ kind }) => kind === "Ed25519",
  },
  {
    words:
      "A secret key made on the token is known to the token alone: another party can share it only by wrapping, which needs extractable=true.",
    applies: (spec) => isSecret(spec) && !spec.extractable,
  },
];

/** What speaks against a key as it is planned, in the order in which it matters. */
export const warningsFor = (spec: KeySpec): string[] =>
  rules.filter(({ applies }) => applies(spec)).map(({ words }) => words);
