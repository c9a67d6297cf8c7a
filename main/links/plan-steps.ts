import type { RepairKind, WantedRepair } from "../../preload/contract/links.ts";
import type { KeyUse } from "../../preload/contract/shared.ts";
import { certificateParts } from "../keys/certificate-parts.ts";
import { keyId, type PublicKey } from "../keys/public-key.ts";
import { objectWords } from "../objects/find-object.ts";
import { CKA } from "../pkcs11/attributes.ts";
import { type KeyFacts, otherLabels } from "./facts.ts";
import type { Judged } from "./findings.ts";
import type { Group } from "./group.ts";
import { has, isClass, type Member, plainLabel } from "./member.ts";

/** One change of the token, before it is numbered and shown. */
export type PlannedStep =
  | { how: "set" | "replace"; member: Member; changes: Map<number, Buffer>; why: string }
  | { how: "create"; publicKey: PublicKey; label: Buffer; id: Buffer; usage: KeyUse[]; why: string };

export interface Plan {
  steps: PlannedStep[];
  refused: { group: string; kind: RepairKind; why: string }[];
  warnings: string[];
}

/** How objects can be changed on this token. */
export interface Ways {
  /** Certificates and public keys are replaced by a copy: wanted so, or the module has refused to change this one. */
  mustReplace(member: Member): boolean;
}

/**
 * The changes that repairs come to: one step an object, private keys first, since what follows takes their CKA_ID.
 * Nothing is joined that is not proved (OpenSC/libp11#274), and no private key is replaced by a copy.
 */
export const planSteps = (judged: readonly Judged[], wanted: readonly WantedRepair[], ways: Ways): Plan => {
  const drafts = new Drafts();
  const refused: Plan["refused"] = [];
  const order: RepairKind[] = [
    "changeKeyId",
    "moveForeign",
    "completeCertificate",
    "allowSign",
    "alignId",
    "alignLabel",
    "writePublicKey",
  ];
  const sorted = [...wanted].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  for (const each of sorted) {
    const found = judged.find(({ group }) => group.name === each.group);
    const why = found?.facts
      ? plans[each.kind](drafts, { group: found.group, facts: found.facts, judged, id: each.id })
      : "There is no such group with a private key any more.";
    if (why !== null) refused.push({ group: each.group, kind: each.kind, why });
  }
  const { steps, impossible } = drafts.steps(ways);
  return { steps, refused, warnings: [...impossible, ...warningsOf(steps, judged)] };
};

interface Wish {
  group: Group;
  facts: KeyFacts;
  judged: readonly Judged[];
  id: string | undefined;
}

/** Puts one kind of repair into the drafts. @returns null, or why not */
const plans: Record<RepairKind, (drafts: Drafts, wish: Wish) => string | null> = {
  alignId: (drafts, { group, facts }) => {
    const id = drafts.idOf(facts.key);
    if (id.length === 0) return "The private key has no CKA_ID itself: give it one first.";
    return unproved(group) ?? drafts.each(halves(facts), CKA.ID, id, "It is the CKA_ID of its private key.");
  },
  alignLabel: (drafts, { group, facts }) =>
    unproved(group) ??
    drafts.each(otherLabels(facts), CKA.LABEL, labelOf(facts.key), "It is the label of its private key."),
  changeKeyId: (drafts, { group, facts, judged, id: given }) => {
    const shown = shownKey(group, facts);
    if (given === undefined && !shown)
      return "The public key is not known, from which the CKA_ID would be made: give one.";
    if (halves(facts).length > 0 && unproved(group)) return unproved(group);
    const id = given === undefined && shown ? keyId(shown) : Buffer.from(given ?? "", "hex");
    const taken = judged.find(
      ({ facts: other }) => other && other.key !== facts.key && drafts.idOf(other.key).equals(id),
    );
    if (taken?.facts) return `The CKA_ID ${id.toString("hex")} is that of the ${objectWords(taken.facts.key.object)}.`;
    drafts.put(facts.key, CKA.ID, id, "A CKA_ID of its own, by which programs can join it.");
    return drafts.each(halves(facts), CKA.ID, id, "It is the new CKA_ID of its private key.");
  },
  moveForeign: (drafts, { facts, judged }) => {
    for (const member of facts.foreign) {
      const home = judged.find(
        ({ group }) => group.key && [...group.publicKeys, ...group.certificates].includes(member),
      );
      if (home?.facts && unproved(home.group) === null && home.facts.key.object.id !== facts.key.object.id)
        drafts.put(member, CKA.ID, drafts.idOf(home.facts.key), "It is the CKA_ID of its own private key.");
      else if (member.publicKey)
        drafts.put(
          member,
          CKA.ID,
          keyId(member.publicKey),
          "The SHA-1 of its own public key: it is not this private key's.",
        );
      else return `Of the ${objectWords(member.object)} the key cannot be told.`;
    }
    return null;
  },
  completeCertificate: (drafts, { facts }) => {
    for (const member of facts.certificates) {
      if (member.missing.length === 0 || !member.certificate) continue;
      const parts = certificateParts(member.certificate.bytes);
      const why = "NSS finds certificates by it.";
      drafts.put(member, CKA.SUBJECT, parts.subject, why);
      drafts.put(member, CKA.ISSUER, parts.issuer, why);
      drafts.put(member, CKA.SERIAL_NUMBER, parts.serialNumber, why);
    }
    return null;
  },
  allowSign: (drafts, { facts }) => {
    drafts.put(facts.key, CKA.SIGN, Buffer.from([1]), "TLS client login and SSH sign.");
    return null;
  },
  writePublicKey: (drafts, { group, facts }) => {
    const publicKey = shownKey(group, facts);
    if (!publicKey) return "Its public key is not known for certain: prove the certificate by a test signature first.";
    if (facts.publicKeys.length > 0) return "Its public key object is on the token.";
    drafts.created.push({
      how: "create",
      publicKey,
      label: labelOf(facts.key),
      id: drafts.idOf(facts.key),
      usage: (["sign", "decrypt", "unwrap", "derive"] as const).filter((use) => has(facts.key, use)),
      why: "Programs read the point of an EC key from it, and ssh-keygen -D lists it.",
    });
    return null;
  },
};

