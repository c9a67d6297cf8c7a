import type { OpenedTrace } from "../opened.ts";

export const CallsTab = ({ trace }: { trace: OpenedTrace }) => (
  <div className="work-body">{trace.progress.rows} rows</div>
);
