import type { TraceField } from "../../../preload/contract/trace.ts";
import type { Mask } from "./dialect.ts";
import { argumentName, bytesValue, numberValue } from "./opensc-spy-values.ts";
import type { LoggerLine } from "./pkcs11-logger-lines.ts";
import { attributeIn } from "./pkcs11-logger-record.ts";
import {
  attribute,
  bytesPlace,
  integer,
  isNull,
  isPointer,
  lengthOwner,
  placeOf,
  textMembers,
  utf8,
  type Value,
} from "./pkcs11-logger-values.ts";

const unavailable = (1n << 64n) - 1n;
/** Lines of one list that are shown; a forged record may have any number. */
const maxFields = 4096;
/** What a call puts where they point to is garbage before it. */
const results = /^(ph[A-Z]|pul[A-Z]|ppFunctionList$|pInfo$|pSlotList$|pMechanismList$)/;

/** Turns the lines of a call into arguments. */
export class LoggerFields {
  readonly fields: TraceField[] = [];
  readonly #masks: readonly Mask[];
  #direction: TraceField["direction"] = "in";
  #templates: TraceField[] = [];
  /** The structure or mechanism whose members follow. */
  #group: TraceField | null = null;
  #asks: boolean;

  constructor(name: string, lines: readonly LoggerLine[], masks: readonly Mask[]) {
    this.#masks = masks;
    this.#asks = name === "C_GetAttributeValue";
    for (const line of lines) this.#take(line);
    this.#tidy();
  }

  #take(line: LoggerLine): void {
    const { name, value, indent } = line;
    if (name === "") this.#mark(value);
    else if (name === "Attribute") this.#attribute(line);
    else if (this.#templates.length > 0 && /^(\*?pValue|ulValueLen)$/.test(name)) this.#attributeLine(line);
    else if (name.includes("[")) this.#item(line);
    else if (indent.length >= 2 && !/^\*(pParameter|phObject)$/.test(name)) this.#member(line);
    else if (name.startsWith("*")) this.#pointed(line);
    else if (name !== "Note") this.#argument(line);
  }

