import type { TraceCall, TraceField } from "../../../../preload/contract/trace.ts";
import { attributesOf, fieldOf, handlesOf, isRefused, mechanismOf, sessionOf, truthOf } from "../../view/fields.ts";
import { attributeKnown, keyKnown, loginKnown, opened, rowText } from "../known.ts";
import { lastOf, type Past, succeeded } from "../past.ts";
import type { Here, Rule } from "./rule.ts";

/** Attribute that allows a use of a key, by function. */
const usage: readonly (readonly [RegExp, string])[] = [
  [/^C_(SignRecover)/, "CKA_SIGN_RECOVER"],
  [/^C_(Sign|MessageSign)/, "CKA_SIGN"],
  [/^C_VerifyRecover/, "CKA_VERIFY_RECOVER"],
  [/^C_(Verify|MessageVerify)/, "CKA_VERIFY"],
  [/^C_(Encrypt|MessageEncrypt)/, "CKA_ENCRYPT"],
  [/^C_(Decrypt|MessageDecrypt)/, "CKA_DECRYPT"],
  [/^C_Wrap/, "CKA_WRAP"],
  [/^C_Unwrap/, "CKA_UNWRAP"],
  [/^C_Derive/, "CKA_DERIVE"],
  [/^C_Encapsulate/, "CKA_ENCAPSULATE"],
  [/^C_Decapsulate/, "CKA_DECAPSULATE"],
];
const makers = [
  "C_FindObjects",
  "C_CreateObject",
  "C_CopyObject",
  "C_GenerateKey",
  "C_GenerateKeyPair",
  "C_UnwrapKey",
  "C_DeriveKey",
  "C_EncapsulateKey",
  "C_DecapsulateKey",
];

const listed = (names: readonly string[]): string =>
  names.length <= 6 ? names.join(", ") : `${names.slice(0, 6).join(", ")} and ${names.length - 6} more`;

/** Attributes that were asked for and not given. */
const refused = (call: TraceCall): string[] =>
  [...attributesOf(call, "out")].flatMap(([name, field]) => (isRefused(field) ? [name] : []));

const whyHandleInvalid = (call: TraceCall, past: Past): Here => {
  const objects = handlesOf(call, "in");
  for (const object of objects) {
    const destroyed = lastOf(
      past,
      ["C_DestroyObject"],
      (earlier) => succeeded(earlier) && handlesOf(earlier, "in").includes(object),
    );
    const made = lastOf(
      past,
      makers,
      (earlier) => succeeded(earlier) && handlesOf(earlier, "out").includes(object),
      2000,
    );
    if (destroyed !== null && destroyed.row > (made?.row ?? -1))
      return { here: `Object ${object} was deleted in ${rowText(destroyed)}.`, remedy: "Search for the object again." };
    if (made === null) continue;
    const ended = lastOf(past, ["C_Finalize"], (earlier) => succeeded(earlier) && earlier.row > made.row);
    if (ended !== null)
      return {
        here: `Handle ${object} is from ${rowText(made)}, before the library was ended (${rowText(ended)}). Handles do not outlive it.`,
        remedy: "Search for the object again after C_Initialize.",
      };
    const logout = lastOf(
      past,
      ["C_Logout", "C_CloseAllSessions"],
      (earlier) => succeeded(earlier) && earlier.row > made.row,
    );
    if (logout !== null)
      return {
        here: `Handle ${object} is from ${rowText(made)}; ${logout.name} in ${rowText(logout)} ended the login. Handles of private objects end with it, and private session objects are destroyed.`,
        remedy: "Log in again and search for the object again.",
      };
    const closed = lastOf(
      past,
      ["C_CloseSession"],
      (earlier) => succeeded(earlier) && earlier.row > made.row && sessionOf(earlier) === sessionOf(made),
    );
    if (closed !== null && made.name !== "C_FindObjects")
      return {
        here: `Object ${object} was made in session ${sessionOf(made)} (${rowText(made)}), which was closed in ${rowText(closed)}: session objects vanish with their session.`,
        remedy: "Keep the session open, or make a token object (CKA_TOKEN true).",
      };
    return {
      here: `Object ${object} was ${made.name === "C_FindObjects" ? "found" : "made"} in ${rowText(made)}, and nothing in this process deleted it: another program did, or the token was removed or reset.`,
      remedy: "Search for the object again.",
    };
  }
  return {
    here: `No call of this process gave handle ${objects[0] ?? ""} out in this trace. Handles are numbers of one process only; they cannot be kept or passed on.`,
    remedy: "Search for the object in this process.",
  };
};

/** Combinations that devices refuse, said of a template that was refused. */
const templateHints = (attributes: ReadonlyMap<string, TraceField>): string => {
  const isTrue = (name: string) => truthOf(attributes.get(name)) === true;
  const isFalse = (name: string) => truthOf(attributes.get(name)) === false;
  const hints: string[] = [];
  if (isTrue("CKA_SENSITIVE") && isTrue("CKA_EXTRACTABLE")) hints.push("sensitive and extractable at once");
  if (isFalse("CKA_SENSITIVE")) hints.push("CKA_SENSITIVE false, which many devices refuse for keys on the token");
  if (isTrue("CKA_EXTRACTABLE")) hints.push("CKA_EXTRACTABLE true, which many devices refuse");
  if (isTrue("CKA_TRUSTED")) hints.push("CKA_TRUSTED, which only the SO may set");
  if (attributes.has("CKA_MODULUS") && attributes.has("CKA_MODULUS_BITS"))
    hints.push("CKA_MODULUS_BITS together with CKA_MODULUS");
  const uses = ["CKA_SIGN", "CKA_DECRYPT", "CKA_UNWRAP", "CKA_DERIVE"].filter(isTrue);
  if (uses.length > 2) hints.push(`many uses at once (${uses.join(", ")})`);
  return hints.length === 0 ? "" : ` Suspicious: ${hints.join("; ")}.`;
};

