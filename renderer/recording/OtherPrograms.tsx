import { useState } from "react";
import type { RecordingState, SpyCopy } from "../../preload/contract/recording.ts";
import { useActions } from "../frame/actions.tsx";
import { Button } from "../ui/Button.tsx";
import { CommandLine } from "../ui/CommandLine.tsx";
import { Badge, ErrorNotice } from "../ui/notices.tsx";
import { useAction } from "../ui/useAction.ts";
import { CopyDialog } from "./CopyDialog.tsx";
import { levelWords } from "./levels.ts";
import { RunDialog } from "./RunDialog.tsx";
import { tookState } from "./useRecording.ts";

/** Ways to record any other program: run it here, a line for a terminal, a library to give it in place of a module. */
export const OtherPrograms = ({ state }: { state: RecordingState }) => {
  const [dialog, setDialog] = useState<"run" | "copy" | null>(null);
  useActions("recording-others", [
    {
      id: "recording-run",
      title: "Run a command and record it",
      group: "Recording",
      disabled: !state.available,
      why: state.whyNot,
      run: () => setDialog("run"),
    },
    {
      id: "recording-copy",
      title: "Make a recording library for another program",
      group: "Recording",
      disabled: !state.available,
      why: state.whyNot,
      run: () => setDialog("copy"),
    },
  ]);
  return (
    <section className="section" aria-labelledby="recording-others">
      <div className="section-head">
        <h2 id="recording-others">Other programs</h2>
      </div>
      <p className="muted">
        Run a command from here and whatever PKCS#11 module it loads is recorded; its configuration stays as it is. For
        programs that are started elsewhere, use a line or a library.
      </p>
      <div className="badges">
        <Button look="primary" onPress={() => setDialog("run")} disabled={!state.available}>
          Run a command…
        </Button>
        <Button onPress={() => setDialog("copy")} disabled={!state.available}>
          Make a recording library…
        </Button>
      </div>
      {state.copies.length > 0 ? (
        <ul className="copies" aria-label="Recording libraries">
          {state.copies.map((copy) => (
            <Copy key={copy.library} copy={copy} />
          ))}
        </ul>
      ) : null}
      {state.commands.length > 0 ? (
        <details className="commands">
          <summary>Lines for a terminal</summary>
          {state.commands.map(({ title, command, note }) => (
            <div key={command} className="terminal-line">
              <p>{title}</p>
              <CommandLine text={command} label={`Copy: ${title}`} />
              <p className="muted">{note}</p>
            </div>
          ))}
        </details>
      ) : null}
      {dialog === "run" ? <RunDialog onClose={() => setDialog(null)} /> : null}
      {dialog === "copy" ? <CopyDialog onClose={() => setDialog(null)} /> : null}
    </section>
  );
};

const Copy = ({ copy }: { copy: SpyCopy }) => {
  const remove = useAction("recording.removeCopy", tookState);
  const again = useAction("recording.copy", () => {});
  const error = again.error ?? remove.error;
  return (
    <li>
      <div className="copy-head">
        <span className="truncate" title={copy.path}>
          {copy.name}
        </span>
        <Badge>{levelWords(copy.level)}</Badge>
        {copy.good ? null : <Badge look="danger">broken</Badge>}
        <span className="spring" />
        {copy.good ? null : (
          <Button
            small
            disabled={again.busy}
            label={`Make the library for ${copy.name} again`}
            onPress={() => again.run({ module: copy.path, level: copy.level })}
          >
            Make again
          </Button>
        )}
        <Button
          small
          look="quiet"
          disabled={remove.busy}
          label={`Remove the library for ${copy.name}`}
          onPress={() => remove.run({ library: copy.library })}
        >
          Remove
        </Button>
      </div>
      {copy.good ? (
        <CommandLine
          text={copy.library}
          what="Path"
          word="Copy path"
          label={`Copy the path of the library for ${copy.name}`}
        />
      ) : (
        <p className="problem">{copy.why}</p>
      )}
      {error ? <ErrorNotice error={error} /> : null}
    </li>
  );
};
