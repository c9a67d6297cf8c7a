import type { TraceField } from "../../../preload/contract/trace.ts";
import { attributeTable } from "../../pkcs11/attributes.ts";
import { bareName } from "../view/fields.ts";
import { mechanismText } from "./mechanism-texts.ts";

/** Object classes as the scopes of the attribute table call them. */
const scopes: readonly (readonly [RegExp, string])[] = [
  [/CKO_PRIVATE_KEY/, "privateKey"],
  [/CKO_PUBLIC_KEY/, "publicKey"],
  [/CKO_SECRET_KEY/, "secretKey"],
  [/CKO_CERTIFICATE/, "certificate"],
  [/CKO_DATA/, "data"],
];

const rowsOf = new Map<string, { scope: string; about: string }[]>();
for (const { name, scope, about } of attributeTable) rowsOf.set(name, [...(rowsOf.get(name) ?? []), { scope, about }]);

/** An attribute that means several things is explained only if the class of its object is known. */
const attributeText = (name: string, objectClass: string): string | undefined => {
  const rows = rowsOf.get(name) ?? [];
  const scope = scopes.find(([pattern]) => pattern.test(objectClass))?.[1];
  const own = rows.filter(
    (row) => scope !== undefined && row.scope.split(" ").some((one) => one.split("/")[0] === scope),
  );
  const texts = new Set((own.length > 0 ? own : rows).map(({ about }) => about));
  return texts.size === 1 ? [...texts][0] : undefined;
};

/** Texts of PKCS#11 on what attributes and mechanisms are for, put to the fields of a call where they have none. */
export const withTexts = (fields: readonly TraceField[], objectClass = ""): TraceField[] =>
  fields.map((field) => {
    const inner = field.fields ?? [];
    const ownClass = inner.find(({ name }) => name === "CKA_CLASS")?.text ?? objectClass;
    const name = bareName(field.name);
    const mechanism = /\bCKM_\w+/.exec(field.text)?.[0];
    const about =
      field.about ??
      (name.startsWith("CKA_")
        ? attributeText(name, objectClass)
        : mechanism !== undefined && (field.kind === "mechanism" || inner.length === 0)
          ? mechanismText(mechanism)
          : undefined);
    return {
      ...field,
      ...(about === undefined ? {} : { about }),
      ...(field.fields === undefined ? {} : { fields: withTexts(inner, ownClass) }),
    };
  });
