import type { TraceField } from "../../../preload/contract/trace.ts";
import type { Mask } from "./dialect.ts";
import { contentAt, SpyMasks } from "./opensc-spy-masks.ts";
import type { SpyRecord } from "./opensc-spy-record.ts";
import type { Direction, SpyLine } from "./opensc-spy-tokens.ts";
import {
  argumentName,
  attributeValue,
  bytesValue,
  entryValue,
  numberValue,
  secretOf,
  wordValue,
} from "./opensc-spy-values.ts";

type LineOf<K extends SpyLine["kind"]> = Extract<SpyLine, { kind: K }>;

/** A value whose bytes stand in the lines that follow it. */
interface Dumped {
  field: TraceField;
  length: number;
  secret: string | null;
  rows: SpyLine[];
}

/** Turns the lines of a record into arguments, and finds what must not be shown. */
export class SpyFields {
  readonly fields: TraceField[] = [];
  readonly #masks: SpyMasks;
  readonly #record: SpyRecord;
  readonly #isCertificate: boolean;
  #group: TraceField | null = null;
  #dumped: Dumped | null = null;
  #direction: TraceField["direction"] | "" = "";
  /** Behind the first record in mixed lines nothing is told any more, but everything is masked. */
  #isForeign = false;

  constructor(record: SpyRecord) {
    this.#record = record;
    this.#masks = new SpyMasks(record);
    this.#isCertificate =
      !record.mixed &&
      record.lines.some(
        (line) =>
          line.kind === "attribute" &&
          ((line.name === "CKA_CLASS" && line.value.startsWith("CKO_CERTIFICATE")) ||
            (line.name === "CKA_CERTIFICATE_TYPE" && line.value.startsWith("CKC_"))),
      );
    let headers = 0;
    for (const line of record.lines) {
      if (line.kind === "header") this.#isForeign = ++headers > 1;
      const isBroken = this.#masks.stray(line);
      if (!this.#isForeign && !isBroken) this.#take(line);
    }
    this.#flush();
    for (const field of this.fields) tellStructure(field);
    this.#masks.gap(record);
    this.#masks.found.sort((a, b) => a.from - b.from);
  }

  get masks(): Mask[] {
    return this.#masks.found;
  }

  #take(line: SpyLine): void {
    if (line.kind === "row" || line.kind === "words" || line.kind === "letters") {
      this.#row(line);
      return;
    }
    this.#flush();
    switch (line.kind) {
      case "number":
        this.#add(line, numberValue(argumentName(line.name, line.direction === "out"), line.value));
        break;
      case "value":
        this.#value(line);
        break;
      case "buffer":
        this.#buffer(line);
        break;
      case "block":
        this.#block(line);
        break;
      case "attribute":
        this.#attribute(line);
        break;
      case "entry":
      case "quoted":
        this.#entry(line);
        break;
      case "text":
        this.#text(line);
        break;
    }
  }