const halves = ({ publicKeys, certificates }: KeyFacts): Member[] => [...publicKeys, ...certificates];

const unproved = ({ proof }: Group): string | null =>
  proof === "key bytes" || proof === "test signature"
    ? null
    : "That they belong together is not proved. Prove it by a test signature first.";

/** The public key as far as it is certain: proved by bytes or signature, or shown by the private key where that can be believed. */
const shownKey = (group: Group, facts: KeyFacts): PublicKey | null => {
  const joined = unproved(group) === null ? halves(facts).find(({ publicKey }) => publicKey)?.publicKey : null;
  if (joined) return joined;
  const own = facts.key.object.keyHash;
  return own !== null && (group.ownBytes || group.signed?.fits === own) ? facts.key.publicKey : null;
};

export const labelOf = ({ object }: Member): Buffer =>
  object.labelHex === null ? Buffer.from(plainLabel(object.label), "utf8") : Buffer.from(object.labelHex, "hex");

/** Changes collected by object, so that each object is written once. */
class Drafts {
  readonly #changes = new Map<Member, { values: Map<number, Buffer>; why: string[] }>();
  readonly created: Extract<PlannedStep, { how: "create" }>[] = [];

  put(member: Member, attribute: number, value: Buffer, why: string): void {
    const draft = this.#changes.get(member) ?? { values: new Map<number, Buffer>(), why: [] };
    this.#changes.set(member, draft);
    if (!currentValue(member, attribute).equals(value)) {
      draft.values.set(attribute, value);
      if (!draft.why.includes(why)) draft.why.push(why);
    }
  }

  each(members: readonly Member[], attribute: number, value: Buffer, why: string): null {
    for (const member of members) this.put(member, attribute, value, why);
    return null;
  }

  /** The CKA_ID that an object will have. */
  idOf(member: Member): Buffer {
    return this.#changes.get(member)?.values.get(CKA.ID) ?? Buffer.from(member.object.id, "hex");
  }

  steps({ mustReplace }: Ways): { steps: PlannedStep[]; impossible: string[] } {
    const impossible: string[] = [];
    const steps = [...this.#changes].flatMap(([member, { values, why }]): PlannedStep[] => {
      if (values.size === 0) return [];
      // CKA_SUBJECT of a certificate is fixed once it is made (PKCS#11 2.40, table 28).
      const replace = mustReplace(member) || !member.object.modifiable || values.has(CKA.SUBJECT);
      if (replace && isClass(member, "privateKey")) {
        impossible.push(
          `The ${objectWords(member.object)} cannot be changed: it is not modifiable, or the module refused. A private key is never replaced by a copy.`,
        );
        return [];
      }
      return [{ how: replace ? "replace" : "set", member, changes: values, why: why.join(" ") }];
    });
    const first = (step: PlannedStep) => (step.how !== "create" && isClass(step.member, "privateKey") ? 0 : 1);
    return { steps: [...steps.sort((a, b) => first(a) - first(b)), ...this.created], impossible };
  }
}

/** What an attribute is now, as the row tells. */
export const currentValue = (member: Member, attribute: number): Buffer => {
  const { object } = member;
  if (attribute === CKA.ID) return Buffer.from(object.id, "hex");
  if ([CKA.SUBJECT, CKA.ISSUER, CKA.SERIAL_NUMBER].some((type) => type === attribute)) return Buffer.alloc(0);
  if (attribute === CKA.SIGN) return Buffer.from([has(member, "sign") ? 1 : 0]);
  return object.labelHex === null ? Buffer.from(object.label, "utf8") : Buffer.from(object.labelHex, "hex");
};

/** Objects of other keys that are under a CKA_ID which something is to take. */
const warningsOf = (steps: readonly PlannedStep[], judged: readonly Judged[]): string[] => {
  const moving = new Set(steps.flatMap((step) => (step.how === "create" ? [] : [step.member])));
  const others = judged.flatMap(({ facts }) => facts?.foreign ?? []).filter((member) => !moving.has(member));
  const taken = new Set(
    steps.map((step) => (step.how === "create" ? step.id : step.changes.get(CKA.ID))?.toString("hex") ?? ""),
  );
  return [...new Set(others)]
    .filter(({ object }) => object.id !== "" && taken.has(object.id))
    .map(
      ({ object }) =>
        `The ${objectWords(object)} is of another key and keeps the same CKA_ID: programs may take it instead.`,
    );
};
