import { attributeName } from "../../pkcs11/attributes.ts";
import { apart, type Mask, type RecordBytes } from "./dialect.ts";
import { type LineRecord, readLines } from "./line-record.ts";
import { secretOf } from "./opensc-spy-values.ts";
import { type LoggerLine, linesOf, valueAt } from "./pkcs11-logger-lines.ts";

export type LoggerRecord = LineRecord<LoggerLine>;

export const readRecord = (record: RecordBytes): LoggerRecord => readLines(record, linesOf);

const header = /^(?:\S+ \S+ - Entered|Calling) (C_\w+)$/;

/** The lines of the call itself: those with its numbers in front; where calls are mixed, up to the next one's first. */
export const ownLines = ({ lines }: LoggerRecord): LoggerLine[] => {
  const prefix = lines[0]?.prefix ?? "";
  const own = lines.filter((line) => line.prefix === prefix);
  const second = own.findIndex(
    (line, i) => header.test(line.value) && own.slice(0, i).some(({ value }) => header.test(value)),
  );
  return second < 0 ? own : own.slice(0, second);
};

/** The CKA_ name in "0 (CKA_CLASS)"; the logger gives two to some, and none to those newer than PKCS#11 2.20. */
export const attributeIn = (value: string): string => attributeName(Number(/^\d{1,15}/.exec(value)?.[0] ?? "-1"));

const certificateClass = /^HEX\(01(?:00)+\)$/;
const hidden = "*** Intentionally hidden ***";

/** What is known of a template that is being told. */
interface Template {
  attribute: string;
  isCertificate: boolean;
}

/** What must not be shown, in any line: lines of other threads may stand in a record. @param mixed nobody knows whose */
export const masksOf = (record: LoggerRecord, mixed: boolean): Mask[] => {
  const masks: Mask[] = [];
  const templates = new Map<string, Template>();
  const certificates = new Set(mixed ? [] : templatesOfCertificates(record.lines));
  const asking = askingIn(record.lines);
  const hasNumbers = record.lines.some(({ prefix }) => prefix !== "");
  let secretText: string | null = null;
  const take = (line: LoggerLine, i: number): void => {
    const put = (from: number, what: string): void => {
      if (line.to > from) masks.push({ from, to: line.to, what });
    };
    const { prefix, name, value } = line;
    const start = valueAt(line);
    // A piece of a text, of which nobody knows where it ends.
    if (hasNumbers && prefix === "") {
      put(line.from, secretText ?? "foreign line");
      return;
    }
    secretText = null;
    if (/^\*?p(Old|New)?Pin$/.test(name)) {
      if (name.startsWith("*")) secretText = "PIN";
      if (name.startsWith("*") && value !== hidden) put(start, "PIN");
      return;
    }
    if (value.includes("*** Begin attribute template"))
      templates.set(prefix, { attribute: "", isCertificate: certificates.has(i) });
    if (name === "Attribute") {
      const template = templates.get(prefix);
      templates.set(prefix, { attribute: attributeIn(value), isCertificate: template?.isCertificate ?? false });
      return;
    }
    const hex = /^HEX\(([0-9A-F]*)(\)?)$/.exec(value);
    if (!hex) {
      // Bytes in a line that was broken by another program.
      const broken = /HEX\(|[0-9A-F]{16,}(?![0-9a-f]* :)/.exec(value);
      if (broken && !knownText.test(name) && !number.test(value)) put(start + broken.index, "data");
      return;
    }
    const template = templates.get(prefix);
    const what =
      name === "*pValue"
        ? secretAttribute(template, mixed || asking.has(i))
        : mixed
          ? "data"
          : secretOf(name.slice(1), false);
    if (what !== null && hex[1] !== "") masks.push({ from: start + 4, to: line.to - (hex[2] === "" ? 0 : 1), what });
  };
  record.lines.forEach(take);
  if (record.gap && record.gap.to > record.gap.from) masks.push({ ...record.gap, what: "data" });
  return apart(masks);
};

const number = /^\d{1,20}(?: \(\w[^()]{0,80}\))?$/;
/** Texts that may look like bytes. */
const knownText =
  /^(label|manufacturerID|model|serialNumber|slotDescription|libraryDescription|utcTime|\*pLabel|p[A-Z]\w*|Notify|ppFunctionList|\w+Mutex|RandomData)$/;

/** Values of attributes that no standard knows may be anything. */
const secretAttribute = (template: Template | undefined, unknown: boolean): string | null => {
  const { attribute = "", isCertificate = false } = template ?? {};
  if (unknown) return "data";
  return attribute.startsWith("CKA_") ? secretOf(attribute, isCertificate) : "unknown attribute";
};

/** Lines with which templates of certificates begin: the value of one may be shown. */
const templatesOfCertificates = (lines: readonly LoggerLine[]): number[] => {
  const found: number[] = [];
  const begun = new Map<string, number>();
  const last = new Map<string, string>();
  lines.forEach((line, i) => {
    const { prefix, name, value } = line;
    if (value.includes("*** Begin attribute template")) begun.set(prefix, i);
    else if (name === "Attribute") last.set(prefix, attributeIn(value));
    const isCertificate =
      (name === "*pValue" && last.get(prefix) === "CKA_CLASS" && certificateClass.test(value)) ||
      (name === "Attribute" && attributeIn(value) === "CKA_CERTIFICATE_TYPE");
    const at = begun.get(prefix);
    if (isCertificate && at !== undefined) found.push(at);
  });
  return found;
};

/**
 * Values that the caller's memory held before C_GetAttributeValue filled it: the logger prints them, and they may be
 * anything.
 */
const askingIn = (lines: readonly LoggerLine[]): ReadonlySet<number> => {
  const found = new Set<number>();
  const asking = new Set<string>();
  lines.forEach(({ prefix, name, value }, i) => {
    const called = header.exec(value)?.[1];
    if (called === "C_GetAttributeValue") asking.add(prefix);
    else if (called !== undefined || value === "Output") asking.delete(prefix);
    else if (name === "*pValue" && asking.has(prefix)) found.add(i);
  });
  return found;
};
