import { mechanismText } from "../explain/rules/operation.ts";
import { fieldOf, isNull, mechanismOf } from "../view/fields.ts";
import { returnCode } from "../view/view.ts";
import { callRows, type Detector, linkedRows, Rows, sample } from "./finding.ts";

const decoded = 400;
const takesMechanism =
  /^C_((Message)?(Encrypt|Decrypt|Digest|Sign|Verify|SignRecover|VerifyRecover|VerifySignature)Init|GenerateKey|GenerateKeyPair|(Wrap|Unwrap)Key(Authenticated)?|DeriveKey|(En|De)capsulateKey)$/;
const vendor = /^(0x[89a-f][0-9a-f]{7}$|CKM_VENDOR)/i;

/** Mechanisms of a vendor's own, which no other token has. */
export const vendorMechanism: Detector = ({ view }) => {
  const names = view.names.filter((name) => takesMechanism.test(name));
  const rows = sample([...callRows(view, names)], decoded);
  const found = new Rows();
  const used = new Set<string>();
  for (const call of view.calls(rows)) {
    const mechanism = mechanismOf(call);
    if (mechanism === null || !vendor.test(mechanism)) continue;
    found.add(call.row);
    used.add(mechanism);
  }
  return found.count === 0
    ? null
    : {
        id: "vendor-mechanism",
        severity: "hint",
        title: "Mechanisms of a vendor's own are used",
        text: `${[...used].slice(0, 8).join(", ")}: other tokens do not have them, and their parameters are not decoded.`,
        remedy: "",
        rows: found.rows,
        count: found.count,
      };
};

/** Mechanisms that were refused, and whether the token's list, read in the same trace, has them. */
export const mechanismNotInList: Detector = ({ view }) => {
  const code = returnCode(view, "CKR_MECHANISM_INVALID");
  if (code === null) return null;
  const refused: number[] = [];
  for (const row of callRows(view, null)) if (view.codeAt(row) === code && view.isError(row)) refused.push(row);
  if (refused.length === 0) return null;
  const lists: string[] = [];
  for (const call of view.calls(sample([...callRows(view, ["C_GetMechanismList"])], 50)))
    if (!isNull(fieldOf(call, "pMechanismList"))) lists.push(mechanismText(call));
  const offered = new Set(lists.join(" ").match(/CKM_[A-Z0-9_]+|0x[0-9a-f]+/g) ?? []);
  const absent = new Set<string>();
  const present = new Set<string>();
  for (const call of view.calls(sample(refused, decoded))) {
    const mechanism = mechanismOf(call);
    if (mechanism !== null) (offered.has(mechanism) ? present : absent).add(mechanism);
  }
  const parts = [
    absent.size === 0
      ? ""
      : offered.size === 0
        ? `${[...absent].join(", ")}. The program did not read the token's mechanism list.`
        : `${[...absent].join(", ")}: not in the token's mechanism list.`,
    present.size === 0 ? "" : `${[...present].join(", ")}: in the list, but not for this use.`,
  ];
  return {
    id: "mechanism-refused",
    severity: "error",
    title: "Mechanisms were refused",
    text: parts.filter((part) => part !== "").join(" "),
    remedy: "Choose mechanisms from the list; C_GetMechanismInfo tells their uses.",
    rows: refused.slice(0, linkedRows),
    count: refused.length,
  };
};
