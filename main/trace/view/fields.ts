import type { TraceCall, TraceField } from "../../../preload/contract/trace.ts";

/**
 * Reads what arguments say, in any dialect: names come as "*phSession", "pPin[ulPinLen]" or plain, numbers as "0x6", "6" or
 * "CKF_RW_SESSION (0x6)".
 */
export const bareName = (name: string): string => name.replace(/^\*/, "").replace(/\[.*$/, "").trim();

/** The first field with this parameter or structure field name, at any depth; outputs before inputs with `out`. */
export const fieldOf = (
  call: Pick<TraceCall, "fields">,
  name: string,
  direction?: "in" | "out",
): TraceField | undefined => {
  const search = (fields: readonly TraceField[]): TraceField | undefined => {
    for (const field of fields) {
      if (bareName(field.name) === name && (direction === undefined || field.direction === direction)) return field;
      const inner = field.fields === undefined ? undefined : search(field.fields);
      if (inner !== undefined) return inner;
    }
    return undefined;
  };
  return search(call.fields);
};

export const isNull = (field: TraceField | undefined): boolean =>
  field !== undefined && (field.kind === "null" || /^(NULL|\(nil\)|0x0+)$/.test(field.text));

/** The number that a field's text has, hexadecimal before decimal; null if there is none. */
export const numberOf = (field: TraceField | undefined): number | null => {
  if (field === undefined) return null;
  const found =
    /0x[0-9a-f]+/i.exec(field.text)?.[0] ?? /^\s*(-?\d+)/.exec(field.text)?.[1] ?? /(\d+)/.exec(field.text)?.[1];
  return found === undefined ? null : Number(found);
};

/** Names of constants with a prefix ("CKF_") in a field and what is inside it. */
export const wordsOf = (field: TraceField | undefined, prefix: string): string[] => {
  if (field === undefined) return [];
  const own = field.text.match(new RegExp(`\\b${prefix}[A-Z0-9_]+`, "g")) ?? [];
  const inner = (field.fields ?? []).flatMap((part) => [
    ...wordsOf(part, prefix),
    ...(part.name.startsWith(prefix) ? [part.name] : []),
  ]);
  return [...new Set([...own, ...inner])];
};

const hexText = (number: number | null): string | null => (number === null ? null : `0x${number.toString(16)}`);

/** Session of the call, "0x1"; of C_OpenSession the one that it made. */
export const sessionOf = (call: TraceCall): string | null =>
  call.name === "C_OpenSession"
    ? hexText(numberOf(fieldOf(call, "phSession", "out")))
    : (call.session ?? hexText(numberOf(fieldOf(call, "hSession"))));

/** Slot argument, "0x0". */
export const slotOf = (call: TraceCall): string | null => hexText(numberOf(fieldOf(call, "slotID")));

/** Mechanism of an Init, key or mechanism call: "CKM_RSA_PKCS" or its number. */
export const mechanismOf = (call: TraceCall): string | null => {
  const field =
    call.fields.find(({ kind }) => kind === "mechanism") ??
    fieldOf(call, "pMechanism", "in") ??
    fieldOf(call, "type", "in");
  if (field === undefined) return null;
  const inner = field.fields?.find(({ name }) => /(^|->)(type|mechanism)$/.test(bareName(name)));
  return /CKM_[A-Z0-9_]+|0x[0-9a-f]+/i.exec(inner?.text ?? field.text)?.[0] ?? null;
};

/** Attributes in the call's templates by name; values that were read come after those that were asked for. */
export const attributesOf = (call: TraceCall, direction?: "in" | "out"): Map<string, TraceField> => {
  const found = new Map<string, TraceField>();
  const walk = (fields: readonly TraceField[]) => {
    for (const field of fields) {
      if (field.kind === "template")
        for (const part of field.fields ?? []) {
          if (direction === undefined || field.direction === direction) found.set(bareName(part.name), part);
        }
      else if (field.fields !== undefined) walk(field.fields);
    }
  };
  walk([...call.fields].sort((a, b) => Number(a.direction === "out") - Number(b.direction === "out")));
  return found;
};

/** Whether an attribute was asked for and not given, in any dialect's words. */
export const isRefused = ({ text }: TraceField): boolean => /unavailable|not available|\/ -1$|^-1$/i.test(text);

/** Whether an attribute's text tells its value, and not that it was refused, asked for its length or left out. */
export const hasValue = (field: TraceField): boolean => !isRefused(field) && !/asks for|^\d+ bytes$/i.test(field.text);

/** Whether an attribute's text says true; null if it says neither. */
export const truthOf = (field: TraceField | undefined): boolean | null => {
  if (field === undefined) return null;
  if (/^(true|CK_TRUE|yes|0x0?1|1)\b/i.test(field.text)) return true;
  return /^(false|CK_FALSE|no|0x0?0|0)\b/i.test(field.text) ? false : null;
};

/** Handles of objects in the arguments of one direction. */
export const handlesOf = (call: TraceCall, direction: "in" | "out"): string[] => {
  const found: string[] = [];
  const walk = (fields: readonly TraceField[]) => {
    for (const field of fields) {
      if (field.direction === direction && field.kind === "handle") {
        const handle = field.handle ?? hexText(numberOf(field));
        if (handle !== null && (field.fields === undefined || field.fields.length === 0)) found.push(handle);
      }
      if (field.fields !== undefined) walk(field.fields);
    }
  };
  walk(call.fields);
  return [...new Set(found)];
};
