import { useState } from "react";
import { ToggleButton } from "react-aria-components";
import type { ConsumerName, LinkGroup, RepairKind } from "../../preload/contract/links.ts";
import { keyWords } from "../objects/words.ts";
import { Button } from "../ui/Button.tsx";
import { Badge } from "../ui/notices.tsx";
import { MemberLines } from "./MemberLines.tsx";
import { VerdictReasons } from "./VerdictReasons.tsx";
import { proofWords, seesWords } from "./words.ts";

/** One private key with all that belongs to it, and what each program sees. */
export const GroupCard = (properties: {
  group: LinkGroup;
  busy: boolean;
  writeProtected: boolean;
  onProve(): void;
  onRepair(repairs: RepairKind[]): void;
}) => {
  const { group, busy, writeProtected, onProve, onRepair } = properties;
  const [shown, setShown] = useState<ConsumerName | null>(null);
  const { words, look } = proofWords[group.proof];
  const verdict = group.verdicts.find(({ consumer }) => consumer === shown);
  const repairs = group.repairs.map(({ kind }) => kind);
  return (
    <section className="link-card" aria-label={`Key ${group.title}`}>
      <header>
        <h2 className="truncate">{group.title}</h2>
        {group.privateKey ? <span className="muted">{keyWords(group.privateKey)}</span> : null}
        <Badge {...(look ? { look } : {})} title={group.proofWords}>
          {words}
        </Badge>
        <span className="spring" />
        <Button small onPress={onProve} disabled={busy || !group.provable}>
          Prove by a test signature{group.asksPin ? "…" : ""}
        </Button>
        {repairs.length > 0 && !writeProtected ? (
          <Button small look="primary" onPress={() => onRepair(repairs)}>
            Repair…
          </Button>
        ) : null}
      </header>
      <p className="muted">
        {group.proofWords} {group.proveWords ?? ""}
      </p>
      <MemberLines group={group} />
      {group.verdicts.length > 0 ? (
        <fieldset className="link-chips">
          <legend className="visually-hidden">What programs see</legend>
          {group.verdicts.map(({ consumer, title, sees }) => (
            <ToggleButton
              key={consumer}
              className={`link-chip ${seesWords[sees].look}`}
              isSelected={shown === consumer}
              onChange={(selected) => setShown(selected ? consumer : null)}
              aria-label={`${title}: ${seesWords[sees].words}`}
            >
              <span aria-hidden>{seesWords[sees].sign}</span> {title}
            </ToggleButton>
          ))}
        </fieldset>
      ) : null}
      {verdict ? (
        <VerdictReasons
          verdict={verdict}
          offered={repairs}
          onRepair={writeProtected ? null : (kinds) => onRepair(kinds)}
        />
      ) : null}
    </section>
  );
};
