import type { Handle } from "pkcs11js";
import type { ErrorData } from "../../../preload/contract/errors.ts";
import type { Output } from "../../../preload/contract/index.ts";
import type { ObjectRef } from "../../../preload/contract/shared.ts";
import { readNamed } from "../../keys/read-named.ts";
import { findObject, objectWords } from "../../objects/find-object.ts";
import { createObject, leftThere } from "../../objects/import/create-object.ts";
import { certificateTemplate } from "../../objects/import/template.ts";
import { type TokenKey, tokenKeys } from "../../objects/import/token-keys.ts";
import type { WrittenObject } from "../../objects/import/write-item.ts";
import { moduleRefused } from "../../objects/module-refused.ts";
import { readRow } from "../../objects/read-row.ts";
import { CKA } from "../../pkcs11/attributes.ts";
import { Failure, failure, toErrorData } from "../../pkcs11/failure.ts";
import { handleFrom, handleText } from "../../pkcs11/handles.ts";
import type { Library } from "../../pkcs11/library.ts";

/** One certificate as it is to be written, everything about it checked. */
export interface WantedCertificate {
  der: Buffer;
  label: Buffer;
  id: Buffer;
  /** In words, for errors. */
  where: string;
  /** What it replaces, with the bytes that were seen. */
  replaces: TokenKey[];
}

type Result = Output<"certificates.replyWrite">;

/**
 * Writes all certificates or none. Nothing that was on the token is deleted before everything new has been read back and
 * compared; and a device that keeps one certificate for each CKA_ID, and so takes the old one's place by itself, gets
 * the old one back where the work fails.
 * @param before certificates and keys on the token before
 * @throws Failure of the write that failed; the message says what became of the others
 */
export const writeReply = (
  library: Library,
  session: Handle,
  wanted: WantedCertificate[],
  before: TokenKey[],
  onProgress: (done: number, of: number) => void,
): Result => {
  const steps = wanted.length + wanted.reduce((sum, { replaces }) => sum + replaces.length, 0);
  const written = writeAll(library, session, wanted, before, (done) => onProgress(done, steps));
  // A device may have put the new certificate in the old one's place: then that one is gone already.
  const replaced = vanished(library, session, before).map(replacedOf);
  const failed = deleteReplaced(library, session, wanted, replaced, () =>
    onProgress(written.length + replaced.length, steps),
  );
  for (const { der, label, id, where } of wanted) {
    if (isThere(library, session, der)) continue;
    // Deleting the old one took the new one with it: one file for both.
    createObject(library, session, certificateTemplate(der, { label, id }), where);
  }
  return { written, replaced, failed };
};

const writeAll = (
  library: Library,
  session: Handle,
  wanted: WantedCertificate[],
  before: TokenKey[],
  onProgress: (done: number) => void,
): WrittenObject[] => {
  const handles: Handle[] = [];
  const written: WrittenObject[] = [];
  for (const { der, label, id, where } of wanted) {
    onProgress(written.length);
    try {
      const created = createObject(library, session, certificateTemplate(der, { label, id }), where);
      handles.push(created.handle);
      written.push({
        object: readRow(library, session, created.handle),
        compared: created.compared,
        warnings: created.warnings,
      });
    } catch (thrown) {
      const error = toErrorData(thrown, where);
      if (error.code === "READ_BACK_DIFFERS" && typeof error.details?.handle === "string")
        handles.push(handleFrom(error.details.handle));
      throw takenBack(library, session, handles, before, error);
    }
  }
  return written;
};

/** Deletes what this request wrote, and writes again what a device lost by it. @returns the error with what was done */
const takenBack = (
  library: Library,
  session: Handle,
  handles: Handle[],
  before: TokenKey[],
  error: ErrorData,
): Failure => {
  const stays: string[] = [];
  for (const handle of handles.reverse()) {
    try {
      library.p11.C_DestroyObject(session, handle);
    } catch {
      stays.push(handleText(handle));
    }
  }
  const lost: string[] = [];
  try {
    for (const { ref, value, labelBytes } of vanished(library, session, before)) {
      const naming = { label: labelBytes, id: Buffer.from(ref.id, "hex") };
      if (value) createObject(library, session, certificateTemplate(value, naming), objectWords(ref));
    }
  } catch (thrown) {
    lost.push(toErrorData(thrown, "writing the old certificate again").message);
  }
  const message = error.message.replace(leftThere, "");
  const outcome =
    stays.length > 0
      ? `What had been written could not be deleted again: ${stays.join(", ")}.`
      : handles.length > 0
        ? "What had been written was deleted again: the token is as it was."
        : "Nothing was written.";
  return new Failure({ ...error, message: [message, outcome, ...lost].join(" ") });
};

/** Certificates that were on the token before, and are no longer. */
const vanished = (library: Library, session: Handle, before: TokenKey[]): TokenKey[] => {
  const now = tokenKeys(library, session).flatMap(({ value }) => (value ? [value.toString("hex")] : []));
  return before.filter(
    ({ ref, value }) => ref.class === "certificate" && value !== null && !now.includes(value.toString("hex")),
  );
};

const isThere = (library: Library, session: Handle, der: Buffer): boolean =>
  tokenKeys(library, session).some(({ value }) => value?.equals(der));

const replacedOf = ({ ref, value }: TokenKey): Result["replaced"][number] => ({
  object: ref,
  content: (value ?? Buffer.alloc(0)).toString("base64"),
});

/** Deletes the old certificates one by one, each read again before. Adds to `replaced`. @returns the first failure */
const deleteReplaced = (
  library: Library,
  session: Handle,
  wanted: WantedCertificate[],
  replaced: Result["replaced"],
  onProgress: () => void,
): Result["failed"] => {
  for (const old of wanted.flatMap(({ replaces }) => replaces)) {
    if (replaced.some(({ object }) => object.handle === old.ref.handle)) continue;
    onProgress();
    try {
      destroySeen(library, session, old);
    } catch (thrown) {
      return { object: old.ref, error: toErrorData(thrown, `deleting the ${objectWords(old.ref)}`) };
    }
    replaced.push(replacedOf(old));
  }
  return null;
};

/** @throws Failure OBJECT_GONE, OBJECT_CHANGED where the handle means another certificate now */
const destroySeen = (library: Library, session: Handle, { ref, value }: TokenKey): void => {
  const { handle } = findObject(library, session, ref);
  const now = readNamed(library, session, handle, { value: CKA.VALUE }).value;
  if (!value || !now?.equals(value)) throw changedMeanwhile(ref);
  try {
    library.p11.C_DestroyObject(session, handle);
  } catch (thrown) {
    throw moduleRefused(thrown, `C_DestroyObject, ${objectWords(ref)}`);
  }
};

const changedMeanwhile = (ref: ObjectRef): Failure =>
  failure("OBJECT_CHANGED", {
    where: objectWords(ref),
    message: "Behind its handle there is another certificate now. It was not deleted.",
    remedy: "List the objects again, and delete the old certificate if it is still there.",
  });
