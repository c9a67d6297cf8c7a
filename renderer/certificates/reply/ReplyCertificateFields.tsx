import type { ReplyCertificate } from "../../../preload/contract/certificate-replies.ts";
import { ClassIcon } from "../../objects/ClassIcon.tsx";
import { colonHex } from "../../objects/ids.ts";
import { expiryOf } from "../../objects/words.ts";
import { Checkbox } from "../../ui/fields.tsx";
import { Badge } from "../../ui/notices.tsx";
import { RadioCards } from "../../ui/RadioCards.tsx";
import { useNow } from "../../ui/useNow.ts";
import { countWords } from "../../ui/words.ts";
import type { Choice } from "./reply-choices.ts";

const roles: Record<ReplyCertificate["role"], { words: string; look?: "good" | "accent" }> = {
  own: { words: "for a key here", look: "good" },
  issuer: { words: "issuer", look: "accent" },
  other: { words: "no key here" },
};

/** One certificate of a reply: whose key it is for, under which names it would be written, what is there already. */
export const ReplyCertificateFields = (properties: {
  certificate: ReplyCertificate;
  choice: Choice;
  onChoice(choice: Choice): void;
}) => {
  const { certificate, choice, onChoice } = properties;
  const { role, subject, issuer, selfIssued, notBefore, notAfter, sameKey, refused } = certificate;
  const expiry = expiryOf({ notBefore, notAfter }, useNow(certificate));
  return (
    <section className="import-item" aria-label={subject || "certificate without name"}>
      <div className="import-what">
        <ClassIcon name="certificate" />
        <Checkbox
          label={subject || "Certificate without name"}
          value={choice.wanted}
          onChange={(wanted) => onChoice({ ...choice, wanted })}
          disabled={refused !== null}
        />
        <Badge look={roles[role].look}>{selfIssued && role === "issuer" ? "root" : roles[role].words}</Badge>
      </div>
      <p className="muted">
        {[
          certificate.keyWords,
          selfIssued ? "signed by itself" : `issued by ${issuer}`,
          notAfter ? `valid ${notBefore?.slice(0, 10)} to ${notAfter.slice(0, 10)}` : "",
        ]
          .filter(Boolean)
          .join(", ")}
        {expiry.state === "expired" ? <strong className="expiry expired"> expired</strong> : null}
      </p>
      <p>{certificate.proofWords}</p>
      {refused ? <p className="import-warning">{refused}</p> : null}
      {certificate.warnings.map((warning) => (
        <p key={warning} className="import-warning">
          {warning}
        </p>
      ))}
      {choice.wanted ? (
        <dl className="facts reply-names">
          <dt>Label</dt>
          <dd>{certificate.label}</dd>
          <dt>CKA_ID</dt>
          <dd className="mono">{colonHex(certificate.id)}</dd>
        </dl>
      ) : null}
      {choice.wanted && sameKey.length > 0 ? (
        <Existing certificate={certificate} choice={choice} onChoice={onChoice} />
      ) : null}
    </section>
  );
};

const Existing = (properties: { certificate: ReplyCertificate; choice: Choice; onChoice(choice: Choice): void }) => {
  const { certificate, choice, onChoice } = properties;
  const { sameKey } = certificate;
  const old = sameKey.map(
    ({ label, subject, notAfter }) =>
      `"${label}", ${subject || "without name"}, valid until ${notAfter?.slice(0, 10) ?? "an unreadable date"}`,
  );
  return (
    <div className="reply-existing">
      <p className="import-warning">
        {countWords(sameKey.length, "certificate")} for the same key {sameKey.length === 1 ? "is" : "are"} on the token:{" "}
        {old.join("; ")}.
      </p>
      <RadioCards<Choice["existing"]>
        label="What becomes of it"
        value={choice.existing}
        onChange={(existing) => onChoice({ ...choice, existing })}
        cards={[
          {
            value: "replace",
            title: "Replace it",
            words:
              "The new one is written and read back first; then the old one is deleted. Its text is shown once more.",
          },
          {
            value: "add",
            title: "Add the new one beside it",
            words: "Both have the same CKA_ID and label: programs take either.",
          },
          { value: "keep", title: "Keep it", words: "The new one is not written." },
        ]}
      />
    </div>
  );
};
