import type { TraceField } from "../../preload/contract/trace.ts";

/** Attributes that tell which object is meant. */
const telling = ["CKA_CLASS", "CKA_LABEL", "CKA_KEY_TYPE", "CKA_ID"];
const maxLength = 160;

/**
 * The arguments that matter, in one line for the list: mechanism, object, user, lengths of buffers. Nothing that is
 * masked, and no raw bytes.
 */
export const summaryLine = (fields: readonly TraceField[]): string => {
  const parts: string[] = [];
  for (const field of fields) {
    const part = partOf(field);
    if (part) parts.push(part);
  }
  return shortened(printable(parts.join(", ")));
};

/** Blanks for what would break the line or turn it around. */
export const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, " ");

/** At most as long as a summary may be. */
export const shortened = (line: string): string =>
  line.length > maxLength ? `${line.slice(0, maxLength - 3)}...` : line;

const partOf = (field: TraceField): string => {
  const { name, kind, text } = field;
  switch (kind) {
    case "mechanism":
    case "name":
      return text;
    case "pin":
      return text.startsWith("PIN of") ? (text.split(":")[0] ?? "PIN") : text.startsWith("PIN") ? "PIN" : "PIN pad";
    case "handle":
      return `${name} ${text}`;
    case "slot":
      return `slot ${text.split(" ")[0]}`;
    case "template":
      return templatePart(field.fields ?? []);
    case "bytes":
      return `${name} ${field.length === undefined ? text : `${field.length} bytes`}`;
    case "list":
      return `${name} ${text}`;
    case "text":
      return `"${text}"`;
    case "structure":
      return text;
    case "number":
      return field.direction === "out" || /Count|Len|Max/.test(name) ? `${name} ${text.split(" ")[0]}` : "";
    default:
      return "";
  }
};

const templatePart = (attributes: readonly TraceField[]): string => {
  const named = attributes
    .filter(({ name, masked, text }) => telling.includes(name) && !masked && text)
    .map(({ name, text }) => (name === "CKA_LABEL" ? `"${text}"` : text));
  return named.length > 0
    ? named.join(" ")
    : attributes
        .slice(0, 3)
        .map(({ name }) => name)
        .join(" ");
};
