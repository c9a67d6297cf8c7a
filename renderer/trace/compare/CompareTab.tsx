import type { OpenedTrace } from "../opened.ts";

export const CompareTab = ({ trace }: { trace: OpenedTrace }) => (
  <div className="work-body">{trace.progress.rows} rows</div>
);
