/** One type and value of a subject. */
export interface SubjectPart {
  /** As written: "CN", "emailAddress", "1.2.3.4". */
  type: string;
  /** Without escapes. */
  value: string;
}

/** The types that have a field of their own, in the order in which a name lists them, most specific first. */
export const subjectFields: { type: string; title: string }[] = [
  { type: "CN", title: "Common name (CN)" },
  { type: "serialNumber", title: "Serial number (serialNumber)" },
  { type: "UID", title: "User id (UID)" },
  { type: "emailAddress", title: "E-mail (emailAddress)" },
  { type: "OU", title: "Department (OU)" },
  { type: "O", title: "Organisation (O)" },
  { type: "L", title: "Place (L)" },
  { type: "ST", title: "State or province (ST)" },
  { type: "C", title: "Country (C), two letters" },
  { type: "DC", title: "Domain component (DC)" },
];

const spelling = new Map<string, string>([
  ...subjectFields.map(({ type }): [string, string] => [type.toLowerCase(), type]),
  ["email", "emailAddress"],
  ["e", "emailAddress"],
  ["s", "ST"],
  ["userid", "UID"],
]);

/**
 * The parts of a subject by RFC 4514, for fields that show one value each.
 * @returns null for what such fields cannot show: several values in one part ("+"), values as DER ("#"), and text that
 * is no subject
 */
export const partsOfSubject = (text: string): SubjectPart[] | null => {
  if (text.trim() === "") return [];
  const parts: SubjectPart[] = [];
  for (const piece of pieces(text)) {
    const equals = piece.indexOf("=");
    const type = piece.slice(0, Math.max(0, equals)).trim();
    const value = equals < 1 ? null : plainValue(piece.slice(equals + 1));
    if (value === null || value === "" || !/^([A-Za-z][A-Za-z0-9-]*|[0-9.]+)$/.test(type)) return null;
    parts.push({ type: spelling.get(type.toLowerCase()) ?? type, value });
  }
  return parts;
};

/** Split at commas that are neither escaped nor within quotes. */
const pieces = (text: string): string[] => {
  const found = [""];
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i] ?? "";
    const last = found.length - 1;
    if (c === "\\") found[last] += c + (text[++i] ?? "");
    else if (c === "," && !quoted) found.push("");
    else {
      if (c === '"') quoted = !quoted;
      found[last] += c;
    }
  }
  return found;
};

/** @returns null for "+" and "#", which stand for more than a text */
const plainValue = (written: string): string | null => {
  const start = written.trimStart();
  const end = start.trimEnd();
  const text = end.endsWith("\\") && end.length < start.length ? `${end} ` : end;
  if (text.startsWith("#")) return null;
  const quoted = text.length > 1 && text.startsWith('"') && text.endsWith('"');
  const inner = quoted ? text.slice(1, -1) : text;
  if (!quoted && /(^|[^\\])(\\\\)*[+"]/.test(inner)) return null;
  return unescaped(inner);
};

/** Backslash before a character, or before the two digits of a byte of UTF-8. */
const unescaped = (text: string): string | null => {
  const bytes: number[] = [];
  for (let i = 0; i < text.length; ) {
    const hex = /^\\([0-9a-fA-F]{2})/.exec(text.slice(i, i + 3))?.[1];
    if (hex) {
      bytes.push(Number.parseInt(hex, 16));
      i += 3;
      continue;
    }
    if (text[i] === "\\") i++;
    const c = String.fromCodePoint(text.codePointAt(i) ?? 0x5c);
    bytes.push(...new TextEncoder().encode(c));
    i += c.length;
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes));
  } catch {
    return null;
  }
};

/** A value as RFC 4514, 2.4 has it. */
export const escapedValue = (value: string): string =>
  value
    .replace(/[\\",+;<>]/g, "\\$&")
    .replace(/^[ #]/, "\\$&")
    .replace(/ $/, "\\ ");

export const subjectOfParts = (parts: SubjectPart[]): string =>
  parts.map(({ type, value }) => `${type}=${escapedValue(value)}`).join(",");

/**
 * The subject with the `index`th value of a type set; an empty one is taken out, a new one goes where names have it.
 */
export const withPart = (parts: SubjectPart[], type: string, index: number, value: string): SubjectPart[] => {
  const places = parts.flatMap((part, place) => (part.type === type ? [place] : []));
  const place = places[index];
  if (place !== undefined)
    return value === ""
      ? parts.filter((_, at) => at !== place)
      : parts.map((part, at) => (at === place ? { type, value } : part));
  if (value === "") return parts;
  const order = subjectFields.map((field) => field.type);
  const rank = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  const before = parts.findLastIndex((part) => rank(part.type) <= rank(type));
  return [...parts.slice(0, before + 1), { type, value }, ...parts.slice(before + 1)];
};
