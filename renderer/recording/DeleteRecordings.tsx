import { useState } from "react";
import type { Output } from "../../preload/contract/index.ts";
import type { RecordingFile } from "../../preload/contract/recording.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { Notice } from "../ui/notices.tsx";
import { toast } from "../ui/toasts.tsx";
import { useAction } from "../ui/useAction.ts";
import { countWords, sizeWords } from "../ui/words.ts";
import { programName } from "./program.ts";

/** Asks before recordings are deleted; tells which stay, and why. */
export const DeleteRecordings = ({ files, onClose }: { files: readonly RecordingFile[]; onClose(): void }) => {
  // What was chosen when the question was asked, whatever is chosen or gone meanwhile.
  const [asked] = useState(files);
  const [kept, setKept] = useState<Output<"recording.remove">["kept"] | null>(null);
  const remove = useAction("recording.remove", (outcome) => {
    if (outcome.removed.length > 0)
      toast({ title: `${countWords(outcome.removed.length, "recording")} deleted`, look: "good" });
    if (outcome.kept.length > 0) setKept(outcome.kept);
    else onClose();
  });
  const nameOf = (name: string): string => {
    const file = asked.find((one) => one.name === name);
    return file ? `${programName(file)}, process ${file.process}` : name;
  };
  if (kept)
    return (
      <Dialog title={`${countWords(kept.length, "recording")} kept`} onClose={onClose}>
        <ul className="kept">
          {kept.map(({ name, why }) => (
            <li key={name}>
              <strong>{nameOf(name)}</strong> <span className="muted">{why}</span>
            </li>
          ))}
        </ul>
      </Dialog>
    );
  const ended = asked.filter(({ running }) => !running);
  const running = asked.length - ended.length;
  return (
    <Dialog
      title={`Delete ${countWords(ended.length, "recording")}`}
      action="Delete"
      danger
      actionDisabled={ended.length === 0}
      onAction={() => remove.run({ names: ended.map(({ name }) => name) })}
      onClose={onClose}
      busy={remove.busy}
      error={remove.error}
    >
      {ended.length > 0 ? (
        <p>
          {countWords(ended.length, "recording")}, {sizeWords(ended.reduce((sum, { bytes }) => sum + bytes, 0))}, will
          be deleted from the trace folder. They cannot be brought back.
        </p>
      ) : null}
      {running > 0 ? (
        <Notice title={`${countWords(running, "recording")} ${running === 1 ? "stays" : "stay"}`}>
          <p>The process is still running and writes to it. It can be deleted once the process has ended.</p>
        </Notice>
      ) : null}
    </Dialog>
  );
};
