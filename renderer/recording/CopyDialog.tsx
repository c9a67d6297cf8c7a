import { useState } from "react";
import type { SpyCopy } from "../../preload/contract/recording.ts";
import { useRequest } from "../client/queries.ts";
import { CommandLine } from "../ui/CommandLine.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { Select, TextField } from "../ui/fields.tsx";
import { useAction } from "../ui/useAction.ts";
import { LevelFields } from "./LevelFields.tsx";

const other = "another library";

/** Makes a library that a program is given in place of its module: it records, and hands each call on to the module. */
export const CopyDialog = ({ onClose }: { onClose(): void }) => {
  const { data } = useRequest("modules.list", {});
  const modules = data?.modules ?? [];
  const [chosen, setChosen] = useState<string | null>(null);
  const [path, setPath] = useState("");
  const [level, setLevel] = useState(0);
  const [made, setMade] = useState<SpyCopy | null>(null);
  const make = useAction("recording.copy", setMade);
  const module = chosen ?? modules[0]?.id ?? other;
  const wanted = module === other ? path.trim() : module;
  if (made)
    return (
      <Dialog title={`Recording library for ${made.name}`} onClose={onClose}>
        <p>Give a program this path where it names the module. Its calls are recorded from its next start on.</p>
        <CommandLine text={made.library} what="Path" word="Copy path" label="Copy path" autoFocus />
        <dl className="facts">
          <dt>In place of</dt>
          <dd className="mono">{made.path}</dd>
        </dl>
      </Dialog>
    );
  return (
    <Dialog
      title="Make a recording library"
      action="Make"
      actionDisabled={wanted === ""}
      onAction={() => make.run({ module: wanted, level })}
      onClose={onClose}
      busy={make.busy}
      error={make.error}
    >
      <Select
        label="For the module"
        value={module}
        choices={[
          ...modules.map(({ id, name, path }) => ({ value: id, title: name, description: path })),
          { value: other, title: "Another library…" },
        ]}
        onChange={setChosen}
      />
      {module === other ? (
        <TextField
          label="Path of the library"
          value={path}
          onChange={setPath}
          mono
          autoFocus
          placeholder="/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so"
        />
      ) : null}
      <LevelFields level={level} onLevel={setLevel} />
      {level === 2 ? <p className="muted">One hour from now on it falls back to level 1 by itself.</p> : null}
    </Dialog>
  );
};
