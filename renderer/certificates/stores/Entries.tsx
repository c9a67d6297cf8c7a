import type { StoreEntry } from "../../../preload/contract/truststores.ts";
import { Button } from "../../ui/Button.tsx";
import { TextField } from "../../ui/fields.tsx";
import { Badge, Notice } from "../../ui/notices.tsx";
import { removeEntry, renameEntry } from "./basket.ts";
import { colons, confirmDigits, isConfirmed } from "./confirm.ts";

const roles: Record<StoreEntry["role"], string> = {
  own: "own certificate",
  intermediate: "intermediate CA",
  root: "root CA",
  key: "public key",
};

/** What will be trusted: each with its name in the store, which can be changed. */
export const Entries = (properties: {
  entries: readonly StoreEntry[];
  confirmations: Readonly<Record<string, string>>;
  onConfirm(sha256: string, typed: string): void;
}) => (
  <ul className="store-entries" aria-label="What is to be trusted">
    {properties.entries.map((entry) => (
      <li key={entry.sha256}>
        <div className="store-entry-head">
          <TextField
            label={entry.subject ?? entry.keyWords}
            value={entry.alias}
            onChange={(alias) => renameEntry(entry.sha256, alias)}
          />
          <Button small label={`Leave out ${entry.alias}`} onPress={() => removeEntry(entry.sha256)}>
            Leave out
          </Button>
        </div>
        <p className="muted store-entry-facts">
          <Badge look={entry.role === "root" || entry.role === "intermediate" ? "accent" : undefined}>
            {roles[entry.role]}
          </Badge>
          <span>{entry.keyWords}</span>
          {entry.notAfter ? <span>until {entry.notAfter.slice(0, 10)}</span> : null}
          <span>from {entry.origin}</span>
        </p>
        <code className="store-print" title="SHA-256 of the whole certificate">
          {colons(entry.sha256)}
        </code>
        {entry.warnings.map((warning) => (
          <Notice key={warning} look="warn">
            <p>{warning}</p>
          </Notice>
        ))}
        {entry.fromHandshake ? (
          <Confirm
            entry={entry}
            typed={properties.confirmations[entry.sha256] ?? ""}
            onType={(typed) => properties.onConfirm(entry.sha256, typed)}
          />
        ) : null}
      </li>
    ))}
  </ul>
);

const Confirm = ({ entry, typed, onType }: { entry: StoreEntry; typed: string; onType(typed: string): void }) => (
  <Notice look={isConfirmed(entry.sha256, typed) ? "good" : "warn"} title="A server sent this certificate itself">
    <p>
      Whoever stands between you and the server could have sent another one. Ask the server's owner for the SHA-256
      fingerprint by another way, and type its last {confirmDigits} digits from what the owner says.
    </p>
    <TextField label="Last digits of the owner's fingerprint" value={typed} onChange={onType} mono />
  </Notice>
);
