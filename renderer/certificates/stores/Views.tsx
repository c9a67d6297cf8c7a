import type { StoreView } from "../../../preload/contract/truststores.ts";
import { CommandLine } from "../../ui/CommandLine.tsx";
import { Badge } from "../../ui/notices.tsx";
import { colons } from "./confirm.ts";

const verdicts: Record<StoreView["verdict"], { words: string; look?: "good" | "danger" | "warn" }> = {
  seen: { words: "sees all", look: "good" },
  notSeen: { words: "does not see all", look: "danger" },
  failed: { words: "cannot read it", look: "danger" },
  notInstalled: { words: "not asked" },
};

/** What each reader of a store sees in it, entry by entry. */
export const Views = ({ views }: { views: readonly StoreView[] }) => (
  <ul className="store-views" aria-label="What its readers see">
    {views.map((view) => (
      <li key={view.reader}>
        <p className="store-view-head">
          <strong>{view.title}</strong>
          <Badge look={verdicts[view.verdict].look}>{verdicts[view.verdict].words}</Badge>
          <span className="muted">{view.words}</span>
        </p>
        {view.entries.length > 0 ? (
          <details>
            <summary>Entries as {view.title} tells them</summary>
            <table className="plain-table">
              <thead>
                <tr>
                  <th scope="col">Name</th>
                  <th scope="col">Told as</th>
                  <th scope="col">SHA-256</th>
                </tr>
              </thead>
              <tbody>
                {view.entries.map((entry, at) => (
                  <tr key={at}>
                    <td className="store-name">{entry.alias || "no name"}</td>
                    <td>
                      <Badge look={entry.trusted ? "good" : "warn"}>{entry.words}</Badge>
                    </td>
                    <td className="store-print">{entry.sha256 ? colons(entry.sha256) : "not told"}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </details>
        ) : null}
        {view.command ? <CommandLine text={view.command} label={`Copy the command of ${view.title}`} /> : null}
      </li>
    ))}
  </ul>
);
