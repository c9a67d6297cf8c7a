import type { Output } from "../../preload/contract/index.ts";
import type { ObjectRow } from "../../preload/contract/objects.ts";
import type { ObjectRef } from "../../preload/contract/shared.ts";
import { type FoundObject, findObject, objectWords, refOf } from "../objects/find-object.ts";
import { publicKeyTemplate, spellings } from "../objects/import/template.ts";
import type { OpenToken } from "../objects/open-token.ts";
import { readAttributes } from "../objects/read-attributes.ts";
import { readRow } from "../objects/read-row.ts";
import { setAttributes } from "../objects/set-attributes.ts";
import { attributeName, CKA } from "../pkcs11/attributes.ts";
import { failure, toErrorData } from "../pkcs11/failure.ts";
import { handleText } from "../pkcs11/handles.ts";
import type { Library } from "../pkcs11/library.ts";
import { showText } from "../pkcs11/text.ts";
import { keyHash, type Member } from "./member.ts";
import { linkMemory } from "./memory.ts";
import { currentValue, type PlannedStep } from "./plan-steps.ts";
import { destroy, templateOf, withValues, writeCopy } from "./replace.ts";
import type { Inverse } from "./undo.ts";

type Repaired = Omit<Output<"links.repair">, "undo">;

/** Return values that speak of the object or attribute, and not of the session, the token or the login. */
const refusesChange =
  /^CKR_(ATTRIBUTE_|ACTION_PROHIBITED|FUNCTION_NOT_SUPPORTED|FUNCTION_FAILED|GENERAL_ERROR|TEMPLATE_|OBJECT_|KEY_)/;

/** Carries out steps in their order, and stops at the first failure. Every change that was made gets its inverse. */
export const carryOut = async (
  library: Library,
  open: OpenToken,
  steps: readonly PlannedStep[],
  onProgress: (done: number) => void,
): Promise<Repaired & { inverses: Inverse[] }> => {
  const inverses: Inverse[] = [];
  const warnings: string[] = [];
  const done: number[] = [];
  for (const [index, step] of steps.entries()) {
    try {
      warnings.push(...carryOutStep(library, open, step, inverses));
    } catch (thrown) {
      const error = toErrorData(thrown, `step ${index + 1}`);
      const notDone = steps.slice(index + 1).map((_, i) => index + 2 + i);
      return { done, failed: { step: index + 1, error }, notDone, warnings, inverses };
    }
    done.push(index + 1);
    onProgress(done.length);
    // Lets progress out and other requests in: a device takes a fifth of a second for each.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { done, failed: null, notDone: [], warnings, inverses };
};

/** @param inverses gets what was changed, also when the step fails half-way. @returns warnings */
const carryOutStep = (library: Library, open: OpenToken, step: PlannedStep, inverses: Inverse[]): string[] => {
  if (step.how === "create") return create(library, open, step, inverses);
  const found = findObject(library, open.session, refOf(step.member.object));
  return step.how === "set"
    ? change(library, open, step, found, inverses)
    : replace(library, open, step, found, inverses);
};

type Changing = Extract<PlannedStep, { how: "set" | "replace" }>;

const change = (
  library: Library,
  open: OpenToken,
  { member, changes }: Changing,
  found: FoundObject,
  inverses: Inverse[],
): string[] => {
  const memory = linkMemory(library, open.token);
  const before = inverses.length;
  const wanted = [...changes].map(([type, value]) => ({ attribute: attributeName(type), hex: value.toString("hex") }));
  const put = (types: readonly number[]) => {
    const attributes = types.map((type) => ({
      type,
      before: currentValue(member, type),
      after: changes.get(type) ?? Buffer.alloc(0),
    }));
    if (attributes.length > 0) inverses.push({ how: "set", object: refAfter(found.row, changes), attributes });
  };
  try {
    const { warnings } = setAttributes(library, open, found, wanted, true);
    put([...changes.keys()]);
    memory.proofs.renamed(found.row, readRow(library, open.session, found.handle));
    return warnings;
  } catch (thrown) {
    const error = toErrorData(thrown, `C_SetAttributeValue, ${objectWords(found.row)}`);
    // A module may change an attribute and report a failure all the same.
    if (inverses.length === before) put(changedAnyway(library, open, found, member, changes));
    if (!refusesChange.test(error.rv ?? "")) throw thrown;
    memory.refusals.set(found.row.handle, error.rv ?? "");
    if (found.row.class === "privateKey") throw thrown;
    throw failure(error.code, {
      ...error,
      remedy:
        "Look at the preview again: it now offers to write a copy with the new values and to delete the old object after that.",
    });
  }
};

/** The object as it is named once the changes are made. */
const refAfter = (row: ObjectRow, changes: ReadonlyMap<number, Buffer>): ObjectRef => ({
  ...refOf(row),
  id: changes.get(CKA.ID)?.toString("hex") ?? row.id,
  label: changes.has(CKA.LABEL) ? showText(changes.get(CKA.LABEL) ?? Buffer.alloc(0)).text : row.label,
});

/** Attributes that have their new value although the module reported a failure. */
const changedAnyway = (
  library: Library,
  { session }: OpenToken,
  { handle }: FoundObject,
  member: Member,
  changes: ReadonlyMap<number, Buffer>,
): number[] => {
  try {
    const { values } = readAttributes(library, session, handle, [...changes.keys()]);
    return [...changes]
      .filter(([type, after]) => values.get(type)?.equals(after) && !currentValue(member, type).equals(after))
      .map(([type]) => type);
  } catch {
    // Session or token are gone; the failure says so.
    return [];
  }
};

const replace = (
  library: Library,
  open: OpenToken,
  { member, changes }: Changing,
  found: FoundObject,
  inverses: Inverse[],
): string[] => {
  const { session } = open;
  const words = objectWords(found.row);
  const old = templateOf(library, session, found);
  const { handle, warnings } = writeCopy(library, session, withValues(old, changes), `copy of the ${words}`);
  const object = { ...refAfter(found.row, changes), handle: handleText(handle) };
  // Undone from the last: the old object is written again before the copy goes.
  inverses.push({ how: "delete", object, keyHash: member.object.keyHash });
  try {
    // Read again: what is deleted must be the object that was copied.
    destroy(library, session, findObject(library, session, refOf(found.row)));
  } catch (thrown) {
    const error = toErrorData(thrown, words);
    throw failure(error.code, {
      ...error,
      message: `The copy with the new values is written, but the old object could not be deleted, so both are on the token now. ${error.message}`,
      remedy: "Undo takes the copy off again.",
    });
  }
  inverses.push({ how: "write", template: old, words });
  return warnings;
};

const create = (
  library: Library,
  open: OpenToken,
  step: Extract<PlannedStep, { how: "create" }>,
  inverses: Inverse[],
): string[] => {
  const { publicKey, label, id, usage } = step;
  const [spelling] = spellings(publicKey.type, library.p11.C_GetInfo().cryptokiVersion);
  if (!spelling) throw new Error("no spelling for the key type");
  const template = publicKeyTemplate(publicKey, { label, id }, usage, spelling).map((each) =>
    each.type === CKA.MODULUS || each.type === CKA.EC_POINT ? { ...each, strict: true as const } : each,
  );
  const { handle, warnings } = writeCopy(library, open.session, template, "public key object");
  const object: ObjectRef = {
    handle: handleText(handle),
    class: "publicKey",
    label: showText(label).text,
    id: id.toString("hex"),
  };
  inverses.push({ how: "delete", object, keyHash: keyHash(publicKey) });
  return warnings;
};
