import type { Output } from "../../preload/contract/index.ts";
import type { LinkFinding, LinkObject, LinkProof, LinkVerdict } from "../../preload/contract/links.ts";
import { countWords } from "../ui/words.ts";

type Look = "good" | "warn" | "danger";

/** How a verdict is said on its chip: sign, word, colour. */
export const seesWords: Record<LinkVerdict["sees"], { sign: string; words: string; look: Look }> = {
  yes: { sign: "✓", words: "sees it", look: "good" },
  partly: { sign: "◐", words: "in part", look: "warn" },
  no: { sign: "✗", words: "does not see it", look: "danger" },
};

export const proofWords: Record<LinkProof, { words: string; look?: Look }> = {
  "test signature": { words: "Proved by a test signature", look: "good" },
  "key bytes": { words: "Proved by key bytes", look: "good" },
  "CKA_ID only": { words: "Same CKA_ID only: not proved", look: "warn" },
  none: { words: "Nothing is joined with it" },
};

export const effectWords = { hides: "hides it", limits: "limits it", note: "note" } as const;

export const effectLook = { hides: "danger", limits: "warn", note: undefined } as const;

export const basisWords: Record<LinkVerdict["basis"], string> = {
  program: "Compared with what the program itself answered.",
  source: "By the program's source; not compared with the program itself.",
  documentation: "By the maker's documentation; not compared with the program itself.",
};

export const severityWords: Record<LinkFinding["severity"], { words: string; look?: Look }> = {
  error: { words: "broken", look: "danger" },
  warning: { words: "warning", look: "warn" },
  note: { words: "note" },
};

/** What of an object is not as its private key has it. */
export const apartWords = (object: LinkObject, key: LinkObject | null): string[] => {
  if (!key || object.handle === key.handle) return [];
  const plain = (label: string) => label.replace(/ \(UserPIN\)$/, "");
  return [
    ...(object.id === key.id ? [] : ["another CKA_ID"]),
    ...(plain(object.label) === plain(key.label) ? [] : ["another label"]),
  ];
};

/** "2 private keys, 1 not seen by every program, 1 thing is broken". */
export const summaryWords = ({ groups, findings, privateIncluded }: Output<"links.examine">): string => {
  if (!privateIncluded) return "Not judged yet: the private keys are not seen";
  const keys = groups.filter(({ privateKey }) => privateKey);
  const hidden = keys.filter(({ verdicts }) => verdicts.some(({ sees }) => sees === "no")).length;
  const broken = findings.filter(({ severity }) => severity === "error").length;
  if (keys.length === 0) return "No private keys";
  const parts = [countWords(keys.length, "private key")];
  if (hidden > 0) parts.push(`${hidden} not seen by every program`);
  parts.push(broken > 0 ? countWords(broken, "thing is broken", "things are broken") : "nothing is broken");
  return parts.join(", ");
};
