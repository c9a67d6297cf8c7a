import type { Handle } from "pkcs11js";
import { templateRefusals } from "../keys/generate.ts";
import type { FoundObject } from "../objects/find-object.ts";
import { objectWords } from "../objects/find-object.ts";
import { type Created, createObject } from "../objects/import/create-object.ts";
import type { Written } from "../objects/import/template.ts";
import { kindOf } from "../objects/lens.ts";
import { moduleRefused } from "../objects/module-refused.ts";
import { readAttributes } from "../objects/read-attributes.ts";
import { attributeName, attributesOf, CKA, isSecret } from "../pkcs11/attributes.ts";
import { Failure, failure, toErrorData } from "../pkcs11/failure.ts";
import { handleFrom } from "../pkcs11/handles.ts";
import type { Library } from "../pkcs11/library.ts";

/** CKA_UNIQUE_ID, CKA_CHECK_VALUE (SoftHSM refuses to be told it), and what C_CreateObject may not be given (PKCS#11 2.40, table 10, footnotes 2 and 4). */
const madeByToken: ReadonlySet<number> = new Set([
  0x4,
  0x90,
  CKA.LOCAL,
  CKA.KEY_GEN_MECHANISM,
  CKA.MODULUS_BITS,
  CKA.PUBLIC_KEY_INFO,
]);

/** What decides what the object is; its copy must have it bit by bit. */
const essential: ReadonlySet<number> = new Set([
  CKA.CLASS,
  CKA.TOKEN,
  CKA.PRIVATE,
  CKA.LABEL,
  CKA.ID,
  CKA.CERTIFICATE_TYPE,
  CKA.VALUE,
  CKA.SUBJECT,
  CKA.ISSUER,
  CKA.SERIAL_NUMBER,
  CKA.KEY_TYPE,
  CKA.MODULUS,
  CKA.PUBLIC_EXPONENT,
  CKA.EC_PARAMS,
  CKA.EC_POINT,
]);

/**
 * Everything that can be read of a certificate or public key, as the template of an equal one.
 * @throws Failure REFUSED for an object with secret parts; Pkcs11Error when session or token are gone
 */
export const templateOf = (library: Library, session: Handle, { handle, row }: FoundObject): Written[] => {
  if (row.class !== "certificate" && row.class !== "publicKey")
    throw failure("REFUSED", {
      where: objectWords(row),
      message: "Only certificates and public keys are replaced by a copy.",
      remedy: "Change the object in the inspector, if its module lets you.",
    });
  const { objectClass, keyType, certificateType } = kindOf(library, session, handle);
  const types = attributesOf(objectClass ?? -1, keyType, certificateType)
    .map(({ number }) => number)
    .filter((number) => !madeByToken.has(number) && !isSecret(number, objectClass));
  const { values, failures } = readAttributes(library, session, handle, types);
  const missing = mandatory(objectClass, keyType).filter((type) => !values.has(type));
  if (missing.length > 0)
    throw failure("REFUSED", {
      where: objectWords(row),
      message: `A copy would not be whole: ${missing.map((type) => `${attributeName(type)} (${failures.get(type) ?? "not there"})`).join(", ")} cannot be read. Nothing was written.`,
      remedy: "Look at the object in the inspector.",
    });
  return [...values]
    .filter(([type, value]) => essential.has(type) || (value.length > 0 && !isDefault(type, value)))
    .map(([type, value]): Written => ({ type, value, ...(essential.has(type) ? { strict: true as const } : {}) }));
};

/** What a copy cannot do without. */
const mandatory = (objectClass: number | null, keyType: string | null): number[] => {
  const common = [CKA.CLASS, CKA.TOKEN, CKA.PRIVATE, CKA.LABEL, CKA.ID];
  if (objectClass === 1) return [...common, CKA.CERTIFICATE_TYPE, CKA.VALUE];
  if (keyType === "RSA") return [...common, CKA.KEY_TYPE, CKA.MODULUS, CKA.PUBLIC_EXPONENT];
  return [...common, CKA.KEY_TYPE, ...(keyType?.startsWith("EC") ? [CKA.EC_PARAMS, CKA.EC_POINT] : [])];
};

/** Values that an object gets anyway, and that many modules refuse to be told. */
const isDefault = (type: number, value: Buffer): boolean =>
  (type === CKA.TRUSTED && value[0] === 0) ||
  (([CKA.MODIFIABLE, CKA.COPYABLE, CKA.DESTROYABLE] as number[]).includes(type) && value[0] === 1);

/**
 * Writes an object, reads it back and compares. If it differs it is taken off again, so that nothing half-right stays.
 * @returns with warnings that name what could not be taken over
 * @throws Failure READ_BACK_DIFFERS, PKCS11, LOGIN_NEEDED
 */
export const writeCopy = (library: Library, session: Handle, template: Written[], where: string): Created => {
  try {
    return createOrRemove(library, session, template, where);
  } catch (thrown) {
    const { rv } = toErrorData(thrown, where);
    const core = template.filter(({ strict }) => strict);
    if (!templateRefusals.has(rv) || core.length === template.length) throw thrown;
    const created = createOrRemove(library, session, core, where);
    const left = template.filter(({ strict }) => !strict).map(({ type }) => attributeName(type));
    return {
      ...created,
      warnings: [
        ...created.warnings,
        `The module did not take over ${left.join(", ")} (${rv}); it decided about them itself.`,
      ],
    };
  }
};

const createOrRemove = (library: Library, session: Handle, template: Written[], where: string): Created => {
  try {
    return createObject(library, session, template, where);
  } catch (thrown) {
    if (!(thrown instanceof Failure) || thrown.data.code !== "READ_BACK_DIFFERS") throw thrown;
    const { handle } = thrown.data.details ?? {};
    if (typeof handle !== "string") throw thrown;
    try {
      library.p11.C_DestroyObject(session, handleFrom(handle));
    } catch {
      throw thrown;
    }
    throw failure("READ_BACK_DIFFERS", {
      ...thrown.data,
      message: `${thrown.data.message.replace(/ The object is there.*$/, "")} The new object was taken off again; the old one is as it was.`,
    });
  }
};

/** @throws Failure what the module refused */
export const destroy = (library: Library, session: Handle, { handle, row }: FoundObject): void => {
  try {
    library.p11.C_DestroyObject(session, handle);
  } catch (thrown) {
    throw moduleRefused(thrown, `C_DestroyObject, ${objectWords(row)}`);
  }
};

/** The template with other values for some attributes. */
export const withValues = (template: readonly Written[], changes: ReadonlyMap<number, Buffer>): Written[] => [
  ...template.filter(({ type }) => !changes.has(type)),
  ...[...changes].map(([type, value]): Written => ({ type, value, strict: true })),
];
