import constants from "../../../native/description/constants.json" with { type: "json" };
import type { TraceField } from "../../../preload/contract/trace.ts";

type FlagSet = keyof typeof constants.flags;

/** Which CKF_ names a function's flags have: the same bit is another name in another structure (PKCS#11 3.2, section 3). */
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
  let rest = BigInt(field.text);
  const names = Object.entries(constants.flags[set]).flatMap(([name, bit]) => {
    if ((rest & BigInt(bit)) === 0n) return [];
    rest &= ~BigInt(bit);
    return [name];
  });
  if (names.length === 0) return field;
  const left = rest === 0n ? [] : [`0x${rest.toString(16)}`];
  return { ...field, text: `${field.text} (${[...names, ...left].join(", ")})` };
};

/** The fields of a call with its flags by name, "0x6 (CKF_RW_SESSION, CKF_SERIAL_SESSION)"; unknown bits stay numbers. */
export const withFlagNames = (name: string, fields: TraceField[]): TraceField[] => {
  const set = flagSets[name];
  return set === undefined ? fields : fields.map((field) => named(field, set));
};
