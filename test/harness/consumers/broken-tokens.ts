import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import pkcs11js from "pkcs11js";
import { testPins } from "../app.ts";
import { loadSoftHsm, type SoftHsmWriter, softHsmLibrary } from "../softhsm-writer.ts";
import type { KeyType, Question } from "./ask.ts";
import type { Breakage } from "./breakages.ts";
import type { Authority } from "./issue-certificate.ts";
import type { Store } from "./store.ts";
import { writePlan } from "./write-plan.ts";

export interface Case {
  breakage: Breakage;
  type: KeyType;
}

export interface Asked extends Case {
  question: Question;
}

type P11 = SoftHsmWriter["p11"];

/** @returns the token's serial number and the number of its slot, which SoftHSM changes as it initialises it */
export const initialise = (p11: P11, label: string): { serial: string; slot: Buffer } => {
  const slots = p11.C_GetSlotList(true);
  const free = slots.find((slot) => !(p11.C_GetTokenInfo(slot).flags & pkcs11js.CKF_TOKEN_INITIALIZED));
  if (!free) throw new Error("SoftHSM shows no free slot");
  p11.C_InitToken(free, testPins.so, label.padEnd(32));
  const slot = p11.C_GetSlotList(true).find((each) => p11.C_GetTokenInfo(each).label.trim() === label);
  if (!slot) throw new Error(`the token ${label} is not there`);
  return { serial: p11.C_GetTokenInfo(slot).serialNumber.trim(), slot };
};

export const openNew = (p11: P11, slot: Buffer): SoftHsmWriter => {
  const session = p11.C_OpenSession(slot, pkcs11js.CKF_SERIAL_SESSION | pkcs11js.CKF_RW_SESSION);
  p11.C_Login(session, pkcs11js.CKU_SO, testPins.so);
  p11.C_InitPIN(session, testPins.user);
  p11.C_Logout(session);
  p11.C_Login(session, pkcs11js.CKU_USER, testPins.user);
  return {
    p11,
    session,
    create: (template) => p11.C_CreateObject(session, template),
    close: () => p11.C_CloseSession(session),
  };
};

/** Writes each case on a token of its own, all in one store. */
export const brokenTokens = async (store: Store, cases: readonly Case[], authority: Authority): Promise<Asked[]> => {
  const pinFile = join(store.folder, "pin");
  await writeFile(pinFile, testPins.user, { mode: 0o600 });
  const p11 = loadSoftHsm(store.configuration);
  const asked = cases.map((each, index) => {
    const label = `token ${index}`;
    const { serial, slot } = initialise(p11, label);
    const writer = openNew(p11, slot);
    const written = writePlan(writer, each.type, each.breakage.plan, authority);
    writer.close();
    const token = { label, serial, slot: 0 };
    const environment = { SOFTHSM2_CONF: store.configuration };
    const question = { module: softHsmLibrary, environment, token, pinFile, ...written };
    return { ...each, question };
  });
  p11.C_Finalize();
  p11.close();
  const slots = slotNumbers(store.configuration);
  for (const { question } of asked) question.token.slot = slots.get(question.token.serial) ?? -1;
  return asked;
};

/**
 * Numbers of the slots by the serial numbers of their tokens. SoftHSM gives a token another slot the next time that it
 * is initialised, in which it stays.
 */
export const slotNumbers = (configuration: string): Map<string, number> => {
  const p11 = loadSoftHsm(configuration);
  const found = p11
    .C_GetSlotList(true)
    .map((slot): [string, number] => [p11.C_GetTokenInfo(slot).serialNumber.trim(), slot.readUInt32LE(0)]);
  p11.C_Finalize();
  p11.close();
  return new Map(found);
};
