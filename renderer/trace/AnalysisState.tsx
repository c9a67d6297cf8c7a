import type { RequestError } from "../client/call.ts";
import { Elapsed } from "../ui/Elapsed.tsx";
import { ErrorNotice } from "../ui/notices.tsx";
import { countWords } from "../ui/words.ts";
import type { OpenedTrace } from "./opened.ts";

/** Above an analysis: that it is not there yet, failed, or is of a part of the rows only. */
export const AnalysisState = ({
  trace: { progress },
  answer: { data, error },
}: {
  trace: OpenedTrace;
  answer: { data: unknown; error: RequestError | null };
}) => (
  <>
    {error ? <ErrorNotice error={error.data} /> : null}
    {!data && !error ? (
      <p className="muted" role="status">
        Going through {countWords(progress.rows, "row")} <Elapsed />
      </p>
    ) : null}
    {data && (progress.state === "indexing" || progress.state === "cancelled") ? (
      <p className="muted" role="status">
        {progress.state === "indexing"
          ? "The log is still being read: this is of its beginning, and grows."
          : `Reading was stopped: this is of the first ${countWords(progress.rows, "row")}.`}
      </p>
    ) : null}
  </>
);
