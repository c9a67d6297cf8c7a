import { useState } from "react";
import type { ExpiryEntry, ExpiryPlace, ExpirySeverity } from "../../../preload/contract/expiry.ts";
import { useNavigation } from "../../frame/place.tsx";
import { Badge } from "../../ui/notices.tsx";
import { ShowMore } from "../../ui/ShowMore.tsx";
import { countWords } from "../../ui/words.ts";

const severities: Record<ExpirySeverity, { words: string; look?: "danger" | "warn" | "good" | "accent" }> = {
  expired: { words: "expired", look: "danger" },
  urgent: { words: "urgent", look: "danger" },
  soon: { words: "soon", look: "warn" },
  valid: { words: "valid", look: "good" },
  "not yet": { words: "not yet valid", look: "accent" },
  unknown: { words: "no readable end" },
};

/** Rows that are drawn at first; a filter finds the others too. */
const portion = 200;

/** Certificates by their end, each with all the places where it lies. */
export const ExpiryTable = ({ entries }: { entries: ExpiryEntry[] }) => {
  const [limit, setLimit] = useState(portion);
  return (
    <>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Ends</th>
            <th scope="col">Left</th>
            <th scope="col">Certificate</th>
            <th scope="col">Where</th>
          </tr>
        </thead>
        <tbody>
          {entries.slice(0, limit).map((entry) => (
            <tr key={`${entry.issuer} ${entry.serialNumber} ${entry.notAfter}`}>
              <td className="nowrap" title={entry.notAfter ?? undefined}>
                {entry.notAfter?.slice(0, 10) ?? "?"}
              </td>
              <td>
                <Badge look={severities[entry.severity].look}>{severities[entry.severity].words}</Badge>{" "}
                <span className="nowrap">{leftWords(entry.daysLeft)}</span>
              </td>
              <td className="expiry-name">
                <strong>{entry.subject || "no subject"}</strong>
                <div className="muted">
                  {entry.issuer === entry.subject ? "signed by itself" : `issued by ${entry.issuer}`}
                </div>
              </td>
              <td>
                {entry.places.map((place) => (
                  <Place key={JSON.stringify(place)} place={place} />
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <ShowMore all={entries.length} limit={limit} portion={portion} onLimit={setLimit} />
    </>
  );
};

const leftWords = (days: number | null): string => {
  if (days === null) return "";
  if (days < 0) return `${countWords(-days, "day")} ago`;
  return days === 0 ? "within a day" : countWords(days, "day");
};

const Place = ({ place }: { place: ExpiryPlace }) => {
  const { go } = useNavigation();
  if (place.kind === "file") return <div className="mono expiry-path">{place.path}</div>;
  const { module, token, object } = place;
  return (
    <div>
      <button type="button" className="link" onClick={() => go({ kind: "token", module, token })}>
        {token.label || token.serial}
      </button>{" "}
      <span className="muted">{object.label ? `"${object.label}"` : "no label"}</span>
    </div>
  );
};
