import type { Handle } from "pkcs11js";
import { CKA } from "../pkcs11/attributes.ts";
import { failure } from "../pkcs11/failure.ts";
import type { Library } from "../pkcs11/library.ts";
import { duplicatesOf, guardDuplicates } from "./duplicates.ts";
import { type FoundObject, objectWords } from "./find-object.ts";
import { moduleRefused } from "./module-refused.ts";
import type { OpenToken } from "./open-token.ts";
import { compareWritten } from "./read-back.ts";
import { readRow } from "./read-row.ts";

/**
 * C_CopyObject with another label, and another CKA_ID if one is given. The copy is kept where the original is.
 * @param id hexadecimal
 * @throws Failure ALREADY_USED before anything is written; PKCS11, LOGIN_NEEDED, READ_BACK_DIFFERS
 */
export const copyObject = (
  library: Library,
  { session }: OpenToken,
  { handle, row }: FoundObject,
  { label, id, allowDuplicate }: { label: string; id?: string | undefined; allowDuplicate: boolean },
): { handle: Handle; compared: string[]; warnings: string[] } => {
  const where = `copy of ${objectWords(row)}`;
  const written = new Map([[CKA.LABEL as number, Buffer.from(label, "utf8")]]);
  if (id !== undefined) written.set(CKA.ID, Buffer.from(id, "hex"));
  // The original itself counts: two objects of a class with one CKA_ID cannot be told apart by other programs.
  const names = new Map(written);
  if (id === undefined) names.set(CKA.ID, Buffer.from(row.id, "hex"));
  const found = duplicatesOf(library, session, { ...row, handle: "" }, names);
  const warnings = guardDuplicates(found, where, allowDuplicate);
  const copy = create(library, session, handle, written, row.onToken, where);
  const compared = compareWritten(library, session, copy, written, where);
  const made = readRow(library, session, copy);
  if (made.onToken !== row.onToken || made.private !== row.private)
    throw failure("READ_BACK_DIFFERS", {
      where,
      message: `The copy ${made.onToken ? "is on the token" : "is a session object only"} and ${made.private ? "private" : "public"}, unlike the original.`,
      remedy: "Delete the copy, and look at the module's documentation of C_CopyObject.",
      details: { handle: made.handle },
    });
  return { handle: copy, compared: [...compared, "CKA_TOKEN", "CKA_PRIVATE"], warnings };
};

const create = (
  library: Library,
  session: Handle,
  handle: Handle,
  written: ReadonlyMap<number, Buffer>,
  onToken: boolean,
  where: string,
): Handle => {
  try {
    return library.p11.C_CopyObject(session, handle, [
      // Without it some modules make a session object, which is gone with the session.
      { type: CKA.TOKEN, value: onToken },
      ...[...written].map(([type, value]) => ({ type, value })),
    ]);
  } catch (thrown) {
    throw moduleRefused(thrown, `C_CopyObject, ${where}`);
  }
};
