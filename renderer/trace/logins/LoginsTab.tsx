import { useRequest } from "../../client/queries.ts";
import { ErrorNotice } from "../../ui/notices.tsx";
import type { OpenedTrace } from "../opened.ts";

/** Every login, logout and PIN change. */
export const LoginsTab = ({ trace }: { trace: OpenedTrace }) => {
  const { data, error } = useRequest("trace.logins", { trace: trace.id });
  return (
    <div className="work-body">
      {error ? <ErrorNotice error={error.data} /> : null}
      {data ? <p>{data.events.length} logins</p> : null}
    </div>
  );
};
