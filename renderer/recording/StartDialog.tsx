import { useState } from "react";
import type { RecordingState } from "../../preload/contract/recording.ts";
import { useSlots } from "../tokens/useSlots.ts";
import { tokenTitle } from "../tokens/words.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { Checkbox, Select } from "../ui/fields.tsx";
import { Notice } from "../ui/notices.tsx";
import { toast } from "../ui/toasts.tsx";
import { useAction } from "../ui/useAction.ts";
import { LevelFields } from "./LevelFields.tsx";
import { tookState } from "./useRecording.ts";

/** Which modules are recorded at which level; says whose process starts again and which logins end. */
export const StartDialog = ({ state, onClose }: { state: RecordingState; onClose(): void }) => {
  const modules = useSlots() ?? [];
  const recorded = new Set(state.modules);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [level, setLevel] = useState<number>(state.level);
  const [minutes, setMinutes] = useState(15);
  const start = useAction("recording.start", (changed) => {
    tookState(changed);
    toast({ title: "Recording", text: "Calls appear in the trace as they are made.", look: "good" });
    onClose();
  });
  const chosen = modules.filter(({ module }) => recorded.has(module.id) || !left.has(module.id));
  const running = chosen.filter(({ module }) => module.state === "ready" || module.state === "starting");
  const logins = running.flatMap(({ slots }) =>
    (slots ?? []).flatMap(({ token }) => (token && token.login !== "none" ? [tokenTitle(token)] : [])),
  );
  const names = running.map(({ module }) => module.name).join(", ");
  return (
    <Dialog
      title={recorded.size > 0 ? "Change what is recorded" : "Record this app's calls"}
      action={recorded.size > 0 ? "Change" : "Start recording"}
      actionDisabled={chosen.length === 0}
      onAction={() =>
        start.run({
          ...(chosen.length < modules.length && { modules: chosen.map(({ module }) => module.id) }),
          level,
          minutes,
        })
      }
      onClose={onClose}
      busy={start.busy}
      busyText="Modules start again"
      error={start.error}
    >
      <fieldset className="field check-list">
        <legend>Modules</legend>
        {modules.map(({ module }) => (
          <Checkbox
            key={module.id}
            label={module.name}
            hint={recorded.has(module.id) ? "is recorded" : module.state === "ready" ? "" : module.state}
            value={recorded.has(module.id) || !left.has(module.id)}
            disabled={recorded.has(module.id)}
            onChange={(on) => setLeft(on ? without(left, module.id) : new Set([...left, module.id]))}
          />
        ))}
      </fieldset>
      <LevelFields level={level} onLevel={setLevel} />
      {level === 2 ? (
        <Select
          label="For how long"
          value={String(minutes)}
          choices={[5, 15, 60].map((many) => ({ value: String(many), title: `${many} minutes` }))}
          onChange={(value) => setMinutes(Number(value))}
        />
      ) : null}
      {running.length > 0 ? (
        <Notice
          look={logins.length > 0 ? "warn" : undefined}
          title={logins.length > 0 ? `Logins end: ${logins.join(", ")}` : undefined}
        >
          <p>
            {names} {running.length === 1 ? "starts" : "start"} again, with the recorder in front.
            {logins.length > 0
              ? " Log in again afterwards; objects that were not kept on the token are lost."
              : " Nobody is logged in."}
          </p>
        </Notice>
      ) : null}
    </Dialog>
  );
};

const without = (all: ReadonlySet<string>, one: string): ReadonlySet<string> =>
  new Set([...all].filter((other) => other !== one));
