import { useEffect, useRef, useState } from "react";
import type { TraceRow } from "../../../preload/contract/trace.ts";
import { call, errorOf } from "../../client/call.ts";
import { useActions } from "../../frame/actions.tsx";
import { Button } from "../../ui/Button.tsx";
import { ErrorNotice } from "../../ui/notices.tsx";
import { toast } from "../../ui/toasts.tsx";
import { countWords, number } from "../../ui/words.ts";
import { CallPane } from "../detail/CallPane.tsx";
import { type OpenedTrace, patchTrace, showRow } from "../opened.ts";
import { CallList, headHeight, lineHeight } from "./CallList.tsx";
import { nextTimeStyle } from "./CallListHead.tsx";
import { FilterBar } from "./FilterBar.tsx";
import { RowMenu } from "./RowMenu.tsx";
import type { TimeStyle } from "./times.ts";
import { useChosenRow } from "./useChosenRow.ts";
import { useFollowing } from "./useFollowing.ts";
import { useRowPages } from "./useRowPages.ts";
import { useScrolling } from "./useScrolling.ts";
import "./calls.css";

/** List, detail and bytes of the calls. */
export const CallsTab = ({ trace }: { trace: OpenedTrace }) => {
  const listFilter = trace.only ? trace.filter : "";
  const pages = useRowPages(trace, listFilter);
  const scroller = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const [timeStyle, setTimeStyle] = useState<TimeStyle>("clock");
  const [menu, setMenu] = useState<{ row: TraceRow; place: { x: number; y: number } } | null>(null);
  const following = useFollowing(trace.live, pages.matched);
  const scrolling = useScrolling(scroller, pages.matched, lineHeight, headHeight, following.onUser);
  const chosen = useChosenRow(trace, pages, listFilter, (position) => {
    following.pause();
    scrolling.show(position, "middle");
  });

  const { toEnd } = scrolling;
  const end = following.on ? pages.matched : -1;
  useEffect(() => {
    if (end >= 0) toEnd();
  }, [end, toEnd]);

  const step = (what: "error" | "match", backwards: boolean) => {
    const { id, row, filter } = trace;
    call("trace.next", {
      trace: id,
      row: row ?? -1,
      what,
      backwards,
      filter: what === "match" ? filter : listFilter,
    }).then(
      ({ row: next }) => {
        if (next !== null) showRow(id, next);
        else toast({ key: "trace-step", title: `No ${what} ${backwards ? "before" : "after"} this row` });
      },
      (thrown) => toast({ key: "trace-step", title: errorOf(thrown).message }),
    );
  };
  useActions("trace-calls", [
    {
      id: "calls-filter",
      title: "Filter the calls",
      group: "Trace",
      keys: "Ctrl+F",
      run: () => field.current?.select(),
    },
    { id: "calls-error", title: "Next error", group: "Trace", keys: "e", run: () => step("error", false) },
    { id: "calls-error-back", title: "Previous error", group: "Trace", keys: "E", run: () => step("error", true) },
    { id: "calls-match", title: "Next match", group: "Trace", keys: "n", run: () => step("match", false) },
    { id: "calls-match-back", title: "Previous match", group: "Trace", keys: "N", run: () => step("match", true) },
    {
      id: "calls-time",
      title: "Write times another way",
      group: "Trace",
      keys: "t",
      run: () => setTimeStyle(nextTimeStyle(timeStyle)),
    },
    {
      id: "calls-fold",
      title: trace.fold ? "Unfold operations" : "Fold operations",
      group: "Trace",
      keys: "o",
      run: () => patchTrace(trace.id, { fold: !trace.fold }),
    },
    {
      id: "calls-follow",
      title: "Follow new rows",
      group: "Trace",
      keys: "f",
      disabled: !trace.live,
      run: following.resume,
    },
  ]);
  const goList = () => scroller.current?.focus();
  return (
    <div className="calls">
      <FilterBar trace={trace} field={field} onLeave={goList} onStep={step} />
      <div className="calls-main">
        <div className="call-side">
          <CallList
            trace={trace}
            pages={pages}
            scrolling={scrolling}
            scroller={scroller}
            timeStyle={timeStyle}
            onTimeStyle={setTimeStyle}
            at={chosen.at}
            onChoose={(row, position) => {
              following.pause();
              chosen.choose(row.row, position);
            }}
            onGo={(position) => {
              following.pause();
              chosen.go(position);
              scrolling.show(position, "nearest");
            }}
            onOpen={() => document.querySelector<HTMLElement>(".call-pane")?.focus()}
            onMenu={(row, place) => setMenu({ row, place })}
          />
          {pages.error ? (
            <div className="calls-none">
              <ErrorNotice error={errorOf(pages.error)} />
            </div>
          ) : pages.known && pages.matched === 0 ? (
            <p className="calls-none muted">{noneWords(trace, listFilter, pages.searching)}</p>
          ) : null}
          {trace.live && !following.on ? (
            <p className="follow">
              {following.missed > 0 ? `${countWords(following.missed, "new row")}` : "Not following"}
              <Button small look="primary" onPress={following.resume}>
                Follow
              </Button>
            </p>
          ) : null}
        </div>
        <CallPane key={trace.id} trace={trace} onLeave={goList} />
      </div>
      <p className="calls-foot muted">
        <span role="status">
          {number(pages.matched)} of {countWords(pages.total, "row")}
          {pages.searching ? ", still searching" : ""}
        </span>
        <span className="spring" />
        <span className="keys-hint">E next error · N next match · T times · O fold · Enter details</span>
      </p>
      {menu ? <RowMenu trace={trace} row={menu.row} place={menu.place} onClose={() => setMenu(null)} /> : null}
    </div>
  );
};

const noneWords = ({ live, progress }: OpenedTrace, filter: string, searching: boolean): string => {
  if (searching) return "Nothing found yet; still searching.";
  if (filter !== "") return "No row passes the filter. Escape in the filter clears it.";
  if (progress.state === "indexing") return "Reading.";
  return live ? "Waiting for the first call of a recorded program." : "There is no call in this log.";
};
