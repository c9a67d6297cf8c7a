import { z } from "zod";
import { type Domain, request } from "./declare.ts";
import { errorData } from "./errors.ts";
import { consumerNames } from "./link-names.ts";
import { objectRow } from "./objects.ts";
import { address, hex, objectRef, pinForUse } from "./shared.ts";

export const consumerName = z.enum(consumerNames);
export type ConsumerName = z.infer<typeof consumerName>;

/**
 * How it is known that the objects of a group are one key: by their bytes, by a signature that was made on the token
 * and checked here, or only by the name that they share.
 */
export const linkProof = z.enum(["key bytes", "test signature", "CKA_ID only", "none"]);
export type LinkProof = z.infer<typeof linkProof>;

export const repairKinds = [
  "alignId",
  "alignLabel",
  "writePublicKey",
  "changeKeyId",
  "moveForeign",
  "completeCertificate",
  "allowSign",
] as const;
export const repairKind = z.enum(repairKinds);
export type RepairKind = z.infer<typeof repairKind>;

/** An object of the token with the SHA-256 of its SubjectPublicKeyInfo: equal for the same key, null if it does not tell. */
export const linkObject = objectRow.extend({ keyHash: hex.nullable() });
export type LinkObject = z.infer<typeof linkObject>;

const reason = z.object({
  /** Name of the rule, e.g. "certificate-other-id". */
  rule: z.string(),
  words: z.string(),
  /** Where the rule is from: a standard, a source file, a program that was asked. */
  source: z.string(),
  /** `hides`: the program does not see the key; `limits`: it sees it, but its use fails or is limited; `note`: to be known. */
  effect: z.enum(["hides", "limits", "note"]),
  /** Kinds of repair that remove this reason. */
  repairs: z.array(repairKind),
});
export type LinkReason = z.infer<typeof reason>;

export const linkVerdict = z.object({
  consumer: consumerName,
  title: z.string(),
  /** "no": it does not list the key at all. "partly": it does, but its use fails or is limited. */
  sees: z.enum(["yes", "partly", "no"]),
  /** What the program can do with this key now. */
  can: z.string(),
  reasons: z.array(reason),
  /** Whether the rules were compared with the program itself, or are from its source or documentation alone. */
  basis: z.enum(["program", "source", "documentation"]),
});
export type LinkVerdict = z.infer<typeof linkVerdict>;

const chainLink = z.object({
  subject: z.string(),
  /** The issuer's certificate on this token; null if it is not there. */
  object: objectRef.nullable(),
  /** Issued by itself: the chain ends here. */
  root: z.boolean(),
});

const offeredRepair = z.object({ kind: repairKind, title: z.string(), words: z.string() });

export const linkGroup = z.object({
  /** Names the group in other requests of this domain: the handle of its private key, or of its first object. */
  group: z.string(),
  title: z.string(),
  privateKey: linkObject.nullable(),
  publicKeys: z.array(linkObject),
  certificates: z.array(linkObject),
  /** From the newest certificate's issuer upwards, as far as the token has them. */
  chain: z.array(chainLink),
  chainComplete: z.boolean(),
  proof: linkProof,
  proofWords: z.string(),
  /** Empty for a group without private key: there is nothing that a program could use. */
  verdicts: z.array(linkVerdict),
  repairs: z.array(offeredRepair),
  /** Whether `links.prove` can make a signature with the key; `proveWords` says why not. */
  provable: z.boolean(),
  proveWords: z.string().nullable(),
  /** CKA_ALWAYS_AUTHENTICATE: each signature wants the PIN. */
  asksPin: z.boolean(),
});
export type LinkGroup = z.infer<typeof linkGroup>;

export const findingKinds = [
  "doesNotFit",
  "foreignId",
  "wrongId",
  "emptyId",
  "duplicateId",
  "duplicateKey",
  "missingPublicKey",
  "missingCertificate",
  "labelDiffers",
  "keyNotHere",
  "orphanCertificate",
  "expired",
  "notYetValid",
  "weakKey",
  "weakExponent",
  "weakSignature",
  "roca",
  "extractable",
  "nonSensitive",
  "notReadable",
] as const;

export const linkFinding = z.object({
  kind: z.enum(findingKinds),
  severity: z.enum(["error", "warning", "note"]),
  words: z.string(),
  /** Why it matters. */
  why: z.string(),
  objects: z.array(objectRef),
  /** The group that it concerns, if it is one. */
  group: z.string().nullable(),
  repairs: z.array(repairKind),
});
export type LinkFinding = z.infer<typeof linkFinding>;

/** What is to be repaired: a kind of repair that `examine` offers for a group. */
const wantedRepair = z.strictObject({
  group: z.string(),
  kind: repairKind,
  /** For changeKeyId: the new CKA_ID. Without it the SHA-1 of the RSA modulus or EC point. */
  id: hex.min(2).max(510).optional(),
});
export type WantedRepair = z.infer<typeof wantedRepair>;

