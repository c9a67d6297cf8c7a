import type { ReplyCertificate } from "../../../preload/contract/certificate-replies.ts";
import type { Input } from "../../../preload/contract/index.ts";
import { refOf } from "../../objects/words.ts";

/** What the user wants of one certificate of a reply. */
export interface Choice {
  wanted: boolean;
  /** Where certificates for the same key are there already; empty: not said yet. */
  existing: "" | "keep" | "add" | "replace";
}

export type Choices = Record<number, Choice>;

/**
 * Proposed: the own certificate and its issuers. A root is left out: whoever checks the chain has it or must not take it
 * from here. What becomes of a certificate that is there is never proposed: one of the answers deletes.
 */
export const choicesFor = (certificates: ReplyCertificate[]): Choices =>
  Object.fromEntries(
    certificates.map(({ index, role, selfIssued, refused }) => [
      index,
      { wanted: refused === null && (role === "own" || (role === "issuer" && !selfIssued)), existing: "" },
    ]),
  );

const asks = ({ sameKey }: ReplyCertificate, { wanted, existing }: Choice): boolean =>
  wanted && sameKey.length > 0 && existing === "";

/** What has to be answered before anything can be written; null if nothing has. */
export const openQuestion = (certificates: ReplyCertificate[], choices: Choices): string | null => {
  const open = certificates.find((one) => {
    const choice = choices[one.index];
    return choice && asks(one, choice);
  });
  return open
    ? `Say what becomes of the certificate that is there for the key of ${open.subject || "this one"}.`
    : null;
};

/** As the request wants it. */
export const wantedOf = (
  certificates: ReplyCertificate[],
  choices: Choices,
): Input<"certificates.replyWrite">["certificates"] =>
  certificates.flatMap(({ index, sameKey, label, id }) => {
    const choice = choices[index];
    if (!choice?.wanted || choice.existing === "keep") return [];
    const { existing } = choice;
    return [
      {
        index,
        label,
        id,
        ...(existing === "add" || existing === "replace" ? { existing } : {}),
        ...(existing === "replace" ? { replaces: sameKey.map(refOf) } : {}),
      },
    ];
  });
