import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useState } from "react";
import type { Output } from "../../../preload/contract/index.ts";
import { call, type RequestError } from "../../client/call.ts";
import { Button } from "../../ui/Button.tsx";
import { ErrorNotice } from "../../ui/notices.tsx";
import type { OpenedTrace } from "../opened.ts";
import { CallDetail } from "./CallDetail.tsx";
import "./detail.css";

/** Beside the list (below it in a narrow window): all about the chosen row. Escape goes back to the list. */
export const CallPane = ({ trace, onLeave }: { trace: OpenedTrace; onLeave(): void }) => {
  const { id, row, rowIn, progress } = trace;
  const [open, setOpen] = useState(true);
  const { data, error, isPlaceholderData } = useQuery<Output<"trace.call">, RequestError>({
    queryKey: ["trace.call", id, row, rowIn],
    queryFn: () => call("trace.call", { trace: id, row: row ?? 0 }),
    // Rows have moved: which number it has now is asked first.
    enabled: row !== null && open && rowIn === progress.generation,
    placeholderData: keepPreviousData,
    // Details of millions of rows are not kept.
    gcTime: 30_000,
  });
  if (!open)
    return (
      <div className="inspector-closed">
        <Button look="quiet" small label="Open the details" onPress={() => setOpen(true)}>
          ‹
        </Button>
      </div>
    );
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Escape") onLeave();
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and Enter in the list leads here
    <aside className="call-pane" aria-label="Details" aria-busy={isPlaceholderData} tabIndex={0} onKeyDown={onKey}>
      <div className="inspector-close">
        <Button look="quiet" small label="Close the details" onPress={() => setOpen(false)}>
          ›
        </Button>
      </div>
      {row === null ? (
        <p className="muted pane-none">
          Choose a row to see its arguments, what its return code means here, and its bytes.
        </p>
      ) : error ? (
        <div className="pane-none">
          <ErrorNotice error={error.data} />
        </div>
      ) : data ? (
        <CallDetail key={data.call.row} trace={trace} data={data} />
      ) : null}
    </aside>
  );
};
