import { useEffect } from "react";
import type { RecordingState } from "../../preload/contract/recording.ts";
import { queryClient, useRequest } from "../client/queries.ts";

/** What is recorded and how; refreshed by events (client/queries.ts). */
export const useRecordingState = () => useRequest("recording.state", {});

/** What a request answered is shown at once, before the event about it comes. */
export const tookState = (state: RecordingState): void => {
  queryClient.setQueryData(["recording.state", {}], state);
};

/** Every recording in the trace folder. */
export const useRecordings = () => useRequest("recording.list", {});

/** Programs that were started here. */
export const useRuns = () => useRequest("recording.runs", {});

/** Files may have changed while nobody looked: all is read anew when the screen comes. */
export const useFreshRecordings = (): void => {
  useEffect(() => {
    for (const name of ["recording.state", "recording.list", "recording.runs"])
      void queryClient.invalidateQueries({ queryKey: [name] });
  }, []);
};
