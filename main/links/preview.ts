import { createHash } from "node:crypto";
import type { RepairStep, WantedRepair } from "../../preload/contract/links.ts";
import { keyWords } from "../keys/public-key.ts";
import { nameText } from "../objects/distinguished-name.ts";
import { objectWords, refOf } from "../objects/find-object.ts";
import type { OpenToken } from "../objects/open-token.ts";
import { readAttributes } from "../objects/read-attributes.ts";
import { attributeName, CKA } from "../pkcs11/attributes.ts";
import { handleFrom } from "../pkcs11/handles.ts";
import type { Library } from "../pkcs11/library.ts";
import { showText } from "../pkcs11/text.ts";
import type { Examined } from "./examine.ts";
import { isClass } from "./member.ts";
import { linkMemory } from "./memory.ts";
import { currentValue, type Plan, type PlannedStep, planSteps } from "./plan-steps.ts";

export interface Preview extends Plan {
  shown: RepairStep[];
  digest: string;
}

/** What a repair would do to the token as it was read. @throws Pkcs11Error only when session or token are gone */
export const preview = (
  library: Library,
  open: OpenToken,
  { judged, members }: Examined,
  wanted: readonly WantedRepair[],
  replace: boolean,
): Preview => {
  const { refusals } = linkMemory(library, open.token);
  const plan = planSteps(judged, wanted, {
    mustReplace: (member) => refusals.has(member.object.handle) || (replace && !isClass(member, "privateKey")),
  });
  const warnings = [...plan.warnings];
  const steps = plan.steps.filter((step) => {
    if (step.how !== "replace" || isDestroyable(library, open, step.member.object.handle)) return true;
    warnings.push(`The ${objectWords(step.member.object)} can be neither changed nor deleted (CKA_DESTROYABLE is no).`);
    return false;
  });
  const shown = steps.map(showStep);
  // Everything that could make a step mean something else: the steps with old values, and what every object now is.
  const read = members.map(({ object }) => [
    object.handle,
    object.class,
    object.label,
    object.id,
    object.keyHash,
    object.flags,
  ]);
  const digest = createHash("sha256")
    .update(JSON.stringify([shown, read]))
    .digest("hex");
  return { ...plan, steps, warnings, shown, digest };
};

const isDestroyable = (library: Library, { session }: OpenToken, handle: string): boolean => {
  const { values } = readAttributes(library, session, handleFrom(handle), [CKA.DESTROYABLE]);
  return values.get(CKA.DESTROYABLE)?.[0] !== 0;
};

const showStep = (step: PlannedStep, index: number): RepairStep => {
  if (step.how === "create") {
    const change = (attribute: number, value: Buffer) => ({
      attribute: attributeName(attribute),
      old: null,
      new: value.toString("hex"),
      oldWords: "",
      newWords: valueWords(attribute, value),
    });
    return {
      step: index + 1,
      how: "create",
      object: null,
      title: `Write the public key object of the ${keyWords(step.publicKey)} key`,
      changes: [change(CKA.ID, step.id), change(CKA.LABEL, step.label)],
      why: step.why,
    };
  }
  const { object } = step.member;
  return {
    step: index + 1,
    how: step.how,
    object: refOf(object),
    title: step.how === "set" ? `Change the ${objectWords(object)}` : `Replace the ${objectWords(object)} by a copy`,
    changes: [...step.changes].map(([attribute, value]) => {
      const old = currentValue(step.member, attribute);
      return {
        attribute: attributeName(attribute),
        old: old.toString("hex"),
        new: value.toString("hex"),
        oldWords: valueWords(attribute, old),
        newWords: valueWords(attribute, value),
      };
    }),
    why: step.why,
  };
};

export const valueWords = (attribute: number, value: Buffer): string => {
  if (attribute === CKA.SIGN) return value[0] ? "yes" : "no";
  if (value.length === 0) return "empty";
  if (attribute === CKA.SUBJECT || attribute === CKA.ISSUER) return nameText(value) ?? value.toString("hex");
  return attribute === CKA.LABEL ? showText(value).text : value.toString("hex");
};
