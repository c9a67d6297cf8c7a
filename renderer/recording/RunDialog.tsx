import { useDeferredValue, useState } from "react";
import { useFreshRequest } from "../client/queries.ts";
import { CommandLine } from "../ui/CommandLine.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { TextField } from "../ui/fields.tsx";
import { Notice } from "../ui/notices.tsx";
import { useAction } from "../ui/useAction.ts";
import { LevelFields } from "./LevelFields.tsx";
import { splitCommand } from "./split-command.ts";

/** The last command, as long as the window is open: it is often run once more. Never one with a PIN in it. */
let lastCommand = "";

/** Runs a command with its calls recorded; says first whether that is possible, and what everybody could read. */
export const RunDialog = ({ onClose }: { onClose(): void }) => {
  const [line, setLine] = useState(lastCommand);
  const [folder, setFolder] = useState("");
  const [level, setLevel] = useState(0);
  const { words, problem, unfinished = false } = splitCommand(line);
  const asked = useDeferredValue(words.length > 0 && !unfinished ? JSON.stringify(words) : null);
  // Forgotten with the dialog: somebody may type a PIN in it.
  const { data: plan } = useFreshRequest("recording.plan", asked === null ? null : { command: JSON.parse(asked) });
  const run = useAction("recording.run", onClose);
  const nothing = words.length === 0;
  return (
    <Dialog
      title="Run a command"
      action={plan && !plan.possible && plan.program !== null ? "Run without recording" : "Run"}
      actionDisabled={nothing || unfinished || plan?.program === null}
      onAction={() => {
        lastCommand = plan?.warnings.length === 0 && asked === JSON.stringify(words) ? line : "";
        run.run({ command: words, level, ...(folder.trim() !== "" && { folder: folder.trim() }) });
      }}
      onClose={onClose}
      busy={run.busy}
      busyText="Starting"
      error={run.error}
      wide
    >
      <TextField
        label="Command"
        value={line}
        onChange={setLine}
        mono
        autoFocus
        placeholder="pkcs11-tool --list-slots"
        hint="Program and arguments; quotes as in a shell, but no shell: no pipes, no variables. Leave PINs out: a program that asks on a terminal cannot be answered here, one that reads a variable can (--pin env:NAME)."
        problem={unfinished ? problem : null}
      />
      {problem && !unfinished ? (
        <Notice look="warn">
          <p>{problem}</p>
        </Notice>
      ) : null}
      {plan?.warnings.map((warning) => (
        <Notice key={warning} look="warn" title="A PIN or password is in the command">
          <p>{warning}</p>
        </Notice>
      ))}
      {plan && !plan.possible && !nothing ? (
        <Notice look="warn" title={plan.program === null ? "This cannot be run" : "This cannot be recorded"}>
          <p>{plan.why}</p>
        </Notice>
      ) : null}
      <TextField label="Working folder" value={folder} onChange={setFolder} mono placeholder="your home folder" />
      <LevelFields level={level} onLevel={setLevel} />
      {plan?.possible && !nothing ? (
        <div className="terminal-line">
          <p>The same in a terminal, where the program can ask you</p>
          <CommandLine text={plan.terminal} />
        </div>
      ) : null}
    </Dialog>
  );
};
