import type { ObjectRow } from "../../../preload/contract/objects.ts";
import { objectsWith } from "../../keys/taken.ts";
import { failure } from "../../pkcs11/failure.ts";
import { deviceRules } from "../../tokens/device-class.ts";
import { objectWords } from "../find-object.ts";
import { readRow } from "../read-row.ts";
import { type Created, createObject } from "./create-object.ts";
import type { FileItem } from "./file-item.ts";
import { certificateTemplate } from "./template.ts";
import { foreignUnderId } from "./token-keys.ts";
import { writePrivateKey, writePublicKey } from "./write-key.ts";
import type { Wanted, Writing } from "./writing.ts";

export interface WrittenObject {
  object: ObjectRow;
  compared: string[];
  warnings: string[];
}

/**
 * Everything that is to be known before a write, so that several items are refused together and not half-way.
 * @returns warnings, where duplicates are allowed
 * @throws Failure ALREADY_USED
 */
export const checkItem = (writing: Writing, { planned, naming }: Wanted): string[] => {
  const { item, shown, identity } = planned;
  const where = shown.summary;
  const refuse = (message: string, remedy: string): string => {
    if (writing.allowDuplicate) return message;
    throw failure("ALREADY_USED", { where, message: `${message} Nothing was written.`, remedy });
  };
  const warnings: string[] = [];
  if (shown.alreadyThere)
    warnings.push(
      refuse(
        `It is on the token already, as "${shown.alreadyThere.label}".`,
        "There is nothing to do, unless you want it twice.",
      ),
    );
  const id = naming.id.toString("hex");
  const foreign = foreignUnderId(identity, id, writing.keys).filter(
    ({ ref }) => ref.class !== item.kind || identity === null,
  );
  if (foreign.length > 0) {
    const replaces = item.kind === "certificate" && deviceRules(writing.token.info).certificateReplacesPublicKey;
    warnings.push(
      refuse(
        `The CKA_ID ${id} belongs to another key: ${foreign.map(({ ref }) => objectWords({ ...ref, id: "" })).join(", ")} has other public key bytes.${replaces ? " On this device the public key object would then show the certificate's key." : ""}`,
        "Use the proposed CKA_ID, which is made from the public key.",
      ),
    );
  }
  const taken = objectsWith(writing.library, writing.session, [item.kind], {
    label: naming.label.toString("utf8"),
    id: naming.id,
  }).filter(({ handle }) => handle !== shown.alreadyThere?.handle);
  if (taken.length > 0)
    warnings.push(
      refuse(
        `Its label or CKA_ID is used already by ${taken.map((one) => objectWords({ ...one, id: "" })).join(", ")}.`,
        item.kind === "certificate"
          ? "For a renewed certificate, delete the old one first, give another label, or say that you want both."
          : "Choose another label or CKA_ID, or say that you want both.",
      ),
    );
  return warnings;
};

/** Writes one item, reads it back, and for a private key signs with it. @throws Failure, Pkcs11Error */
export const writeItem = async (writing: Writing, wanted: Wanted): Promise<WrittenObject> => {
  const { library, session } = writing;
  const { item, shown } = wanted.planned;
  const where = `${shown.summary}, label "${wanted.naming.label.toString("utf8")}"`;
  const created = await create(writing, item, wanted, where);
  return { object: readRow(library, session, created.handle), compared: created.compared, warnings: created.warnings };
};

const create = (writing: Writing, item: FileItem, wanted: Wanted, where: string): Created | Promise<Created> => {
  const { library, session } = writing;
  if (item.kind === "certificate")
    return createObject(library, session, certificateTemplate(item.der, wanted.naming), where);
  return item.kind === "publicKey"
    ? writePublicKey(writing, item, wanted, where)
    : writePrivateKey(writing, item, wanted, where);
};
