import { useRequest } from "../client/queries.ts";

/** What is recorded and how; refreshed by events (client/queries.ts). */
export const useRecordingState = () => useRequest("recording.state", {});

/** Every recording in the trace folder. */
export const useRecordings = () => useRequest("recording.list", {});

/** Programs that were started here. */
export const useRuns = () => useRequest("recording.runs", {});