export const objectRules: readonly Rule[] = [
  {
    codes: ["CKR_ATTRIBUTE_TYPE_INVALID", "CKR_ATTRIBUTE_SENSITIVE"],
    functions: /^C_GetAttributeValue$/,
    tell: (call) => {
      const missing = refused(call);
      const asked = attributesOf(call).size;
      const which = missing.length === 0 ? "" : ` Not given: ${listed(missing)}.`;
      const why =
        call.rv === "CKR_ATTRIBUTE_SENSITIVE"
          ? "An attribute is secret and stays on the token, as it should."
          : "The object does not have one of the attributes.";
      const rest =
        asked > 1
          ? "The other attributes of the call were read all the same; a few modules (OpenSC with some cards) give none then."
          : "Programs ask so for optional attributes.";
      return { here: `Harmless. ${why}${which} ${rest}`, remedy: "" };
    },
  },
  {
    codes: [
      "CKR_ATTRIBUTE_TYPE_INVALID",
      "CKR_ATTRIBUTE_VALUE_INVALID",
      "CKR_TEMPLATE_INCONSISTENT",
      "CKR_TEMPLATE_INCOMPLETE",
      "CKR_ATTRIBUTE_READ_ONLY",
    ],
    tell: (call) => {
      const attributes = attributesOf(call, "in");
      if (attributes.size === 0) return null;
      const names = [...attributes.keys()];
      if (call.name === "C_SetAttributeValue")
        return {
          here: `The token does not change this: ${listed(names)}.`,
          remedy: "Change fewer attributes at once; some are fixed when the object is made.",
        };
      const missing =
        call.rv === "CKR_TEMPLATE_INCOMPLETE"
          ? " The token wants one more, often CKA_KEY_TYPE, CKA_ID, CKA_VALUE_LEN, CKA_MODULUS_BITS or CKA_EC_PARAMS."
          : templateHints(attributes);
      return { here: `The template has ${names.length} attributes: ${listed(names)}.${missing}` };
    },
  },
  {
    codes: ["CKR_KEY_FUNCTION_NOT_PERMITTED"],
    tell: (call, past) => {
      const attribute = usage.find(([functions]) => functions.test(call.name))?.[1];
      const key = keyKnown(call, past);
      if (attribute === undefined) return null;
      const known = key === null ? null : attributeKnown(key, attribute, past);
      const seen =
        known === null
          ? "The log does not show that attribute."
          : truthOf(known.field) === false
            ? `It is false (${rowText(known)}).`
            : `It was true in ${rowText(known)}, so the token has a rule of its own.`;
      return {
        here: `${call.name} wants ${attribute} true for key ${key ?? ""}. ${seen}`,
        remedy: "Use another key. The attribute is set when the key is made; some tokens let it be changed.",
      };
    },
  },
  {
    codes: [
      "CKR_OBJECT_HANDLE_INVALID",
      "CKR_KEY_HANDLE_INVALID",
      "CKR_WRAPPING_KEY_HANDLE_INVALID",
      "CKR_UNWRAPPING_KEY_HANDLE_INVALID",
    ],
    tell: whyHandleInvalid,
  },
  {
    codes: ["CKR_KEY_TYPE_INCONSISTENT"],
    tell: (call, past) => {
      const key = keyKnown(call, past);
      const type = key === null ? null : attributeKnown(key, "CKA_KEY_TYPE", past);
      const mechanism = mechanismOf(call);
      if (mechanism === null) return null;
      const seen = type === null ? "" : ` Key ${key} is ${type.field.text.trim()} (${rowText(type)}).`;
      return {
        here: `${mechanism} is for another type or class of key.${seen} A public key where a private one is needed gives this too.`,
      };
    },
  },
  {
    codes: ["CKR_KEY_UNEXTRACTABLE", "CKR_KEY_NOT_WRAPPABLE"],
    tell: (call, past) => {
      const field = fieldOf(call, "hKey");
      const known = field?.handle === undefined ? null : attributeKnown(field.handle, "CKA_EXTRACTABLE", past);
      return known === null
        ? null
        : { here: `CKA_EXTRACTABLE of ${field?.handle} is ${known.field.text.trim()} (${rowText(known)}).` };
    },
  },
  {
    codes: ["CKR_OK"],
    functions: /^C_FindObjects$/,
    tell: (call, past) => {
      if (handlesOf(call, "out").length > 0) return null;
      const session = sessionOf(call);
      const earlier = lastOf(past, ["C_FindObjects", "C_FindObjectsInit"], (before) => sessionOf(before) === session);
      if (earlier === null || earlier.name === "C_FindObjects")
        return { here: "No more objects: the end of the search." };
      const { login, endedBy } = loginKnown(past);
      const loggedIn = login !== null && endedBy === null;
      const wanted = [...attributesOf(earlier, "in")].map(
        ([name, field]) => `${name} = ${field.text.trim().slice(0, 60)}`,
      );
      const what = wanted.length === 0 ? "The token shows no objects at all" : `Nothing fits (${listed(wanted)})`;
      return loggedIn || opened(session, past) === null
        ? { here: `${what}.` }
        : {
            here: `${what}. Nobody is logged in: private objects, usually the private keys, are not found without.`,
            remedy: "Log in before the search, if the object may be private.",
          };
    },
  },
];
