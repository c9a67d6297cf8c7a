import { Tab, TabList, Tabs } from "react-aria-components";
import { Button } from "../ui/Button.tsx";
import { closeTrace, showTrace, useTraces } from "./opened.ts";

const recordings = "recordings";

/** Recordings first, then a tab for each opened trace. */
export const TraceTabs = () => {
  const { traces, front } = useTraces();
  if (traces.length === 0) return null;
  return (
    <div className="trace-tabs">
      <Tabs
        className="trace-tabs-list"
        selectedKey={front ?? recordings}
        onSelectionChange={(key) => showTrace(key === recordings ? null : String(key))}
      >
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
      </Tabs>
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
  );
};
