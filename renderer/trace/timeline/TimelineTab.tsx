import type { OpenedTrace } from "../opened.ts";

export const TimelineTab = ({ trace }: { trace: OpenedTrace }) => (
  <div className="work-body">{trace.progress.rows} rows</div>
);
