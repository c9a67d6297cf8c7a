import type { ReactNode } from "react";
import { Button } from "../ui/Button.tsx";
import { closeTrace, showTrace, useTraces } from "./opened.ts";

/** Recordings first, then each opened trace; below them, what is in front. */
export const TraceTabs = ({ children }: { children: ReactNode }) => {
  const { traces, front } = useTraces();
  if (traces.length === 0) return children;
  return (
    <>
      <nav className="trace-tabs" aria-label="Opened traces">
        <Place title="Recordings" here={front === null} onGo={() => showTrace(null)} />
        {traces.map(({ id, title }) => (
          <span key={id} className="trace-place">
            <Place title={title} here={id === front} onGo={() => showTrace(id)} />
            <Button look="quiet" small label={`Close ${title}`} onPress={() => closeTrace(id)}>
              ✕
            </Button>
          </span>
        ))}
      </nav>
      {children}
    </>
  );
};

const Place = ({ title, here, onGo }: { title: string; here: boolean; onGo(): void }) => (
  <button type="button" className="tab" aria-current={here ? "page" : undefined} title={title} onClick={onGo}>
    <span className="truncate">{title}</span>
  </button>
);
