import { markBit } from "./index/flags.ts";
import type { TraceReader } from "./reader.ts";

/** The operations of the standard that begin with an Init and go on until a last call (PKCS#11 3.2, 5.8 to 5.18). */
const families = [
  "FindObjects",
  "Encrypt",
  "Decrypt",
  "Digest",
  "Sign",
  "Verify",
  "SignRecover",
  "VerifyRecover",
  "MessageEncrypt",
  "MessageDecrypt",
  "MessageSign",
  "MessageVerify",
  "VerifySignature",
] as const;
type Family = (typeof families)[number];

/** init begins, part goes on, last ends it when it succeeds or fails, but not when it only asked for a length. */
interface Role {
  family: Family;
  role: "init" | "part" | "last";
}

const rolesOf = (family: Family): [string, Role][] => {
  const role = (name: string, is: Role["role"]): [string, Role] => [name, { family, role: is }];
  if (family === "FindObjects")
    return [role("C_FindObjectsInit", "init"), role("C_FindObjects", "part"), role("C_FindObjectsFinal", "last")];
  if (family.startsWith("Message")) {
    const verb = family.slice("Message".length);
    return [
      role(`C_${family}Init`, "init"),
      role(`C_${verb}Message`, "part"),
      role(`C_${verb}MessageBegin`, "part"),
      role(`C_${verb}MessageNext`, "part"),
      role(`C_${family}Final`, "last"),
    ];
  }
  return [
    role(`C_${family}Init`, "init"),
    role(`C_${family}Update`, "part"),
    ...(family === "Digest" ? [role("C_DigestKey", "part")] : []),
    role(`C_${family}`, "last"),
    role(`C_${family}Final`, "last"),
  ];
};

const roles: ReadonlyMap<string, Role> = new Map(families.flatMap(rolesOf));

/** Which rows are shown when operations and size questions are folded, and what each row belongs to. */
export interface Folds {
  /** 1 for each slot that is hidden. */
  hidden: Uint8Array;
  /** Slot + 1 of the row before in the same operation or size question; 0: none. */
  before: Uint32Array;
}

/**
 * Folds operations to their Init row and size questions to the call that brought the answer. One pass in the order of
 * rows, some 20 ns a row. Ambiguous rows are folded into nothing.
 */
export const foldRows = (reader: TraceReader): Folds => {
  const { columns, names, lanes, rowCount } = reader;
  const hidden = new Uint8Array(columns.count);
  const before = new Uint32Array(columns.count);
  const role = names.map((name) => roles.get(name));
  const processes = new Map<string, number>();
  const processOf = lanes.map(({ file, process }) => {
    const key = process === null ? `f${file}` : `${process}`;
    const number = processes.get(key) ?? processes.size;
    processes.set(key, number);
    return number;
  });
  /** Open operations and last size questions: process, session and family or name to slot. */
  const open = new Map<number, number>();
  const questions = new Map<number, number>();
  const left = markBit.ambiguous | markBit.broken;
  const question = markBit["size-question"];
  for (let row = 0; row < rowCount; row++) {
    const slot = reader.slot(row);
    const flags = columns.flags[slot] ?? 0;
    if (flags & left || columns.kind[slot] !== 0) continue;
    const name = columns.name[slot] ?? 0;
    const place = ((processOf[columns.lane[slot] ?? 0] ?? 0) * 4294967296 + (columns.session[slot] ?? 0)) * 16;
    const own = role[name];
    const asked = (place / 16) * 128 + (name % 128);
    const earlier = questions.get(asked);
    if (earlier !== undefined) {
      questions.delete(asked);
      if (columns.name[earlier] === name) {
        hidden[earlier] = 1;
        before[slot] = earlier + 1;
      }
    }
    if (flags & question) questions.set(asked, slot);
    if (!own) continue;
    const key = place + families.indexOf(own.family);
    if (own.role === "init") {
      open.set(key, slot);
      continue;
    }
    const last = open.get(key);
    if (last === undefined) continue;
    hidden[slot] = 1;
    if (before[slot] === 0) before[slot] = last + 1;
    else before[(before[slot] ?? 1) - 1] ||= last + 1;
    if (own.role === "last" && !(flags & question)) open.delete(key);
    else open.set(key, slot);
  }
  return { hidden, before };
};

const maxOperation = 200;

/** @returns the rows of the operation that a row belongs to, in their order; empty if it stands alone. */
export const operationAround = (reader: TraceReader, { before }: Folds, row: number): number[] => {
  const first: number[] = [];
  for (let slot = reader.slot(row) + 1; slot > 0 && first.length < maxOperation; slot = before[slot - 1] ?? 0)
    first.unshift(slot - 1);
  // What comes after points back to what is here already.
  const members = new Set(first);
  let last = reader.slot(row);
  const lane = reader.columns.session[last];
  const from = reader.rowOf(last);
  for (let next = from + 1; next < reader.rowCount && next < from + 20_000 && members.size < maxOperation; next++) {
    const slot = reader.slot(next);
    if (reader.columns.session[slot] !== lane || (before[slot] ?? 0) - 1 !== last) continue;
    members.add(slot);
    last = slot;
  }
  return members.size < 2 ? [] : [...members].map((slot) => reader.rowOf(slot)).sort((a, b) => a - b);
};
