import type { LinkVerdict, RepairKind } from "../../preload/contract/links.ts";
import { Button } from "../ui/Button.tsx";
import { Badge } from "../ui/notices.tsx";
import { basisWords, effectLook, effectWords } from "./words.ts";

/** Why one program sees a key or not: each reason with its rule and where that is from. */
export const VerdictReasons = (properties: {
  verdict: LinkVerdict;
  /** Repairs that the group offers. */
  offered: RepairKind[];
  /** null on a token that cannot be written. */
  onRepair: ((repairs: RepairKind[]) => void) | null;
}) => {
  const { verdict, offered, onRepair } = properties;
  return (
    <section className="link-reasons" aria-label={`${verdict.title}: reasons`}>
      <p>
        <strong>{verdict.title}</strong>: {verdict.can}
      </p>
      <ul>
        {verdict.reasons.map((reason) => {
          const repairs = reason.repairs.filter((kind) => offered.includes(kind));
          const look = effectLook[reason.effect];
          return (
            <li key={reason.rule} className="link-finding">
              <Badge {...(look ? { look } : {})}>{effectWords[reason.effect]}</Badge>
              <div>
                <p>{reason.words}</p>
                <p className="muted">
                  Rule <code>{reason.rule}</code>. {reason.source}.
                </p>
              </div>
              {onRepair && repairs.length > 0 ? (
                <Button small onPress={() => onRepair(repairs)}>
                  Repair…
                </Button>
              ) : null}
            </li>
          );
        })}
      </ul>
      <p className="muted">{basisWords[verdict.basis]}</p>
    </section>
  );
};
