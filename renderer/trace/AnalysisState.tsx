import type { RequestError } from "../client/call.ts";
import { Elapsed } from "../ui/Elapsed.tsx";
import { ErrorNotice } from "../ui/notices.tsx";
import { countWords } from "../ui/words.ts";
import type { OpenedTrace } from "./opened.ts";

/** What an analysis is of while, or because, the log is not read to its end. */
const partly: Partial<Record<OpenedTrace["progress"]["state"], (rows: string) => string>> = {
  indexing: () => "The log is still being read: this is of its beginning, and grows.",
  cancelled: (rows) => `Reading was stopped: this is of the first ${rows}.`,
  failed: (rows) => `Reading failed: this is of the first ${rows}.`,
};

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
    {data && partly[progress.state] ? (
      <p className="muted" role="status">
        {partly[progress.state]?.(countWords(progress.rows, "row"))}
      </p>
    ) : null}
  </>
);
