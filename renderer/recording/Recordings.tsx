import { ErrorNotice } from "../ui/notices.tsx";
import { OtherPrograms } from "./OtherPrograms.tsx";
import { OwnModules } from "./OwnModules.tsx";
import { RecordingTable } from "./RecordingTable.tsx";
import { Runs } from "./Runs.tsx";
import { useFreshRecordings, useRecordingState } from "./useRecording.ts";
import "./recording.css";

/** Recording controls, programs, and the list of recordings; opens one with `openTrace`. */
export const Recordings = () => {
  useFreshRecordings();
  const { data: state, error } = useRecordingState();
  return (
    <>
      {error ? <ErrorNotice error={error.data} /> : null}
      {state ? (
        <div className="columns">
          <OwnModules state={state} />
          <OtherPrograms state={state} />
        </div>
      ) : null}
      <Runs />
      <RecordingTable state={state} />
    </>
  );
};
