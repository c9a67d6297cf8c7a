import type { Handle } from "pkcs11js";
import { CKA } from "../pkcs11/attributes.ts";
import { failure, toErrorData } from "../pkcs11/failure.ts";
import { handleText } from "../pkcs11/handles.ts";
import type { Library } from "../pkcs11/library.ts";
import { readNamed } from "./read-named.ts";

/**
 * Gives both halves of a pair the same CKA_ID, or leaves both as they are.
 * @param old the CKA_ID that both were generated with
 * @returns the CKA_ID that both have now, with a warning where the module does not let it be changed
 * @throws Failure READ_BACK_DIFFERS if the halves have ended up with different ones
 */
export const setPairId = (
  library: Library,
  session: Handle,
  pair: { publicKey: Handle; key: Handle },
  old: Buffer,
  wanted: Buffer,
): { id: Buffer; warnings: string[] } => {
  const refusedPublic = setId(library, session, pair.publicKey, wanted);
  if (refusedPublic === null) {
    const refusedPrivate = setId(library, session, pair.key, wanted);
    if (refusedPrivate === null) return { id: wanted, warnings: [] };
    if (setId(library, session, pair.publicKey, old) !== null) throw apart(pair, old, wanted, refusedPrivate);
    return { id: old, warnings: [kept("private", refusedPrivate)] };
  }
  // A module may have changed it all the same, and only failed to say so.
  const { id } = readNamed(library, session, pair.publicKey, { id: CKA.ID });
  if (id && !id.equals(old)) throw apart(pair, old, id, refusedPublic);
  return { id: old, warnings: [kept("public", refusedPublic)] };
};

const kept = (half: string, why: string): string =>
  `The module does not let the CKA_ID of the ${half} key be changed (${why}), so the pair keeps the random CKA_ID that it was generated with. It is the same on both halves.`;

/** @returns null if the object now has the CKA_ID, else why not: a CKR name or what was read back. */
const setId = (library: Library, session: Handle, object: Handle, id: Buffer): string | null => {
  try {
    library.p11.C_SetAttributeValue(session, object, [{ type: CKA.ID, value: id }]);
  } catch (thrown) {
    const { rv, message } = toErrorData(thrown, "C_SetAttributeValue");
    return rv ?? message;
  }
  const read = readNamed(library, session, object, { id: CKA.ID });
  return read.id?.equals(id) ? null : "it accepted the new value, but did not keep it";
};

const apart = (pair: { publicKey: Handle; key: Handle }, privateId: Buffer, publicId: Buffer, why: string) =>
  failure("READ_BACK_DIFFERS", {
    where: `C_SetAttributeValue of CKA_ID, public key ${handleText(pair.publicKey)}, private key ${handleText(pair.key)}`,
    message: `The pair was generated, but its halves now have different CKA_IDs: public ${publicId.toString("hex")}, private ${privateId.toString("hex")} (${why}).`,
    remedy: "Set the CKA_ID of one half to that of the other in the inspector, or delete both and generate anew.",
    details: {
      publicKey: handleText(pair.publicKey),
      privateKey: handleText(pair.key),
      publicId: publicId.toString("hex"),
      privateId: privateId.toString("hex"),
    },
  });