  /** The direction of a line; one without a mark goes on in that of the lines before. */
  #turn(written: Direction): TraceField["direction"] {
    if (written) this.#direction = written === "out" ? "out" : "in";
    return this.#direction || "in";
  }

  /** Adds an argument, into the mechanism that is being told if it belongs to one. */
  #add(line: LineOf<"number" | "value" | "buffer">, value: Omit<TraceField, "name" | "direction" | "at">): TraceField {
    const direction = this.#turn(line.direction);
    const field: TraceField = {
      name: argumentName(line.name, direction === "out"),
      direction,
      ...value,
      at: { from: valuePlace(line), to: line.to },
    };
    if (line.name.includes("->") && this.#group?.kind === "mechanism") this.#group.fields?.push(field);
    else {
      this.#group = null;
      this.fields.push(field);
    }
    return field;
  }

  #value(line: LineOf<"value">): void {
    if (/^pMechanism->(type|mechanism)$/.test(line.name)) {
      const at = { from: valuePlace(line), to: line.to };
      this.#direction = "in";
      this.#group = { name: "pMechanism", direction: "in", kind: "mechanism", text: line.value.trim(), fields: [], at };
      this.fields.push(this.#group);
    } else this.#add(line, wordValue(line.value));
  }

  #buffer(line: LineOf<"buffer">): void {
    // A buffer without a name is what the pointer before it points to.
    const pointer = line.name === "" ? this.fields.pop() : undefined;
    const name = pointer?.name ?? argumentName(line.name, line.direction === "out");
    const isNull = line.pointer.startsWith("NULL");
    const secret = secretOf(name, false);
    if (isNull) {
      const isPin = secret === "PIN";
      const text = isPin ? "entered at the PIN pad" : "NULL";
      this.#add(line, { kind: isPin ? "pin" : "null", text, length: line.length });
      return;
    }
    const length = Math.max(0, line.length);
    const field = this.#add(line, { kind: secret === "PIN" ? "pin" : "bytes", text: `${length} bytes`, length });
    field.name = name;
    this.#dumped = { field, length, secret, rows: [] };
  }

  #block(line: LineOf<"block">): void {
    const direction = this.#turn(line.direction);
    const name = argumentName(line.name, direction === "out");
    const at = { from: line.from, to: line.to };
    const count = line.count === null ? "" : line.count;
    if (/template/i.test(name)) {
      const text = `${count} attribute${count === "1" ? "" : "s"}`;
      this.#group = { name, direction, kind: "template", text, fields: [], at };
    } else if (/List|Interface/.test(name))
      this.#group = { name, direction, kind: "list", text: count, fields: [], at };
    else this.#group = { name, direction, kind: "structure", text: line.tail.trim(), fields: [], at };
    this.fields.push(this.#group);
  }

  #attribute(line: LineOf<"attribute">): void {
    const { direction = "in", fields } = this.#group ?? {};
    const at = { from: line.from + line.indent.length + line.name.length + line.pad.length, to: line.to };
    const field: TraceField = { name: line.name, direction, kind: "attribute", text: line.value.trim(), at };
    const sized =
      /^([0-9a-fA-F]{8,16}) \/ (-?\d+)(?: \(CK_UNAVAI?LABLE_INFORMATION\))?$|^(?:has size|requested with) (-?\d+)/.exec(
        line.value,
      );
    if (sized) {
      const length = Number(sized[2] ?? sized[3]);
      if (length >= 0) field.length = length;
      const isNull = /^0+$/.test(sized[1] ?? "1");
      field.text =
        length < 0
          ? "not available (sensitive or not there)"
          : isNull
            ? length === 0
              ? "asks for the length"
              : `${length} bytes`
            : `buffer of ${length} bytes`;
      this.#dumped = { field, length, secret: secretOf(line.name, this.#isCertificate), rows: [] };
    } else if (/^(True|False)$/.test(field.text)) field.text = field.text === "True" ? "CK_TRUE" : "CK_FALSE";
    if (fields) fields.push(field);
    else this.fields.push(field);
  }

  #entry(line: LineOf<"entry" | "quoted">): void {
    const group = this.#group;
    if (!group?.fields) return;
    const at = { from: line.from + line.pad.length, to: line.to };
    const last = group.fields[group.fields.length - 1];
    if (line.key === "" && last) {
      last.text = `${last.text}${Buffer.from(line.value, "latin1").toString("utf8")}`.trimEnd();
      last.at = { from: last.at?.from ?? at.from, to: line.to };
      return;
    }
    const value =
      line.kind === "quoted"
        ? { kind: "text" as const, text: Buffer.from(line.value, "latin1").toString("utf8").trimEnd() }
        : entryValue(line.key, line.value);
    group.fields.push({ name: line.key, direction: group.direction, ...value, at });
  }

  /** Lines without a form of their own. */
  #text(line: LineOf<"text">): void {
    const { text } = line;
    const group = this.#group;
    const direction = this.#direction || "out";
    const at = { from: line.from, to: line.to };
    const slot = /^ *Slot (-?\d+)$/.exec(text)?.[1];
    const object = /^ *Object (0x[0-9a-f]+) matches$/.exec(text)?.[1];
    if (slot && group?.kind === "list") {
      const value = `${slot} (0x${BigInt.asUintN(64, BigInt(slot)).toString(16)})`;
      group.fields?.push({ name: group.name, direction, kind: "slot", text: value, at });
      group.text = String(group.fields?.length ?? 0);
    } else if (object) {
      let list = this.fields[this.fields.length - 1];
      if (list?.name !== "phObject") {
        list = { name: "phObject", direction, kind: "list", text: "", fields: [], at };
        this.fields.push(list);
      }
      list.fields?.push({ name: "phObject", direction, kind: "handle", text: object, handle: object, at });
      list.text = `${list.fields?.length ?? 0}: ${list.fields
        ?.slice(0, 3)
        .map((field) => field.text)
        .join(", ")}`;
    } else if (/^ *CKM_\w+ *$/.test(text) && group?.kind === "list")
      group.fields?.push({ name: group.name, direction, kind: "name", text: text.trim(), at });
    else if (group?.fields && group.fields.length < maxFields && text.trim() !== "" && text.trim() !== "[compat]") {
      const dn = /^ {4,6}DN: (.*)$/.exec(text)?.[1];
      const last = group.fields[group.fields.length - 1];
      if (dn !== undefined && last) last.text = dn;
      else
        group.fields.push({
          name: "",
          direction,
          kind: "text",
          text: Buffer.from(text.trim(), "latin1").toString("utf8"),
          at,
        });
    }
  }

  #row(line: LineOf<"row" | "words" | "letters">): void {
    if (this.#dumped) this.#dumped.rows.push(line);
    // Bytes that belong to nothing: the line that named them is missing.
    else if (line.kind !== "letters" && !this.#record.mixed) this.#masks.rows([line], "data");
  }

  #flush(): void {
    const dumped = this.#dumped;
    this.#dumped = null;
    if (!dumped) return;
    const { field, length, secret, rows } = dumped;
    const holding = rows.filter((row) => row.kind === "row" || row.kind === "words");
    const first = holding[0];
    const last = rows[rows.length - 1];
    const masked = holding.some((row) => row.kind === "row" && row.masked);
    if (!first || !last) {
      if (field.kind === "pin") field.text = `PIN of ${length} bytes`;
      return;
    }
    field.at = { from: first.from + contentAt(first), to: last.to };
    if ((secret !== null || masked || this.#record.mixed) && length > 0) {
      field.masked = true;
      field.text = field.kind === "pin" ? `PIN of ${length} bytes: masked` : `${length} bytes: masked`;
      if (secret !== null && !this.#record.mixed) this.#masks.rows(rows, secret);
      return;
    }
    const bytes = Uint8Array.from(holding.slice(0, 8192).flatMap((row) => ("bytes" in row ? row.bytes : []))).subarray(
      0,
      length,
    );
    if (field.kind === "attribute")
      Object.assign(
        field,
        attributeValue(
          field.name,
          bytes,
          rows.some(({ kind }) => kind === "letters"),
        ),
        { length },
      );
    else Object.assign(field, bytesValue(bytes, length));
    if (field.name === "pInterfaceName")
      Object.assign(field, { kind: "text", text: Buffer.from(bytes).toString("utf8") });
  }
}

/** Lines of one argument that are shown; a forged record may have any number. */
const maxFields = 4096;

const tellStructure = (field: TraceField): void => {
  if (field.kind === "structure" && field.text === "")
    field.text = (field.fields ?? [])
      .slice(0, 3)
      .map(({ name, text }) => `${name} ${text}`.trim())
      .join(", ");
  if (field.kind === "list" && field.text === "" && field.fields?.length === 1)
    field.text = field.fields[0]?.text ?? "";
};

const valuePlace = (line: LineOf<"number" | "value" | "buffer">): number => {
  const head = (line.direction ? `[${line.direction}] `.length : 0) + line.name.length;
  if (line.kind === "value") return line.from + line.pad.length + head + line.joint.length;
  return line.from + head + (line.kind === "number" ? 3 : line.name === "" ? 0 : 1);
};
