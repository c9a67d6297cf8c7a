import { useState } from "react";
import type { ViewedItem } from "../../../preload/contract/x509.ts";
import { ShowMore } from "../../ui/ShowMore.tsx";
import { countWords } from "../../ui/words.ts";

const portion = 100;

/** What a list revokes: how many for which reason, and the entries. */
export const CrlEntries = ({ crl }: { crl: NonNullable<ViewedItem["crl"]> }) => {
  const [limit, setLimit] = useState(portion);
  const { count, entries, reasons } = crl;
  return (
    <section aria-label="Revoked certificates">
      <h3>{count === 0 ? "No certificate is revoked" : countWords(count, "revoked certificate")}</h3>
      {reasons.length > 0 ? (
        <p className="muted">{reasons.map((one) => `${one.reason}: ${one.count}`).join(", ")}</p>
      ) : null}
      {entries.length > 0 ? (
        <div className="view-table">
          <table>
            <thead>
              <tr>
                <th>Serial number</th>
                <th>Since</th>
                <th>Reason</th>
                <th>More</th>
              </tr>
            </thead>
            <tbody>
              {entries.slice(0, limit).map(({ serial, date, reason, lines }, at) => (
                // A list may name a number twice, and its lines never move.
                <tr key={at}>
                  <td className="mono">{serial}</td>
                  <td>{date}</td>
                  <td>{reason ?? <span className="muted">none given</span>}</td>
                  <td>{lines.join("; ")}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
      <ShowMore all={entries.length} limit={limit} portion={portion} onLimit={setLimit} />
      {count > entries.length ? (
        <p className="muted">{count - entries.length} further ones are only in the ASN.1.</p>
      ) : null}
    </section>
  );
};
