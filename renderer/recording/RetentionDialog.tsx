import { useState } from "react";
import type { RecordingState } from "../../preload/contract/recording.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { TextField } from "../ui/fields.tsx";
import { useAction } from "../ui/useAction.ts";
import { sizeWords } from "../ui/words.ts";
import { tookState } from "./useRecording.ts";

const within = (text: string, least: number, most: number): number | null => {
  const value = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : null;
};

/** How long and how much is kept. */
export const RetentionDialog = ({ state, onClose }: { state: RecordingState; onClose(): void }) => {
  const [days, setDays] = useState(String(state.retention.days));
  const [megabytes, setMegabytes] = useState(String(state.retention.megabytes));
  const save = useAction("recording.retention", (changed) => {
    tookState(changed);
    onClose();
  });
  const wantedDays = within(days, 1, 3650);
  const wantedMegabytes = within(megabytes, 10, 1_000_000);
  return (
    <Dialog
      title="How long recordings are kept"
      action="Save"
      actionDisabled={wantedDays === null || wantedMegabytes === null}
      onAction={() => {
        if (wantedDays !== null && wantedMegabytes !== null) save.run({ days: wantedDays, megabytes: wantedMegabytes });
      }}
      onClose={onClose}
      busy={save.busy}
      error={save.error}
    >
      <p>
        Older recordings are deleted now, at each start and once an hour; of the rest the oldest first, until they fit.
        What a running process writes stays.
      </p>
      <TextField
        label="Days"
        value={days}
        onChange={setDays}
        problem={wantedDays === null ? "A whole number from 1 to 3,650." : null}
        selected
        autoFocus
      />
      <TextField
        label="Megabytes in all"
        value={megabytes}
        onChange={setMegabytes}
        hint={`Now there are ${sizeWords(state.totalBytes)}.`}
        problem={wantedMegabytes === null ? "A whole number from 10 to 1,000,000." : null}
        selected
      />
      <dl className="facts">
        <dt>Folder</dt>
        <dd className="mono">{state.folder}</dd>
      </dl>
    </Dialog>
  );
};
