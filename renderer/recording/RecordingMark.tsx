import { useNavigation } from "../frame/place.tsx";
import { Button } from "../ui/Button.tsx";
import { toast } from "../ui/toasts.tsx";
import { useAction } from "../ui/useAction.ts";
import { clock } from "./times.ts";
import { tookState, useRecordingState } from "./useRecording.ts";

/** In the frame, on every screen: that calls of this app are being recorded, and the way to end it. */
export const RecordingMark = () => {
  const { data } = useRecordingState();
  const { go } = useNavigation();
  const stop = useAction("recording.stop", (changed) => {
    tookState(changed);
    toast({ title: "Recording stopped", look: "good" });
  });
  if (!data || data.modules.length === 0) return null;
  return (
    <div className="recording-mark" role="status">
      <button type="button" className="recording-what" onClick={() => go({ kind: "trace" })}>
        <span className="recording-dot" aria-hidden="true" />
        <span className="truncate">
          Recording
          <span className="muted">
            {" "}
            level {data.level}
            {data.levelUntil ? ` until ${clock(data.levelUntil)}` : ""}
          </span>
        </span>
      </button>
      <Button small onPress={() => stop.run({})} disabled={stop.busy} label="Stop recording">
        {stop.busy ? "Stopping…" : "Stop"}
      </Button>
    </div>
  );
};
