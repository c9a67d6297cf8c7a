import type { TraceField } from "../../../preload/contract/trace.ts";
import { type JsonNode, member, numberIn, textIn } from "./json-places.ts";

type Direction = TraceField["direction"];

const number = (raw: string): string => {
  const value = Number(raw);
  return Number.isInteger(value) && value >= 0 ? `${raw} (0x${BigInt(value).toString(16)})` : raw;
};

const hexNumber = (text: string): string => {
  if (/^0x[0-9a-f]+$/i.test(text)) return text.toLowerCase();
  return /^\d+$/.test(text) ? `0x${BigInt(text).toString(16)}` : text;
};

/** What a number is, by its parameter's name in the standard; everything else is a plain number. */
const numberKinds: [RegExp, TraceField["kind"]][] = [
  [/^(ph|h)Session$/, "session"],
  [/^(ph|h)[A-Z]/, "handle"],
  [/^(slotID|pSlot|pSlotList)$/, "slot"],
  [/^flags$/, "flags"],
];

const kindOfNumber = (name: string): TraceField["kind"] =>
  numberKinds.find(([pattern]) => pattern.test(name))?.[1] ?? "number";

/** Turns a value of our own format (FORMAT.md, "Values inside i/o") into a field. */
export const fieldOf = (name: string, node: JsonNode, direction: Direction): TraceField => {
  const base = { name, direction, at: { from: node.from, to: node.to } };
  switch (node.kind) {
    case "literal":
      return node.value === null
        ? { ...base, kind: "null", text: "NULL" }
        : { ...base, kind: "name", text: node.value ? "CK_TRUE" : "CK_FALSE" };
    case "number":
      return { ...base, ...numberField(name, node.raw) };
    case "string":
      if (/^0x[0-9a-f]+$/i.test(node.value)) return { ...base, ...numberField(name, node.value) };
      return { ...base, kind: /^CK[A-Z]*_\w+$/.test(node.value) ? "name" : "text", text: node.value };
    case "array":
      return { ...base, ...listField(name, node.items, direction) };
    case "object":
      return { ...base, ...objectField(node, direction) };
  }
};

const numberField = (name: string, raw: string): Pick<TraceField, "kind" | "text" | "handle"> => {
  const kind = kindOfNumber(name);
  if (kind === "number" || kind === "slot") return { kind, text: number(raw) };
  const text = hexNumber(raw);
  return kind === "flags" ? { kind, text } : { kind, text, handle: text };
};

const listField = (
  name: string,
  items: JsonNode[],
  direction: Direction,
): Pick<TraceField, "kind" | "text" | "fields"> => {
  const isTemplate = items.length > 0 && items.every((item) => member(item, "type") !== undefined);
  if (isTemplate)
    return {
      kind: "template",
      text: `${items.length} attribute${items.length === 1 ? "" : "s"}`,
      fields: items.map((item) => attributeField(item, direction)),
    };
  const fields = items.map((item) => fieldOf(name, item, direction));
  const shown = fields.slice(0, 3).map(({ text }) => text);
  return {
    kind: "list",
    text: `${fields.length}${fields.length ? `: ${shown.join(", ")}${fields.length > 3 ? ", ..." : ""}` : ""}`,
    fields,
  };
};

const attributeField = (item: JsonNode, direction: Direction): TraceField => {
  const name = textIn(member(item, "type")) ?? "?";
  const base = { name, direction, kind: "attribute" as const, at: { from: item.from, to: item.to } };
  const length = numberIn(member(item, "len"));
  if (member(item, "len")?.kind === "literal") return { ...base, text: "not available (sensitive or not there)" };
  const withLength = length === null ? base : { ...base, length };
  const value = member(item, "value");
  if (value) {
    const field = fieldOf(name, value, direction);
    return {
      ...withLength,
      text: field.text,
      hex: field.hex,
      fields: field.fields,
      length: field.length ?? length ?? undefined,
    };
  }
  if (member(item, "secret"))
    return { ...withLength, text: `secret, ${length ?? 0} bytes: not recorded`, masked: true };
  if (member(item, "null")) return { ...withLength, text: "asks for the length" };
  return { ...withLength, text: length === null ? "" : `${length} bytes` };
};

const objectField = (
  node: JsonNode & { kind: "object" },
  direction: Direction,
): Omit<TraceField, "name" | "direction" | "at"> => {
  const pin = textIn(member(node, "pin"));
  const length = numberIn(member(node, "len")) ?? undefined;
  if (pin !== null) {
    if (pin === "pin-pad") return { kind: "pin", text: "entered at the PIN pad" };
    return {
      kind: "pin",
      text: `PIN${length === undefined ? "" : ` of ${length} bytes`}: not recorded`,
      length,
      masked: true,
    };
  }
  const hex = textIn(member(node, "hex"));
  if (hex !== null) {
    const cut = member(node, "cut") ? ", shortened" : "";
    return { kind: "bytes", text: `${hex} (${length ?? hex.length / 2} bytes${cut})`, length, hex: hex.slice(0, 8192) };
  }
  const type = textIn(member(node, "type"));
  if (type !== null) {
    const param = member(node, "param");
    const fields =
      param?.kind === "object" ? membersOf(param, direction) : param ? [fieldOf("pParameter", param, direction)] : [];
    return { kind: "mechanism", text: type, fields };
  }
  if (length !== undefined && node.members.length === 1)
    return { kind: "bytes", text: `${length} bytes: not recorded at this level`, length };
  const fields = membersOf(node, direction);
  return {
    kind: "structure",
    text: fields
      .slice(0, 3)
      .map(({ name, text }) => `${name} ${text}`)
      .join(", "),
    fields,
  };
};

/** Fields of every member of an object. */
export const membersOf = (node: JsonNode & { kind: "object" }, direction: Direction): TraceField[] =>
  node.members.map(({ key, value }) => fieldOf(key, value, direction));
