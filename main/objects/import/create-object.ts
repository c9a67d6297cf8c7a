import type { Handle } from "pkcs11js";
import { moduleQuirks } from "../../keys/module-quirks.ts";
import { attributeName, CKA } from "../../pkcs11/attributes.ts";
import { failure, returnValueOf } from "../../pkcs11/failure.ts";
import { handleText } from "../../pkcs11/handles.ts";
import type { Library } from "../../pkcs11/library.ts";
import { moduleRefused } from "../module-refused.ts";
import { readAttributes } from "../read-attributes.ts";
import { asTemplate, type Written } from "./template.ts";

export interface Created {
  handle: Handle;
  compared: string[];
  warnings: string[];
}

/**
 * C_CreateObject, then reads everything public back and compares.
 * @param where what is written, for errors
 * @throws Failure READ_BACK_DIFFERS (the object is then on the token and left there); what the module refused
 */
export const createObject = (library: Library, session: Handle, attributes: Written[], where: string): Created => {
  let handle: Handle;
  try {
    handle = library.p11.C_CreateObject(session, asTemplate(attributes));
  } catch (thrown) {
    throw moduleRefused(thrown, `C_CreateObject, ${where}`);
  }
  return { handle, ...compare(library, session, handle, attributes, where) };
};

/** Return values with which tokens refuse keys from outside as such, whatever the template says. */
const refusals = new Set([
  "CKR_FUNCTION_NOT_SUPPORTED",
  "CKR_GENERAL_ERROR",
  "CKR_FUNCTION_FAILED",
  "CKR_ACTION_PROHIBITED",
]);

/** Writes a key; a token that takes none from outside is told apart from other refusals. @throws Failure NOT_OFFERED too */
export const orRefused = <T>(library: Library, what: string, write: () => T): T => {
  try {
    return write();
  } catch (thrown) {
    const rv = returnValueOf(thrown);
    const { keyImport } = moduleQuirks(library);
    if (!rv || !(refusals.has(rv) || (keyImport && rv === "CKR_ATTRIBUTE_VALUE_INVALID"))) throw thrown;
    throw failure("NOT_OFFERED", {
      rv,
      where: `C_CreateObject, ${what}`,
      message:
        "The token does not take keys from outside through PKCS#11, or not of this kind. This one was not written.",
      remedy: keyImport ?? dkek,
    });
  }
};

const dkek =
  "Devices of the SmartCard-HSM class (Nitrokey HSM) take keys only wrapped under a device key encryption key (DKEK), which must be set up when the device is initialised: then sc-hsm-tool --unwrap-key, or the Smart Card Shell for PKCS#12 files. Otherwise generate the key on the token.";

const compare = (
  library: Library,
  session: Handle,
  handle: Handle,
  attributes: Written[],
  where: string,
): { compared: string[]; warnings: string[] } => {
  const open = attributes.filter(({ secret }) => !secret);
  const { values, failures } = readAttributes(
    library,
    session,
    handle,
    open.map(({ type }) => type),
  );
  const compared: string[] = [];
  const warnings: string[] = [];
  for (const { type, value, strict } of open) {
    const found = values.get(type);
    const name = attributeName(type);
    if (found && same(type, found, value)) compared.push(name);
    else if (strict) throw differs(type, handle, where, value, found ?? null, failures.get(type) ?? null);
    else if (found) warnings.push(`${name} is ${shown(found)} on the token, although ${shown(value)} was written.`);
    else warnings.push(`${name} cannot be read back (${failures.get(type)}).`);
  }
  return { compared, warnings };
};

/** Modules may put a zero before numbers, or write a point bare that came in an OCTET STRING. */
const same = (type: number, found: Buffer, written: Buffer): boolean => {
  if (found.equals(written)) return true;
  if (type === CKA.MODULUS || type === CKA.PUBLIC_EXPONENT) return number(found) === number(written);
  return type === CKA.EC_POINT && (found.equals(written.subarray(2)) || written.equals(found.subarray(2)));
};

const number = (bytes: Buffer): bigint => BigInt(`0x${bytes.toString("hex") || "0"}`);

const shown = (bytes: Buffer): string =>
  bytes.length > 40 ? `${bytes.length} other bytes` : bytes.toString("hex") || "empty";

/** Said of an object that differs; callers that take it off again say so instead. */
export const leftThere = " The object is there and was left there.";

const differs = (
  type: number,
  handle: Handle,
  where: string,
  written: Buffer,
  found: Buffer | null,
  rv: string | null,
) => {
  const name = attributeName(type);
  const session = type === CKA.TOKEN && found?.[0] === 0;
  return failure("READ_BACK_DIFFERS", {
    where: `${where}, object ${handleText(handle)}`,
    message: session
      ? "The module made a session object of it: it is gone as soon as the session ends, and is not on the token."
      : `${name} is ${found ? shown(found) : `not readable (${rv ?? "no value"})`} on the token, although ${shown(written)} was written.${leftThere}`,
    remedy: session
      ? "The token may be full or write-protected, or the module keeps no objects of this kind. Nothing is lost but this write."
      : "Look at the object in the inspector; delete it if it is of no use.",
    details: { attribute: name, handle: handleText(handle) },
  });
};
