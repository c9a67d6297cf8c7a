import description from "../../../native/description/functions.json" with { type: "json" };
import { functionTable } from "./functions-table.ts";
import { functionTable3 } from "./functions-table-3.ts";

/** What a function of PKCS#11 is for, in short plain words. */
export interface FunctionText {
  name: string;
  purpose: string;
  /** What must have happened before. Empty: nothing. */
  before: string;
  /** Which programs call it, and when. */
  callers: string;
  /** Where the standard describes it. */
  source: string;
}

/** Chapters of PKCS#11 3.1; those of 2.40 have the same titles and other numbers. */
const chapters = {
  general: "section 5.4, general-purpose functions",
  token: "section 5.5, slot and token management",
  session: "section 5.6, session management",
  object: "section 5.7, object management",
  encrypt: "section 5.8, encryption",
  messageEncrypt: "section 5.9, message-based encryption",
  decrypt: "section 5.10, decryption",
  messageDecrypt: "section 5.11, message-based decryption",
  digest: "section 5.12, message digesting",
  sign: "section 5.13, signing and MACing",
  messageSign: "section 5.14, message-based signing and MACing",
  verify: "section 5.15, verifying signatures and MACs",
  messageVerify: "section 5.16, message-based verifying",
  dual: "section 5.17, dual-function operations",
  key: "section 5.18, key management",
  random: "section 5.19, random number generation",
  parallel: "section 5.20, parallel function management",
} as const;
export type Chapter = keyof typeof chapters;

export type FunctionEntry = readonly [name: string, chapter: Chapter, purpose: string, before: string, callers: string];

/** Functions that 3.1 does not have. */
const newer = new Set(description.functions.flatMap(({ name, since }) => (since === "3.2" ? [name] : [])));

const source = (name: string, chapter: Chapter): string =>
  newer.has(name) ? `PKCS#11 3.2,${chapters[chapter].replace(/^[^,]*,/, "")}` : `PKCS#11 3.1, ${chapters[chapter]}`;

/** All functions of PKCS#11 3.2, in the order of the standard's function lists. */
export const functionTexts: readonly FunctionText[] = [...functionTable, ...functionTable3].map(
  ([name, chapter, purpose, before, callers]) => ({
    name,
    purpose,
    before,
    callers,
    source: source(name, chapter),
  }),
);

const byName = new Map(functionTexts.map((text) => [text.name, text]));

/** @param name as in the log ("C_Sign"; OpenSC's spy writes "SetOperationState"). */
export const functionText = (name: string): FunctionText | null => byName.get(name) ?? byName.get(`C_${name}`) ?? null;
