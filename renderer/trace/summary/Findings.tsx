import { useState } from "react";
import type { Finding } from "../../../preload/contract/trace.ts";
import { Button } from "../../ui/Button.tsx";
import { Badge } from "../../ui/notices.tsx";
import { countWords, number } from "../../ui/words.ts";

/** Links to rows that are shown at once. */
const shownRows = 6;

const looks = {
  error: { look: "danger", word: "error" },
  warning: { look: "warn", word: "warning" },
  hint: { look: undefined, word: "hint" },
} as const;

/** What is wrong or worth knowing, the gravest first, each with the rows that show it. */
export const Findings = ({ findings, onRow }: { findings: readonly Finding[]; onRow(row: number): void }) => (
  <section className="section" aria-labelledby="findings">
    <h2 id="findings">Findings</h2>
    {findings.length === 0 ? (
      <p className="muted">Nothing conspicuous: no repeated wrong PIN, no lost session, no flood of calls.</p>
    ) : (
      <ul className="findings">
        {findings.map((finding) => (
          <Found key={finding.id} finding={finding} onRow={onRow} />
        ))}
      </ul>
    )}
  </section>
);

const Found = ({ finding, onRow }: { finding: Finding; onRow(row: number): void }) => {
  const [all, setAll] = useState(false);
  const { look, word } = looks[finding.severity];
  const rows = all ? finding.rows : finding.rows.slice(0, shownRows);
  const more = finding.rows.length - rows.length;
  const untold = finding.count - finding.rows.length;
  return (
    <li className={`finding ${finding.severity}`}>
      <div className="finding-title">
        <Badge look={look}>{word}</Badge>
        <strong>{finding.title}</strong>
        {finding.count > 1 ? <span className="muted">{countWords(finding.count, "time")}</span> : null}
      </div>
      <p>{finding.text}</p>
      {finding.remedy ? <p className="muted">{finding.remedy}</p> : null}
      <div className="finding-rows">
        {rows.map((row) => (
          <Button key={row} small look="quiet" label={`Show row ${row}`} onPress={() => onRow(row)}>
            Row {number(row)}
          </Button>
        ))}
        {more > 0 ? (
          <Button small look="quiet" onPress={() => setAll(true)}>
            {countWords(more, "more row", "more rows")}
          </Button>
        ) : null}
        {more === 0 && untold > 0 ? <span className="muted">and {countWords(untold, "other")}</span> : null}
      </div>
    </li>
  );
};
