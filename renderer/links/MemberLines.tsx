import type { LinkGroup, LinkObject } from "../../preload/contract/links.ts";
import { classWords } from "../objects/words.ts";
import { apartWords } from "./words.ts";

/** The objects of a group, each with its label and CKA_ID, and where they are not those of the private key. */
export const MemberLines = ({ group }: { group: LinkGroup }) => {
  const { privateKey, publicKeys, certificates, chain, chainComplete } = group;
  const missing = [
    ...(publicKeys.length === 0 ? ["no public key object"] : []),
    ...(certificates.length === 0 ? ["no certificate"] : []),
  ];
  return (
    <div className="link-members">
      {privateKey ? <MemberLine object={privateKey} privateKey={privateKey} /> : null}
      {publicKeys.map((object) => (
        <MemberLine key={object.handle} object={object} privateKey={privateKey} />
      ))}
      {certificates.map((object) => (
        <MemberLine key={object.handle} object={object} privateKey={privateKey} />
      ))}
      {chain.length > 0 ? (
        <div className="link-member">
          <span className="muted">Issuers</span>
          <span className="link-chain">
            {chain.map(({ subject, object, root }) => (
              <span key={subject}>
                {subject} <span className="muted">{object ? (root ? "(root)" : "") : "(not on the token)"}</span>
              </span>
            ))}
            {chainComplete ? <span className="muted">complete</span> : null}
          </span>
        </div>
      ) : null}
      {missing.length > 0 ? (
        <div className="link-member">
          <span className="muted">Missing</span>
          <span>{missing.join(", ")}</span>
        </div>
      ) : null}
    </div>
  );
};

const MemberLine = ({ object, privateKey }: { object: LinkObject; privateKey: LinkObject | null }) => {
  const apart = apartWords(object, privateKey);
  return (
    <div className="link-member">
      <span className="muted">{classWords[object.class].one}</span>
      <span>
        {object.label || <span className="muted">no label</span>}{" "}
        <code className={apart.includes("another CKA_ID") ? "link-apart" : "muted"}>{object.id || "no CKA_ID"}</code>
        {object.subject ? <span className="link-subject">{object.subject}</span> : null}
        {object.class === "certificate" && object.notAfter ? (
          <span className="muted"> until {object.notAfter.slice(0, 10)}</span>
        ) : null}
        {apart.length > 0 ? <span className="link-apart"> {apart.join(", ")}</span> : null}
      </span>
    </div>
  );
};
