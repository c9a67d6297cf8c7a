import type { Handle, TokenInfo } from "pkcs11js";
import type { ErrorData } from "../../preload/contract/errors.ts";
import type { ObjectRow } from "../../preload/contract/objects.ts";
import type { ObjectRef } from "../../preload/contract/shared.ts";
import { CKA } from "../pkcs11/attributes.ts";
import { failure, toErrorData } from "../pkcs11/failure.ts";
import type { Library } from "../pkcs11/library.ts";
import { objectClassNumber } from "../pkcs11/object-names.ts";
import { showPadded } from "../pkcs11/text.ts";
import { type FoundObject, findObject, objectWords, refOf } from "./find-object.ts";
import { moduleRefused } from "./module-refused.ts";
import type { OpenToken } from "./open-token.ts";
import { readAttributes } from "./read-attributes.ts";
import { RowReader, tokenUriOf } from "./read-row.ts";
import { classTemplate, findHandles } from "./search.ts";

/** Reads all objects anew, each once. @throws Failure as findObject */
export const findAll = (library: Library, session: Handle, refs: readonly ObjectRef[]): FoundObject[] => {
  const found = new Map<string, FoundObject>();
  for (const ref of refs) {
    const object = findObject(library, session, ref);
    found.set(object.row.handle, object);
  }
  return [...found.values()];
};

const needsConfirmation = (row: ObjectRow): boolean =>
  row.class === "privateKey" || row.class === "secretKey" || row.devicesOwn;

/**
 * What must be typed before these objects are deleted: nothing for a single public object; what and how many they are
 * and the token's label and serial for several, for a key that is secret, and for a device's own object.
 */
export const deleteConfirmation = (rows: readonly ObjectRow[], token: TokenInfo): string | null => {
  if (rows.length < 2 && !rows.some(needsConfirmation)) return null;
  const [only] = rows;
  const what = rows.length === 1 && only ? only.label || only.id || "1 object" : `${rows.length} objects`;
  const from = [showPadded(token.label), showPadded(token.serialNumber)].filter(Boolean).join(" ");
  return `delete ${what} from ${from || "this token"}`;
};

/** What would be lost or left alone by deleting these objects. */
export const deleteWarnings = (library: Library, session: Handle, found: readonly FoundObject[]): string[] => {
  const going = new Set(found.map(({ row }) => row.handle));
  return found.flatMap(({ handle, row }) => [
    ...ownWarnings(row, library, session, handle),
    ...companions(library, session, row)
      .filter((other) => !going.has(other.handle))
      .map((other) => companionWords(row, other)),
  ]);
};

const ownWarnings = (row: ObjectRow, library: Library, session: Handle, handle: Handle): string[] => {
  const name = objectWords(row);
  const warnings: string[] = [];
  if (row.devicesOwn) warnings.push(`The ${name} is the device's own. Without it the device may not work any more.`);
  if ((row.class === "privateKey" || row.class === "secretKey") && !row.flags.includes("extractable"))
    warnings.push(
      `The ${name} cannot be read out of the token. If this is its last copy, what it signs, opens or unlocks is lost for good.`,
    );
  const destroyable = readAttributes(library, session, handle, [CKA.DESTROYABLE]).values.get(CKA.DESTROYABLE);
  if (destroyable?.[0] === 0) warnings.push(`The ${name} is marked as not destroyable; the token will refuse.`);
  return warnings;
};

/** Objects of other classes with the same CKA_ID. */
const companions = (library: Library, session: Handle, row: ObjectRow): ObjectRow[] => {
  if (row.id === "" || !["privateKey", "publicKey", "certificate"].includes(row.class)) return [];
  const reader = new RowReader(library, session, tokenUriOf(library, session));
  return (["certificate", "publicKey", "privateKey"] as const)
    .filter((other) => other !== row.class)
    .flatMap((other) => {
      const number = objectClassNumber(other);
      if (number === null) return [];
      const id = { type: CKA.ID, value: Buffer.from(row.id, "hex") };
      return findHandles(library, session, [...classTemplate(number), id]).map((at) => reader.read(at, number).row);
    });
};

const companionWords = (row: ObjectRow, other: ObjectRow): string => {
  const stays = `The ${objectWords(other)} stays on the token`;
  if (row.class === "privateKey") return `${stays}; after this there is no private key for it.`;
  if (row.class === "certificate" && other.class === "privateKey")
    return `${stays} without its certificate; programs that look for keys by certificate (Java, browsers) no longer see it.`;
  return `${stays}.`;
};

export interface Deleted {
  deleted: ObjectRef[];
  failed: { object: ObjectRef; error: ErrorData } | null;
}

/**
 * Deletes objects by handle, each read again just before. Stops at the first failure.
 * @param typed the user's confirmation
 * @throws Failure CONFIRMATION_NEEDED, or as findObject, before anything is deleted
 */
export const deleteObjects = async (
  library: Library,
  { token, session }: OpenToken,
  refs: readonly ObjectRef[],
  typed: string | undefined,
  onProgress: (done: number, of: number) => void,
): Promise<Deleted> => {
  const found = findAll(library, session, refs);
  const rows = found.map(({ row }) => row);
  const confirmation = deleteConfirmation(rows, token.info);
  if (confirmation !== null && typed !== confirmation) throw confirmationNeeded(rows, confirmation);
  const deleted: ObjectRef[] = [];
  for (const { row } of found) {
    const ref = refOf(row);
    try {
      destroy(library, session, ref);
    } catch (thrown) {
      return { deleted, failed: { object: ref, error: toErrorData(thrown, `deleting the ${objectWords(ref)}`) } };
    }
    deleted.push(ref);
    onProgress(deleted.length, found.length);
    // Lets progress out and other requests in: a device takes a fifth of a second for each.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { deleted, failed: null };
};

const destroy = (library: Library, session: Handle, ref: ObjectRef): void => {
  const { handle, row } = findObject(library, session, ref);
  try {
    library.p11.C_DestroyObject(session, handle);
  } catch (thrown) {
    throw moduleRefused(thrown, `C_DestroyObject, ${objectWords(row)}`);
  }
};

const confirmationNeeded = (rows: readonly ObjectRow[], confirmation: string) =>
  failure("CONFIRMATION_NEEDED", {
    where: rows.length === 1 && rows[0] ? objectWords(rows[0]) : `${rows.length} objects`,
    message:
      "Keys that are secret, and several objects at once, are deleted only after the text that names them and their token has been typed. Nothing was deleted.",
    remedy: `Type exactly: ${confirmation}`,
    details: { confirmation },
  });
