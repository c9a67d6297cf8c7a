import type { ReactNode } from "react";
import { Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import { Button } from "../ui/Button.tsx";
import { closeTrace, showTrace, useTraces } from "./opened.ts";

const recordings = "recordings";

/** Recordings first, then a tab for each opened trace; below them, what is in front. */
export const TraceTabs = ({ children }: { children: ReactNode }) => {
  const { traces, front } = useTraces();
  if (traces.length === 0) return children;
  return (
    <Tabs
      className="tabs"
      selectedKey={front ?? recordings}
      onSelectionChange={(key) => showTrace(key === recordings ? null : String(key))}
    >
      <div className="trace-tabs">
        <TabList className="tab-list" aria-label="Opened traces">
          <Tab id={recordings} className="tab">
            Recordings
          </Tab>
          {traces.map(({ id, title }) => (
            <Tab key={id} id={id} className="tab">
              <span className="truncate" title={title}>
                {title}
              </span>
            </Tab>
          ))}
        </TabList>
        {front !== null ? (
          <Button
            look="quiet"
            small
            label={`Close ${traces.find(({ id }) => id === front)?.title ?? "the trace"}`}
            onPress={() => closeTrace(front)}
          >
            ✕
          </Button>
        ) : null}
      </div>
      <TabPanel id={front ?? recordings} className="tab-panel">
        {children}
      </TabPanel>
    </Tabs>
  );
};
