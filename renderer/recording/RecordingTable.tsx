import { useState } from "react";
import type { RecordingFile, RecordingState } from "../../preload/contract/recording.ts";
import { useActions } from "../frame/actions.tsx";
import { openTrace } from "../trace/opened.ts";
import { Button } from "../ui/Button.tsx";
import { Elapsed } from "../ui/Elapsed.tsx";
import { ErrorNotice } from "../ui/notices.tsx";
import { ShowMore } from "../ui/ShowMore.tsx";
import { countWords, sizeWords } from "../ui/words.ts";
import { DeleteRecordings } from "./DeleteRecordings.tsx";
import { programName } from "./program.ts";
import { RecordingLine } from "./RecordingLine.tsx";
import { RetentionDialog } from "./RetentionDialog.tsx";
import { useRecordings } from "./useRecording.ts";

/** Lines that are shown at once; more on request. */
const portion = 200;

const open = (files: readonly RecordingFile[]): void => {
  const [first] = files;
  if (!first) return;
  const title = files.length === 1 ? programName(first) : `${programName(first)} and ${files.length - 1} more`;
  void openTrace({ recordings: files.map(({ name }) => name), live: files.some(({ running }) => running) }, title);
};

/** Every recording: which program, when, how much; to be opened, alone or together, and deleted. */
export const RecordingTable = ({ state }: { state: RecordingState | undefined }) => {
  const { data, error } = useRecordings();
  const [chosenNames, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [limit, setLimit] = useState(portion);
  const [dialog, setDialog] = useState<"delete" | "retention" | null>(null);
  const all = data?.recordings ?? [];
  const chosen = all.filter(({ name }) => chosenNames.has(name));
  const none = chosen.length === 0;
  useActions("recordings", [
    {
      id: "recordings-open",
      title: "Open the chosen recordings",
      group: "Recording",
      disabled: none,
      why: pick,
      run: () => open(chosen),
    },
    {
      id: "recordings-delete",
      title: "Delete the chosen recordings",
      group: "Recording",
      disabled: none,
      why: pick,
      run: () => setDialog("delete"),
    },
  ]);
  const choose = (names: readonly string[], on: boolean) => {
    const next = new Set(chosenNames);
    for (const name of names) on ? next.add(name) : next.delete(name);
    setChosen(next);
  };
  return (
    <section className="section" aria-labelledby="recordings">
      <div className="section-head">
        <h2 id="recordings">Recordings</h2>
        {data && all.length > 0 ? (
          <span className="muted">
            {countWords(all.length, "recording")}, {sizeWords(data.totalBytes)}
          </span>
        ) : null}
        <span className="spring" />
        {none ? null : (
          <>
            <Button small look="primary" onPress={() => open(chosen)}>
              {chosen.length === 1 ? "Open" : `Open ${chosen.length} together`}
            </Button>
            <Button small onPress={() => setDialog("delete")}>
              Delete…
            </Button>
          </>
        )}
        {state ? (
          <Button small look="quiet" onPress={() => setDialog("retention")}>
            Kept {countWords(state.retention.days, "day")}…
          </Button>
        ) : null}
      </div>
      {error ? <ErrorNotice error={error.data} /> : null}
      {!data && !error ? (
        <p className="muted">
          Reading the trace folder <Elapsed />
        </p>
      ) : null}
      {data && all.length === 0 ? (
        <p className="muted">
          Nothing has been recorded yet. Record this app or run a command above; each process gets a recording of its
          own here. Logs of other tools are opened with "Open a log…".
        </p>
      ) : null}
      {all.length > 0 ? (
        <table className="plain-table recordings">
          <thead>
            <tr>
              <th scope="col" className="check">
                <input
                  type="checkbox"
                  aria-label="Choose all recordings"
                  checked={chosen.length === all.length}
                  ref={(box) => {
                    if (box) box.indeterminate = !none && chosen.length < all.length;
                  }}
                  onChange={(event) =>
                    choose(
                      all.map(({ name }) => name),
                      event.target.checked,
                    )
                  }
                />
              </th>
              <th scope="col">Program</th>
              <th scope="col">Module</th>
              <th scope="col" className="level">
                Level
              </th>
              <th scope="col" className="number">
                Size
              </th>
              <th scope="col">Began</th>
            </tr>
          </thead>
          <tbody>
            {all.slice(0, limit).map((file) => (
              <RecordingLine
                key={file.name}
                file={file}
                chosen={chosenNames.has(file.name)}
                onChoose={(on) => choose([file.name], on)}
                onOpen={() => open([file])}
              />
            ))}
          </tbody>
        </table>
      ) : null}
      <ShowMore all={all.length} limit={limit} portion={portion} onLimit={setLimit} />
      {dialog === "delete" ? <DeleteRecordings files={chosen} onClose={() => setDialog(null)} /> : null}
      {dialog === "retention" && state ? <RetentionDialog state={state} onClose={() => setDialog(null)} /> : null}
    </section>
  );
};

const pick = "Choose recordings in the list first.";
