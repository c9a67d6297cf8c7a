import { z } from "zod";
import type { RequestDeclaration } from "../../preload/contract/declare.ts";
import { Misuse } from "./misuse.ts";

/** A field that holds a PIN, password or key bytes (marked `secret` in the contract). */
export interface SecretField {
  field: string;
  /** What to call it in a prompt. */
  title: string;
  required: boolean;
}

interface ObjectSchema {
  properties?: Record<string, { title?: string; secret?: boolean }>;
  required?: string[];
}

/** The secret fields of a request, in the order of its schema. */
export const secretFields = (declaration: RequestDeclaration): SecretField[] => {
  const schema = z.toJSONSchema(declaration.input, { io: "input" }) as ObjectSchema;
  return Object.entries(schema.properties ?? {})
    .filter(([, property]) => property.secret === true)
    .map(([field, { title }]) => ({
      field,
      title: title ?? field,
      required: schema.required?.includes(field) ?? false,
    }));
};

/**
 * The fields that must be asked for: required ones that the input leaves out, and the optional ones named in `ask`.
 * Null in the input stays: it means that the PIN is entered on the reader.
 * @throws Misuse if the input holds a secret, or `ask` names a field that is none.
 */
export const fieldsToAsk = (
  fields: SecretField[],
  input: Record<string, unknown>,
  ask: readonly string[],
): SecretField[] => {
  const given = fields.find(({ field }) => input[field] !== undefined && input[field] !== null);
  if (given)
    throw new Misuse(
      `"${given.field}" (${given.title}) must not be in the input: arguments and files are seen by others.`,
      "Leave it out and type it when asked, or give --pin-fd 0; null means that it is entered on the reader.",
    );
  const unknown = ask.find((name) => !fields.some(({ field }) => field === name));
  if (unknown !== undefined)
    throw new Misuse(
      "--ask names a field that is not a secret of this request.",
      fields.length > 0 ? `Its secrets: ${fields.map(({ field }) => field).join(", ")}.` : "It has none.",
    );
  return fields.filter(({ field, required }) => input[field] === undefined && (required || ask.includes(field)));
};
