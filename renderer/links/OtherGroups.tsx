import { useState } from "react";
import type { LinkGroup } from "../../preload/contract/links.ts";
import { keyWords } from "../objects/words.ts";
import { ShowMore } from "../ui/ShowMore.tsx";
import { countWords } from "../ui/words.ts";

const portion = 50;

/** Certificates and public keys for which no private key is here, in a table: on some tokens there are thousands. */
export const OtherGroups = ({ groups, privateIncluded }: { groups: LinkGroup[]; privateIncluded: boolean }) => {
  const [limit, setLimit] = useState(portion);
  return (
    <section aria-label="Without a private key" className="link-others">
      <h2>{privateIncluded ? "Without a private key on this token" : "Certificates and public keys"}</h2>
      <p className="muted">{countWords(groups.length, "key")}</p>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Key</th>
            <th scope="col">Objects</th>
            <th scope="col">CKA_ID</th>
          </tr>
        </thead>
        <tbody>
          {groups.slice(0, limit).map((group) => {
            const objects = [...group.certificates, ...group.publicKeys];
            const [first] = objects;
            return (
              <tr key={group.group}>
                <td>
                  {group.title}
                  {first?.subject && first.subject !== group.title ? (
                    <div className="muted">{first.subject}</div>
                  ) : null}
                </td>
                <td className="nowrap">{first ? keyWords(first) : ""}</td>
                <td>
                  {[
                    ...(group.certificates.length > 0 ? [countWords(group.certificates.length, "certificate")] : []),
                    ...(group.publicKeys.length > 0 ? [countWords(group.publicKeys.length, "public key")] : []),
                  ].join(", ")}
                </td>
                <td className="mono muted link-id">{[...new Set(objects.map(({ id }) => id || "none"))].join(", ")}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <ShowMore all={groups.length} limit={limit} portion={200} onLimit={setLimit} />
    </section>
  );
};
