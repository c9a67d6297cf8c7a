import { extendedKeyUsageOids } from "../../../preload/contract/certificate-names.ts";
import type {
  AlternativeName,
  CertificateKeyUsage,
  CertificateProfileInput,
} from "../../../preload/contract/certificate-profile.ts";
import type { OfferedPreset } from "../../../preload/contract/certificate-requests.ts";

type Critical = NonNullable<CertificateProfileInput["critical"]>[number];

/** What the form of a profile holds. */
export interface ProfileForm {
  /** Name of the preset that was chosen last. */
  preset: string;
  subject: string;
  san: AlternativeName[];
  keyUsage: CertificateKeyUsage[];
  /** Purposes that have a name here. */
  purposes: string[];
  /** Others: dotted OIDs, separated by blanks or commas. */
  otherPurposes: string;
  constraints: "none" | "notCa" | "ca";
  /** Text; empty for no limit. */
  pathLength: string;
  critical: Critical[];
  /** `value`: hexadecimal as typed, with blanks or colons. */
  extensions: { oid: string; critical: boolean; value: string }[];
}

export const emptyProfile = (subject: string): ProfileForm => ({
  preset: "",
  subject,
  san: [],
  keyUsage: [],
  purposes: [],
  otherPurposes: "",
  constraints: "none",
  pathLength: "",
  critical: ["basicConstraints", "keyUsage"],
  extensions: [],
});

/** The form with a preset's uses; names stay as they are, and rows for those that it needs are opened. */
export const withPreset = (form: ProfileForm, { name, profile, needs }: OfferedPreset): ProfileForm => {
  const { keyUsage, extendedKeyUsage, basicConstraints } = profile;
  const filled = form.san.filter(({ value }) => value !== "");
  const missing = needs.filter((type) => !filled.some((one) => one.type === type));
  return {
    ...form,
    preset: name,
    keyUsage,
    purposes: extendedKeyUsage.filter(isNamed),
    otherPurposes: extendedKeyUsage.filter((purpose) => !isNamed(purpose)).join(" "),
    constraints: basicConstraints ? (basicConstraints.ca ? "ca" : "notCa") : "none",
    pathLength: basicConstraints?.pathLength === undefined ? "" : String(basicConstraints.pathLength),
    san: [...filled, ...missing.map((type) => ({ type, value: "" }))],
  };
};

const isNamed = (purpose: string): boolean => Object.hasOwn(extendedKeyUsageOids, purpose);

/** Why a path length cannot be taken; null if it can. */
export const pathLengthProblem = ({ constraints, pathLength }: ProfileForm): string | null =>
  constraints === "ca" && !/^(\d{1,2}|1\d\d|2[0-4]\d|25[0-5])?$/.test(pathLength.trim())
    ? "A number from 0 to 255, or nothing."
    : null;

/** The profile of a form. Rows without a value are not filled in yet, and left out. */
export const profileOf = (form: ProfileForm): CertificateProfileInput => ({
  subject: form.subject.trim(),
  san: form.san.filter(({ value }) => value.trim() !== ""),
  keyUsage: form.keyUsage,
  extendedKeyUsage: [...form.purposes, ...form.otherPurposes.split(/[\s,;]+/).filter(Boolean)],
  basicConstraints: constraintsOf(form),
  critical: form.critical,
  extensions: form.extensions
    .filter(({ oid, value }) => oid.trim() !== "" || value.trim() !== "")
    .map(({ oid, critical, value }) => ({ oid: oid.trim(), critical, value: hexOf(value) })),
});

const constraintsOf = (form: ProfileForm): CertificateProfileInput["basicConstraints"] => {
  if (form.constraints === "none") return null;
  if (form.constraints === "notCa") return { ca: false };
  const pathLength = form.pathLength.trim();
  return pathLength === "" || pathLengthProblem(form) ? { ca: true } : { ca: true, pathLength: Number(pathLength) };
};

/** What is no hexadecimal is handed on as nothing, which the plan calls no DER. */
const hexOf = (typed: string): string => {
  const digits = typed.replace(/[\s:]/g, "").toLowerCase();
  return /^([0-9a-f]{2})*$/.test(digits) ? digits : "";
};

/** The row of the form that a problem's part means, since rows without a value are not in the profile: "san.1" -> 2. */
export const rowOfPart = (form: ProfileForm, part: string): { list: "san" | "extensions"; row: number } | null => {
  const [, list, index] = /^(san|extensions)\.(\d+)$/.exec(part) ?? [];
  if (list !== "san" && list !== "extensions") return null;
  const filled =
    list === "san"
      ? form.san.flatMap(({ value }, row) => (value.trim() === "" ? [] : [row]))
      : form.extensions.flatMap(({ oid, value }, row) => (oid.trim() === "" && value.trim() === "" ? [] : [row]));
  const row = filled[Number(index)];
  return row === undefined ? null : { list, row };
};
