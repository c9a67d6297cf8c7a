import type { Handle } from "pkcs11js";
import type { ObjectRow } from "../../../preload/contract/objects.ts";
import { objectsWith } from "../../keys/taken.ts";
import { makeTestSignature } from "../../keys/test-signature.ts";
import { tokenMechanisms } from "../../keys/token-mechanisms.ts";
import { tryUse } from "../../keys/use-test.ts";
import { failure, toErrorData } from "../../pkcs11/failure.ts";
import type { FoundToken, Library } from "../../pkcs11/library.ts";
import { deviceRules } from "../../tokens/device-class.ts";
import { objectWords } from "../find-object.ts";
import { readRow } from "../read-row.ts";
import { type Created, createObject, orRefused } from "./create-object.ts";
import type { FileItem } from "./file-item.ts";
import type { PlannedItem } from "./plan-items.ts";
import {
  certificateTemplate,
  type Naming,
  type Protection,
  privateKeyTemplate,
  publicKeyTemplate,
  spellings,
  type Written,
} from "./template.ts";
import { foreignUnderId, type TokenKey } from "./token-keys.ts";

/** One item as the user wants it written. */
export interface Wanted extends Protection {
  planned: PlannedItem;
  naming: Naming;
}

export interface Writing {
  library: Library;
  token: FoundToken;
  session: Handle;
  /** What is on the token before this write. */
  keys: TokenKey[];
  allowDuplicate: boolean;
}

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
  const created =
    item.kind === "privateKey"
      ? await writePrivateKey(writing, wanted, where)
      : createAny(writing, item, wanted.naming, where);
  return { object: readRow(library, session, created.handle), compared: created.compared, warnings: created.warnings };
};

const createAny = ({ library, session }: Writing, item: FileItem, naming: Naming, where: string): Created => {
  if (item.kind === "certificate") return createObject(library, session, certificateTemplate(item.der, naming), where);
  if (item.kind !== "publicKey") throw new Error("private keys are written by writePrivateKey");
  return orRefused(library, where, () =>
    createSpelt(library, session, item.publicKey.type, where, (spelling) =>
      publicKeyTemplate(item.publicKey, naming, spelling),
    ),
  );
};

/** Tries the spellings of a key type until the module takes one. Ends with the first refusal if it takes none. */
const createSpelt = (
  library: Library,
  session: Handle,
  type: Parameters<typeof spellings>[0],
  where: string,
  template: (spelling: ReturnType<typeof spellings>[number]) => Written[],
): Created => {
  let first: unknown = null;
  for (const [i, spelling] of spellings(type, library.p11.C_GetInfo().cryptokiVersion).entries()) {
    try {
      const created = createObject(library, session, template(spelling), where);
      if (i > 0)
        created.warnings.push(
          "The module has no CKK_EC_MONTGOMERY; the key was written as CKK_EC_EDWARDS with the curve X25519.",
        );
      return created;
    } catch (thrown) {
      first ??= thrown;
      const { code } = toErrorData(thrown, where);
      if (code !== "PKCS11") throw thrown;
    }
  }
  throw first;
};

const writePrivateKey = async (
  writing: Writing,
  { planned, naming, ...protection }: Wanted,
  where: string,
): Promise<Created> => {
  const { item } = planned;
  if (item.kind !== "privateKey") throw new Error("not a private key");
  const { library, session } = writing;
  const created = orRefused(library, where, () =>
    createSpelt(library, session, item.parts.type, where, (spelling) =>
      privateKeyTemplate(item.parts, naming, protection, spelling),
    ),
  );
  const { proof, warnings } = await tryKey(writing, created.handle, planned);
  return {
    ...created,
    compared: proof ? [...created.compared, proof] : created.compared,
    warnings: [...created.warnings, ...warnings],
  };
};

/** The proof that the token has understood the values: a signature, or for X25519 a shared secret. */
const tryKey = async (
  { library, token }: Writing,
  key: Handle,
  { item }: PlannedItem,
): Promise<{ proof: string | null; warnings: string[] }> => {
  if (item.kind !== "privateKey") return { proof: null, warnings: [] };
  const { publicKey } = item;
  const mechanisms = tokenMechanisms(library, token);
  const { handle: session } = library.newSession(token);
  try {
    if (publicKey.type === "X25519") {
      const { tried, words } = tryUse({ library, session, key, publicKey, usage: ["derive"], mechanisms });
      return tried ? { proof: "shared secret", warnings: [] } : { proof: null, warnings: [words] };
    }
    const { by } = await makeTestSignature(library, { session, key, publicKey, mechanisms }, null);
    return by === "nobody" ? { proof: null, warnings: [unproven] } : { proof: "test signature", warnings: [] };
  } finally {
    library.p11.C_CloseSession(session);
  }
};

const unproven = "The software here does not know the curve, so the test signature was not checked.";