const repairInput = {
  ...address,
  repairs: z.array(wantedRepair).min(1),
  /** Copy and replace certificates and public keys even where C_SetAttributeValue has not been refused yet. */
  replace: z.boolean().default(false),
};

export const repairStep = z.object({
  step: z.number().int(),
  /**
   * `set`: one C_SetAttributeValue. `create`: one C_CreateObject. `replace`: the module refuses to change the object, so a
   * new one is written, read back and compared, and only then the old one deleted.
   */
  how: z.enum(["set", "create", "replace"]),
  /** The object that is changed or replaced; null for a new one. */
  object: objectRef.nullable(),
  title: z.string(),
  changes: z.array(
    z.object({
      attribute: z.string(),
      /** null for an object that is not there yet. */
      old: hex.nullable(),
      new: hex,
      oldWords: z.string(),
      newWords: z.string(),
    }),
  ),
  why: z.string(),
});
export type RepairStep = z.infer<typeof repairStep>;

const undoEntry = z.object({
  undo: z.string(),
  /** ISO 8601. */
  at: z.string(),
  title: z.string(),
  /** What undoing would do, in its order. */
  steps: z.array(z.string()),
});
export type UndoEntry = z.infer<typeof undoEntry>;

export const links = {
  requests: {
    examine: request({
      summary:
        "Which private key, public key and certificate belong together, by key bytes and test signatures, and what each program sees of them and why. Changes nothing and signs nothing.",
      runs: "host",
      limitSeconds: 300,
      input: z.object(address),
      output: z.object({
        groups: z.array(linkGroup),
        findings: z.array(linkFinding),
        /** Private keys are seen only after login: without them there are no verdicts. */
        privateIncluded: z.boolean(),
        /** What of this token's behaviour limits what key bytes prove; null if nothing does. */
        tokenWords: z.string().nullable(),
        count: z.number().int(),
        milliseconds: z.number(),
      }),
    }),
    prove: request({
      summary:
        "Makes a test signature with one private key or all of them, and checks it in software against every public key and certificate on the token that it could belong to.",
      runs: "host",
      limitSeconds: 300,
      input: z.object({
        ...address,
        /** Group of examine; without it every key that needs no PIN for each use. */
        group: z.string().optional(),
        ...pinForUse,
      }),
      output: z.object({
        results: z.array(
          z.object({
            key: objectRef,
            /** Whether the signature fits anything on the token. */
            proved: z.boolean(),
            mechanism: z.string().nullable(),
            milliseconds: z.number().nullable(),
            /** Objects with the key that made the signature. */
            fits: z.array(objectRef),
            /** Objects that have the private key's CKA_ID, but another key. */
            fitsNot: z.array(objectRef),
            words: z.string(),
            error: errorData.nullable(),
          }),
        ),
        skipped: z.array(z.object({ key: objectRef, why: z.string() })),
      }),
      progress: z.object({ done: z.number(), of: z.number() }),
      leftUndone: ({ results }) => results.some(({ error }) => error !== null),
    }),
    repairPreview: request({
      summary: "Every change that a repair would make, with old and new value. Changes nothing.",
      runs: "host",
      limitSeconds: 300,
      input: z.object(repairInput),
      output: z.object({
        steps: z.array(repairStep),
        /** Wanted repairs that are not done, and why. */
        refused: z.array(z.object({ group: z.string(), kind: repairKind, why: z.string() })),
        warnings: z.array(z.string()),
        /** Names exactly these steps on what was read just now; `repair` wants it back. */
        digest: hex,
      }),
    }),
    repair: request({
      summary:
        "Makes exactly the changes of a preview, each object read again before and after. Stops at the first failure and says what is done and what is not.",
      runs: "host",
      changes: true,
      limitSeconds: 600,
      input: z.object({ ...repairInput, digest: hex }),
      output: z.object({
        done: z.array(z.number().int()),
        failed: z.object({ step: z.number().int(), error: errorData }).nullable(),
        notDone: z.array(z.number().int()),
        warnings: z.array(z.string()),
        /** For `undo`; null if nothing was changed. */
        undo: z.string().nullable(),
      }),
      progress: z.object({ done: z.number(), of: z.number() }),
      leftUndone: ({ failed }) => failed !== null,
    }),
    undoList: request({
      summary: "Repairs that can be undone, newest first. Kept by the token host as long as the module is running.",
      runs: "host",
      input: z.object(address),
      output: z.object({ undos: z.array(undoEntry) }),
    }),
    undo: request({
      summary:
        "Takes the changes of one repair back, the last first. Each object is read before, and must still be as the repair left it.",
      runs: "host",
      changes: true,
      limitSeconds: 600,
      input: z.object({ ...address, undo: z.string() }),
      output: z.object({
        done: z.array(z.string()),
        failed: errorData.nullable(),
        /** What is still to be undone, under the same name. */
        notDone: z.array(z.string()),
      }),
      leftUndone: ({ failed }) => failed !== null,
    }),
  },
  events: {},
} satisfies Domain;
