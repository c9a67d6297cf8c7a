import { useState } from "react";
import type { RecordingState } from "../../preload/contract/recording.ts";
import { useRequest } from "../client/queries.ts";
import { useActions } from "../frame/actions.tsx";
import { openTrace } from "../trace/opened.ts";
import { Button } from "../ui/Button.tsx";
import { Badge, ErrorNotice, Notice } from "../ui/notices.tsx";
import { useAction } from "../ui/useAction.ts";
import { levels, levelWords } from "./levels.ts";
import { StartDialog } from "./StartDialog.tsx";
import { clock } from "./times.ts";
import { tookState } from "./useRecording.ts";

/** Recording of what Tokenglass itself does with the tokens: whether, of which modules, at which level. */
export const OwnModules = ({ state }: { state: RecordingState }) => {
  const [starting, setStarting] = useState(false);
  const { data: kept } = useRequest("modules.list", {});
  const stop = useAction("recording.stop", tookState);
  const nameOf = (id: string) => kept?.modules.find((module) => module.id === id)?.name ?? id;
  const on = state.modules.length > 0;
  useActions("recording-own", [
    {
      id: "recording-start",
      title: on ? "Record more modules, or at another level" : "Record the calls of this app",
      group: "Recording",
      disabled: !state.available,
      why: state.whyNot,
      run: () => setStarting(true),
    },
    {
      id: "recording-stop",
      title: "Stop recording",
      group: "Recording",
      disabled: !on,
      why: "Nothing is recorded now.",
      run: () => stop.run({}),
    },
  ]);
  return (
    <section className="section" aria-labelledby="recording-own">
      <div className="section-head">
        <h2 id="recording-own">This app</h2>
        {on ? (
          <Badge look="accent">recording, {levelWords(state.level)}</Badge>
        ) : (
          <span className="muted">not recorded</span>
        )}
      </div>
      {on ? (
        <>
          <p className="muted">
            {levels[state.level]?.shows}
            {state.levelUntil ? ` Until ${clock(state.levelUntil)}.` : ""}
          </p>
          <ul className="recorded-modules">
            {state.modules.map((id) => (
              <li key={id}>
                <span className="truncate">{nameOf(id)}</span>
                <Button
                  small
                  look="quiet"
                  disabled={stop.busy}
                  label={`Stop recording ${nameOf(id)}`}
                  onPress={() => stop.run({ modules: [id] })}
                >
                  Stop
                </Button>
              </li>
            ))}
          </ul>
        </>
      ) : (
        <p className="muted">
          See each PKCS#11 call that Tokenglass makes: what a token is asked, what it answers, and how long it takes.
        </p>
      )}
      {state.available ? null : (
        <Notice look="warn" title="Calls cannot be recorded here">
          <p>{state.whyNot}</p>
        </Notice>
      )}
      {state.failed.map(({ module, why }) => (
        <Notice key={module} look="warn" title={`${nameOf(module)} runs without being recorded`}>
          <p>{why}</p>
        </Notice>
      ))}
      {stop.error ? <ErrorNotice error={stop.error} /> : null}
      <div className="badges">
        {on ? (
          <>
            <Button look="primary" onPress={() => void openTrace({ live: true }, "Live")}>
              Watch live
            </Button>
            <Button onPress={() => stop.run({})} disabled={stop.busy}>
              {stop.busy ? "Stopping…" : "Stop recording"}
            </Button>
            <Button onPress={() => setStarting(true)}>Change…</Button>
          </>
        ) : (
          <Button look="primary" onPress={() => setStarting(true)} disabled={!state.available}>
            Record this app…
          </Button>
        )}
      </div>
      {starting ? <StartDialog state={state} onClose={() => setStarting(false)} /> : null}
    </section>
  );
};