  /** Lines without a value. */
  #mark(value: string): void {
    if (value === "Output") {
      this.#direction = "out";
      this.#asks = false;
    } else if (value.includes("*** Begin attribute template")) this.#begin();
    else if (value.includes("*** End attribute template")) this.#templates.pop();
  }

  #begin(): void {
    const outer = this.#templates[this.#templates.length - 1];
    const owner = outer
      ? outer.fields?.[outer.fields.length - 1]
      : this.fields.findLast(({ name, direction }) => /Template$/.test(name) && direction === this.#direction);
    if (!owner) return;
    owner.fields = [];
    if (!outer) owner.kind = "template";
    this.#templates.push(owner);
  }

  #attribute(line: LoggerLine): void {
    const template = this.#templates[this.#templates.length - 1];
    const fields = template?.fields;
    if (!fields || fields.length >= maxFields) return;
    const name = attributeIn(line.value);
    fields.push({ name, direction: this.#direction, kind: "attribute", text: "", at: placeOf(line) });
  }

  #attributeLine(line: LoggerLine): void {
    const fields = this.#templates[this.#templates.length - 1]?.fields;
    const field = fields?.[fields.length - 1];
    if (!field) return;
    if (line.name === "pValue") {
      // Looked at again when the length is known.
      field.text = isNull(line.value) ? "null" : "";
      return;
    }
    if (line.name === "ulValueLen") {
      const length = integer(line.value);
      const isUnavailable = length === unavailable || length === 0xffffffffn;
      if (!isUnavailable) field.length = Number(length);
      field.text = isUnavailable
        ? "not available (sensitive or not there)"
        : field.text === "null"
          ? length === 0n
            ? "asks for the length"
            : `${length} bytes`
          : `buffer of ${length} bytes`;
      return;
    }
    if (this.#asks) return;
    Object.assign(
      field,
      this.#decoded(line, (bytes) => attribute(field.name, bytes)),
      { at: bytesPlace(line) },
    );
  }

  /** What HEX(...) holds, unless it is masked. */
  #decoded(line: LoggerLine, decode: (bytes: Buffer) => Value): Value {
    const hex = /^HEX\(((?:[0-9A-F]{2})*)\)$/.exec(line.value)?.[1];
    if (hex === undefined) return { text: "not readable" };
    const length = hex.length / 2;
    const { from, to } = bytesPlace(line);
    if (this.#masks.some((mask) => mask.from < to && from < mask.to))
      return { masked: true, length, text: `${length} bytes: masked` };
    return { ...decode(Buffer.from(hex, "hex")), length };
  }

  /** " pData: 0x7ffe1234", " hSession: 1", " userType: 1 (CKU_USER)". */
  #argument(line: LoggerLine): void {
    this.#group = null;
    const { name, value } = line;
    const direction = this.#direction;
    const buffer = /^ul\w*Len$/.test(name) ? this.#named(lengthOwner(name)) : undefined;
    if (buffer) {
      buffer.length = Number(integer(value));
      return;
    }
    const named = /^\d+ \((CK\w+)(?: or CK\w+)?\)$/.exec(value)?.[1];
    const isNumber = /^\d{1,20}$/.test(value) && !/^p[A-Z]/.test(name);
    // What a pointer to a result points to follows in a line of its own.
    if (!named && !isNumber && results.test(name) && (direction === "in" || (name !== "pInfo" && !isNull(value))))
      return;
    const read: Omit<TraceField, "name" | "direction"> = named
      ? { kind: "name", text: named }
      : isNumber
        ? numberValue(name, integer(value))
        : isNull(value)
          ? { kind: "null", text: "NULL" }
          : { kind: "pointer", text: value };
    const field: TraceField = { name, direction, ...read, at: placeOf(line) };
    this.#push(field);
    if (read.kind !== "pointer" || !/^(pInfo|pInitArgs|pMechanism)$/.test(name)) return;
    Object.assign(field, { kind: name === "pMechanism" ? "mechanism" : "structure", text: "", fields: [] });
    this.#group = field;
  }

  #named(name: string): TraceField | undefined {
    return this.fields.findLast((field) => field.name === name && field.direction === this.#direction);
  }

  #push(field: TraceField): void {
    if (this.fields.length < maxFields) this.fields.push(field);
  }

  /** " *pData: HEX(...)", " *pulCount: 3", " *pPin: ...". */
  #pointed(line: LoggerLine): void {
    const { value } = line;
    const name = line.name.slice(1);
    const at = placeOf(line);
    if (name === "pParameter" && this.#group?.kind === "mechanism") {
      const parameter = this.#decoded(line, (bytes) => bytesValue(bytes, bytes.length));
      this.#group.fields?.push({ name, direction: "in", kind: "bytes", text: "", ...parameter, at: bytesPlace(line) });
      return;
    }
    if (/^\d{1,20}$/.test(value) && !/Pin$|^pLabel$/.test(name)) {
      const buffer = /^pul\w*Len$/.test(name) ? this.#named(lengthOwner(name)) : undefined;
      if (buffer) {
        if (buffer.kind !== "bytes") buffer.length = Number(integer(value));
        return;
      }
      if (this.#direction === "in" && /^(ph|pulObjectCount$|pulSize$)/.test(name)) return;
      this.#push({
        name: argumentName(name, true),
        direction: this.#direction,
        ...numberValue(name, integer(value)),
        at,
      });
      return;
    }
    const own = this.#named(name);
    const field: TraceField = own ?? { name, direction: this.#direction, kind: "pointer", text: "" };
    if (!own) this.#push(field);
    if (/Pin$/.test(name)) {
      const isHidden = value === "*** Intentionally hidden ***";
      const isPad = field.kind === "null";
      Object.assign(field, {
        kind: "pin",
        text: isPad ? "entered at the PIN pad" : isHidden ? "not in the log" : "masked",
        at,
      });
      if (!isHidden) field.masked = true;
    } else if (value.startsWith("HEX("))
      Object.assign(
        field,
        { kind: "bytes" },
        this.#decoded(line, (bytes) => bytesValue(bytes, bytes.length)),
        { at: bytesPlace(line) },
      );
    else Object.assign(field, { kind: "text", text: utf8(value), at });
  }

  /** " pSlotList[0]: 1", "  pMechanismList[0]: 1 (CKM_RSA_PKCS)", "  *phObject[0]: 2". */
  #item(line: LoggerLine): void {
    const name = line.name.replace(/^\*|\[.*$/g, "");
    if (this.#direction === "in") return;
    let list = this.#named(name);
    if (list?.kind !== "list") {
      list = { name, direction: "out", kind: "list", text: "", fields: [], at: placeOf(line) };
      this.#push(list);
    }
    const count = this.#named("pulObjectCount")?.text;
    if (name === "phObject" && (list.fields?.length ?? 0) >= Number(count?.split(" ")[0] ?? "0")) return;
    if ((list.fields?.length ?? 0) >= maxFields) return;
    const named = /\((CKM_\w+)/.exec(line.value)?.[1];
    const number = numberValue(name === "pSlotList" ? "slotID" : name, integer(line.value));
    const value: Omit<TraceField, "name" | "direction"> = named ? { kind: "name", text: named } : number;
    list.fields?.push({ name, direction: "out", ...value, at: placeOf(line) });
  }

  /** Members of structures and mechanisms; three blanks: their parts, and flags by name. */
  #member(line: LoggerLine): void {
    const group = this.#group;
    const fields = group?.fields;
    if (!fields || fields.length >= maxFields || /^CKF_/.test(line.name)) return;
    const { name, value } = line;
    const last = fields[fields.length - 1];
    if (name === "major" || name === "minor") {
      if (last && /Version$/.test(last.name)) last.text = name === "major" ? value : `${last.text}.${value}`;
      return;
    }
    const named = /^\d+ \((CK\w+)(?: or (CK\w+))?\)$/.exec(value);
    if (name === "mechanism" && group.kind === "mechanism") {
      group.text = named?.[2] ?? named?.[1] ?? value;
      return;
    }
    if (group.kind === "mechanism") return;
    const number =
      /^\d{1,20}$/.test(value) && !textMembers.test(name)
        ? numberValue(name.toLowerCase() === "flags" ? "flags" : name, integer(value))
        : null;
    const other: Omit<TraceField, "name" | "direction"> = named?.[1]
      ? { kind: "name", text: named[1] }
      : isPointer(value) && !textMembers.test(name)
        ? { kind: isNull(value) ? "null" : "pointer", text: isNull(value) ? "NULL" : value }
        : { kind: "text", text: utf8(value).trimEnd() };
    fields.push({ name, direction: group.direction, ...(number ?? other), at: placeOf(line) });
  }

  /** Words for what has its parts. */
  #tidy(): void {
    for (const field of this.fields) {
      const parts = field.fields ?? [];
      if (field.kind === "template") field.text = `${parts.length} attribute${parts.length === 1 ? "" : "s"}`;
      if (field.kind === "structure")
        field.text = parts
          .slice(0, 3)
          .map(({ name, text }) => `${name} ${text}`)
          .join(", ");
      if (field.kind === "list")
        field.text = `${parts.length}${
          parts.length > 0
            ? `: ${parts
                .slice(0, 3)
                .map(({ text }) => text)
                .join(", ")}`
            : ""
        }`;
      if (field.kind === "pin" && field.length !== undefined && field.text !== "entered at the PIN pad")
        field.text = `PIN of ${field.length} bytes: ${field.text}`;
    }
  }
}
