import { useState } from "react";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import { useActions } from "../frame/actions.tsx";
import { CallsTab } from "./calls/CallsTab.tsx";
import { CompareTab } from "./compare/CompareTab.tsx";
import { ExportDialog } from "./export/ExportDialog.tsx";
import { LoginsTab } from "./logins/LoginsTab.tsx";
import { type OpenedTrace, patchTrace, type TraceTab } from "./opened.ts";
import { SummaryTab } from "./summary/SummaryTab.tsx";
import { TraceHead } from "./TraceHead.tsx";
import { TimelineTab } from "./timeline/TimelineTab.tsx";

/** Titles of the tabs, and how the command palette calls what they show. */
const tabWords: Record<TraceTab, { title: string; what: string }> = {
  summary: { title: "Summary", what: "the summary: programs, functions, findings" },
  calls: { title: "Calls", what: "the calls" },
  logins: { title: "Logins", what: "logins and PIN changes" },
  timeline: { title: "Timeline", what: "the timeline" },
  compare: { title: "Compare", what: "a comparison with another trace" },
};

/** One opened trace. */
export const TraceView = ({ trace }: { trace: OpenedTrace }) => {
  const [exporting, setExporting] = useState(false);
  const show = (tab: TraceTab) => patchTrace(trace.id, { tab });
  useActions("trace-tabs", [
    {
      id: "trace-export",
      title: "Export this trace",
      group: "Trace",
      keys: "Ctrl+E",
      run: () => setExporting(true),
    },
    ...Object.entries(tabWords).map(([name, { what }], index) => ({
      id: `trace-tab-${name}`,
      title: `Show ${what}`,
      group: "View",
      keys: `Alt+${index + 1}`,
      run: () => show(name as TraceTab),
    })),
  ]);
  return (
    <>
      <TraceHead trace={trace} onExport={() => setExporting(true)} />
      <Tabs className="tabs" selectedKey={trace.tab} onSelectionChange={(key) => show(key as TraceTab)}>
        <TabList className="tab-list" aria-label="Trace">
          {Object.entries(tabWords).map(([name, { title }]) => (
            <Tab key={name} id={name} className="tab">
              {title}
            </Tab>
          ))}
        </TabList>
        <TabPanel id="summary" className="tab-panel">
          <SummaryTab trace={trace} />
        </TabPanel>
        <TabPanel id="calls" className="tab-panel">
          <CallsTab trace={trace} />
        </TabPanel>
        <TabPanel id="logins" className="tab-panel">
          <LoginsTab trace={trace} />
        </TabPanel>
        <TabPanel id="timeline" className="tab-panel">
          <TimelineTab trace={trace} />
        </TabPanel>
        <TabPanel id="compare" className="tab-panel">
          <CompareTab trace={trace} />
        </TabPanel>
      </Tabs>
      {exporting ? <ExportDialog trace={trace} onClose={() => setExporting(false)} /> : null}
    </>
  );
};
