import type { TraceField } from "../../../preload/contract/trace.ts";
import { statusWord } from "../explain/iso7816.ts";
import { commandName, commandParts, isSecretResponse, isTriesQuestion, secretOfCommand } from "./opensc-debug-apdu.ts";
import type { DebugLine } from "./opensc-debug-record.ts";
import { type Dump, dumpsOf } from "./opensc-debug-secrets.ts";

const maxHex = 4096;
const hexByte = (byte: number): string => `0x${byte.toString(16).padStart(2, "0").toUpperCase()}`;

/** Command and answer, taken apart. */
export const apduFields = (lines: readonly DebugLine[]): TraceField[] => {
  const dumps = dumpsOf(lines);
  const command = dumps.find(({ isCommand }) => isCommand);
  const answer = dumps.find(({ isCommand }) => !isCommand);
  const isSecret = command !== undefined && isSecretResponse(command.bytes);
  const isQuestion = command !== undefined && isTriesQuestion(command.bytes, command.bytes.length);
  return [...(command ? [commandField(command)] : []), ...(answer ? answerFields(answer, isSecret, isQuestion) : [])];
};

const placeOf = ({ rows }: Dump): Pick<TraceField, "at"> => {
  const first = rows[0];
  const last = rows[rows.length - 1];
  return first && last ? { at: { from: first.from, to: last.to } } : {};
};

const hexOf = (bytes: readonly number[]): string => Buffer.from(bytes.slice(0, maxHex)).toString("hex");

const commandField = (dump: Dump): TraceField => {
  const { bytes } = dump;
  const [cla = 0, , p1 = 0, p2 = 0] = bytes;
  const { lc, from, to, le } = commandParts(bytes);
  const secret = secretOfCommand(bytes);
  const part = (name: string, text: string, extra: Partial<TraceField> = {}): TraceField => ({
    name,
    direction: "in",
    kind: "number",
    text,
    ...extra,
  });
  const body = bytes.slice(from, to);
  const fields = [
    part("CLA", claText(cla)),
    part("INS", `${hexByte(bytes[1] ?? 0)} (${commandName(bytes)})`),
    part("P1", hexByte(p1)),
    part("P2", hexByte(p2)),
  ];
  if (lc > 0 || body.length > 0)
    fields.push(
      secret
        ? part("data", `${lc} bytes: masked`, {
            kind: secret.what === "APDU with PIN" ? "pin" : "bytes",
            masked: true,
            length: lc,
          })
        : part("data", `${lc} bytes`, { kind: "bytes", length: lc, hex: hexOf(body) }),
    );
  if (le !== null && !secret) fields.push(part("Le", String(le)));
  return {
    name: "command",
    direction: "in",
    kind: "bytes",
    text: `${commandName(bytes)}, ${dump.count} bytes`,
    length: dump.count,
    ...(secret ? { masked: true } : { hex: hexOf(bytes) }),
    ...placeOf(dump),
    fields,
  };
};

/** Channel, chaining and secure messaging (ISO/IEC 7816-4, 5.1.1). */
const claText = (cla: number): string => {
  const words = [
    (cla & 0x80) !== 0 ? "of the card's maker" : "",
    (cla & 0xe0) === 0 && (cla & 0x10) !== 0 ? "more follows" : "",
    (cla & 0xe0) === 0 && (cla & 0x0c) !== 0 ? "secure messaging" : "",
    (cla & 0xe0) === 0 && (cla & 0x03) !== 0 ? `channel ${cla & 3}` : "",
  ].filter((word) => word !== "");
  return words.length === 0 ? hexByte(cla) : `${hexByte(cla)} (${words.join(", ")})`;
};

const answerFields = (dump: Dump, isSecret: boolean, isQuestion: boolean): TraceField[] => {
  const { bytes, count } = dump;
  const data = bytes.slice(0, -2);
  const isWhole = bytes.length === count && count >= 2;
  const word = isWhole ? Buffer.from(bytes.slice(-2)).toString("hex").toUpperCase() : null;
  const status = word === null ? null : statusWord(word, isQuestion);
  const fields: TraceField[] = [];
  if (count > 2)
    fields.push({
      name: "answer",
      direction: "out",
      kind: "bytes",
      text: isSecret ? `${count - 2} bytes: masked` : `${count - 2} bytes`,
      length: count - 2,
      ...(isSecret ? { masked: true } : { hex: hexOf(data) }),
      ...placeOf(dump),
    });
  if (word !== null) {
    const last = dump.rows[dump.rows.length - 1];
    fields.push({
      name: "status",
      direction: "out",
      kind: "text",
      text: status ? `${word}: ${status.meaning}` : word,
      ...(last ? { at: { from: last.from, to: last.to } } : {}),
    });
  }
  return fields;
};
