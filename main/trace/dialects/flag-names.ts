import type { TraceField } from "../../../preload/contract/trace.ts";
import { type FlagSet, flagNames } from "../flags.ts";

/** Which flags a function has among its arguments and results. */
const flagSets: Record<string, FlagSet> = {
  C_Initialize: "initialize",
  C_GetInterface: "interface",
  C_GetInterfaceList: "interface",
  C_GetSlotInfo: "slot",
  C_GetTokenInfo: "token",
  C_OpenSession: "session",
  C_GetSessionInfo: "session",
  C_GetMechanismInfo: "mechanism",
  C_EncryptMessageNext: "message",
  C_DecryptMessageNext: "message",
  C_WaitForSlotEvent: "wait",
};

const named = (field: TraceField, set: FlagSet): TraceField => {
  if (field.fields) return { ...field, fields: field.fields.map((part) => named(part, set)) };
  if (field.kind !== "flags" || !/^0x[0-9a-f]+$/.test(field.text)) return field;
  const { names, rest } = flagNames(BigInt(field.text), set);
  if (names.length === 0) return field;
  const left = rest === 0n ? [] : [`0x${rest.toString(16)}`];
  return { ...field, text: `${field.text} (${[...names, ...left].join(", ")})` };
};

/** The fields of a call with its flags by name, "0x6 (CKF_RW_SESSION, CKF_SERIAL_SESSION)"; unknown bits stay numbers. */
export const withFlagNames = (name: string, fields: TraceField[]): TraceField[] => {
  const set = flagSets[name];
  return set === undefined ? fields : fields.map((field) => named(field, set));
};
