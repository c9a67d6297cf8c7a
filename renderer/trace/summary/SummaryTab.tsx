import { useRequest } from "../../client/queries.ts";
import { ErrorNotice } from "../../ui/notices.tsx";
import type { OpenedTrace } from "../opened.ts";

/** Programs, functions, return codes, findings. */
export const SummaryTab = ({ trace }: { trace: OpenedTrace }) => {
  const { data, error } = useRequest("trace.statistics", { trace: trace.id });
  return (
    <div className="work-body">
      {error ? <ErrorNotice error={error.data} /> : null}
      {data ? <p>{data.functions.length} functions</p> : null}
    </div>
  );
};
