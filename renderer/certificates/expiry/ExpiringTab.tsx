import { useState } from "react";
import type { ExpiryEntry, ExpirySource } from "../../../preload/contract/expiry.ts";
import type { Output } from "../../../preload/contract/index.ts";
import { useFreshRequest } from "../../client/queries.ts";
import { useActions } from "../../frame/actions.tsx";
import { Button } from "../../ui/Button.tsx";
import { Elapsed } from "../../ui/Elapsed.tsx";
import { Empty, ErrorNotice, Notice } from "../../ui/notices.tsx";
import { useAction } from "../../ui/useAction.ts";
import { countWords } from "../../ui/words.ts";
import { CalendarDialog } from "./CalendarDialog.tsx";
import { ExpiryTable } from "./ExpiryTable.tsx";
import { WarningDays } from "./WarningDays.tsx";
import { WatchDialog } from "./WatchDialog.tsx";
import "./expiry.css";

type Task = "watch" | "calendar" | null;

/** When certificates end, on all tokens and in the files and folders that the user has named. */
export const ExpiringTab = () => {
  const { data, error, isFetching, refetch } = useFreshRequest("expiry.overview", {});
  const [task, setTask] = useState<Task>(null);
  const [filter, setFilter] = useState("");
  const group = "Expiring";
  useActions("expiring", [
    { id: "expiry-again", title: "Read the certificates again", group, keys: "F5", run: () => void refetch() },
    { id: "expiry-watch", title: "Watch a file or folder", group, run: () => setTask("watch") },
    { id: "expiry-calendar", title: "Save the ends as a calendar", group, run: () => setTask("calendar") },
  ]);
  return (
    <div className="work-body expiring">
      <div className="bar-row">
        <input
          className="input"
          type="search"
          aria-label="Filter certificates"
          placeholder="Filter: subject, issuer, place"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
        <span className="bar-actions">
          <Button onPress={() => setTask("watch")}>Watch a file or folder…</Button>
          <Button onPress={() => setTask("calendar")} disabled={!data || data.entries.length === 0}>
            Save as calendar…
          </Button>
          <Button onPress={() => void refetch()} disabled={isFetching}>
            Read again
          </Button>
        </span>
      </div>
      {error ? <ErrorNotice error={error.data} /> : null}
      {data ? (
        <Overview overview={data} filter={filter} onWatch={() => setTask("watch")} />
      ) : error ? null : (
        <p className="muted">
          Reading tokens and files <Elapsed />
        </p>
      )}
      {task === "watch" ? <WatchDialog onClose={() => setTask(null)} /> : null}
      {task === "calendar" ? <CalendarDialog onClose={() => setTask(null)} /> : null}
    </div>
  );
};

const fits = ({ subject, issuer, serialNumber, places }: ExpiryEntry, words: string[]): boolean => {
  const text = `${subject} ${issuer} ${serialNumber} ${JSON.stringify(places)}`.toLowerCase();
  return words.every((word) => text.includes(word));
};

const Overview = (properties: { overview: Output<"expiry.overview">; filter: string; onWatch(): void }) => {
  const { overview, filter, onWatch } = properties;
  const { entries, sources } = overview;
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = words.length === 0 ? entries : entries.filter((entry) => fits(entry, words));
  return (
    <>
      <p className="expiry-summary" role="status">
        {summaryWords(entries)}
      </p>
      <WarningDays days={overview.warningDays} />
      {entries.length === 0 ? (
        <Empty title="No certificates yet" actions={<Button onPress={onWatch}>Watch a file or folder…</Button>}>
          <p>Certificates of every token that is plugged in are shown here by the day on which they end.</p>
        </Empty>
      ) : (
        <ExpiryTable entries={shown} />
      )}
      {entries.length > 0 && shown.length === 0 ? <p className="muted">None fits the filter.</p> : null}
      <Sources sources={sources} />
    </>
  );
};

const summaryWords = (entries: ExpiryEntry[]): string => {
  const count = (...severities: ExpiryEntry["severity"][]) =>
    entries.filter(({ severity }) => severities.includes(severity)).length;
  const parts: [number, string][] = [
    [count("expired"), "expired"],
    [count("urgent", "soon"), "expiring soon"],
  ];
  const told = parts.filter(([number]) => number > 0).map(([number, words]) => `${number} ${words}`);
  return [countWords(entries.length, "certificate"), ...told].join(", ");
};

/** What was looked into, and what of it could not be read. Files can be taken out again. */
const Sources = ({ sources }: { sources: ExpirySource[] }) => {
  const unwatch = useAction("expiry.unwatch", () => {});
  return (
    <section className="section">
      <h2>Looked into</h2>
      {sources.length === 0 ? <p className="muted">No module runs, and no file is watched.</p> : null}
      <ul className="expiry-sources">
        {sources.map(({ kind, name, certificates, problems }) => (
          <li key={`${kind} ${name}`}>
            <span>
              <span className="muted">{kind}</span> <span className={kind === "token" ? "" : "mono"}>{name}</span>
            </span>
            <span className="muted">{countWords(certificates, "certificate")}</span>
            {kind === "token" ? null : (
              <Button small label={`Stop watching ${name}`} onPress={() => unwatch.run({ path: name })}>
                Remove
              </Button>
            )}
            {problems.length > 0 ? (
              <Notice look="warn" title={`${countWords(problems.length, "thing")} could not be read`}>
                {problems.slice(0, 5).map(({ where, message }) => (
                  <p key={where}>
                    {where === name ? "" : `${where}: `}
                    {message}
                  </p>
                ))}
                {problems.length > 5 ? <p>and {problems.length - 5} more.</p> : null}
              </Notice>
            ) : null}
          </li>
        ))}
      </ul>
      {unwatch.error ? <ErrorNotice error={unwatch.error} /> : null}
    </section>
  );
};
