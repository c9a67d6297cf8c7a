import { useState } from "react";
import type { LinkFinding, LinkGroup, RepairKind } from "../../preload/contract/links.ts";
import { Button } from "../ui/Button.tsx";
import { Badge } from "../ui/notices.tsx";
import { ShowMore } from "../ui/ShowMore.tsx";
import { severityWords } from "./words.ts";

const portion = 12;

/** What is not as it should be, the worst first, with why it matters. */
export const Findings = (properties: {
  findings: LinkFinding[];
  groups: LinkGroup[];
  writeProtected: boolean;
  onRepair(group: LinkGroup, repairs: RepairKind[]): void;
}) => {
  const { findings, groups, writeProtected, onRepair } = properties;
  const [limit, setLimit] = useState(portion);
  return (
    <section className="link-findings" aria-label="Findings">
      <h2>Findings</h2>
      <ul>
        {findings.slice(0, limit).map((finding) => {
          const { words, look } = severityWords[finding.severity];
          const group = groups.find((each) => each.group === finding.group);
          const repairs = finding.repairs.filter((kind) => group?.repairs.some((offered) => offered.kind === kind));
          return (
            <li key={`${finding.kind} ${finding.words}`} className="link-finding">
              <Badge {...(look ? { look } : {})}>{words}</Badge>
              <div>
                <p>{finding.words}</p>
                <p className="muted">{finding.why}</p>
              </div>
              {group && repairs.length > 0 && !writeProtected ? (
                <Button small onPress={() => onRepair(group, repairs)}>
                  Repair…
                </Button>
              ) : null}
            </li>
          );
        })}
      </ul>
      <ShowMore all={findings.length} limit={limit} portion={50} onLimit={setLimit} />
    </section>
  );
};
