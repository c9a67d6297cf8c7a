import { useDeferredValue, useMemo, useRef, useState } from "react";
import type { TokenRow } from "../../preload/contract/tokens.ts";
import { RunningGenerations } from "../keys/RunningGenerations.tsx";
import { ErrorHelp } from "../ui/error-help.ts";
import { useDrop } from "../ui/useDrop.ts";
import { useNow } from "../ui/useNow.ts";
import { usePaste } from "../ui/usePaste.ts";
import { Inspector } from "./Inspector.tsx";
import { ListingState } from "./ListingState.tsx";
import { loginHelp } from "./LoginHelp.tsx";
import { NoObjects } from "./NoObjects.tsx";
import { ObjectDialogs } from "./ObjectDialogs.tsx";
import { ObjectsBar, type View } from "./ObjectsBar.tsx";
import { ObjectTable } from "./ObjectTable.tsx";
import { filterRows, groupItems, plainItems, type Sorting, sortRows } from "./rows.ts";
import { many, noSelection } from "./selection.ts";
import { useObjectActions } from "./useObjectActions.ts";
import { useObjects } from "./useObjects.ts";
import { useTasks } from "./useTasks.ts";
import { useTrusting } from "./useTrusting.ts";
import { useViewing } from "./useViewing.ts";
import { WayToLogin } from "./WayToLogin.tsx";

/** The objects of a token: table, inspector, and everything that can be done with them. */
export const ObjectsTab = ({ module, token }: { module: string; token: TokenRow }) => {
  const { listing, reading, refresh } = useObjects(module, token);
  const [view, setView] = useState<View>({ text: "", classes: new Set(), grouped: false });
  const [sorting, setSorting] = useState<Sorting>({ column: "class", descending: false });
  const [selection, setSelection] = useState(noSelection);
  const [inspecting, setInspecting] = useState(true);
  const now = useNow(listing);
  const tasks = useTasks(module, token);
  const root = useRef<HTMLDivElement>(null);
  const filter = useRef<HTMLInputElement>(null);
  const focusTable = () => root.current?.querySelector<HTMLElement>('[role="grid"]')?.focus();

  const text = useDeferredValue(view.text);
  const shown = useMemo(
    () => sortRows(filterRows(listing.rows, text, view.classes), sorting),
    [listing.rows, text, view.classes, sorting],
  );
  const items = useMemo(
    () => (view.grouped ? groupItems(shown, listing.rows, listing.privateIncluded) : plainItems(shown)),
    [shown, view.grouped, listing],
  );
  const chosen = useMemo(
    () => (selection.chosen.size === 0 ? [] : shown.filter(({ handle }) => selection.chosen.has(handle))),
    [shown, selection.chosen],
  );

  const viewing = useViewing({ module, token: token.ref });
  const trusting = useTrusting({ module, token: token.ref });
  const openInspector = () => {
    setInspecting(true);
    // It is on screen after the next paint.
    requestAnimationFrame(() => root.current?.querySelector<HTMLElement>(".inspector")?.focus());
  };
  useObjectActions({
    chosen,
    writeProtected: token.writeProtected,
    inspecting,
    grouped: view.grouped,
    onTask: tasks.start,
    onView: viewing,
    onTrust: trusting,
    onRefresh: refresh,
    onFilter: () => filter.current?.focus(),
    onInspect: () => setInspecting(!inspecting),
    onGroup: () => setView({ ...view, grouped: !view.grouped }),
  });
  const drop = useDrop((files) => tasks.start({ kind: "import", files }));
  usePaste((pasted) => {
    const text = pasted.getData("text/plain");
    const reply = /BEGIN [A-Z0-9 #]*(CERTIFICATE|PKCS|CMS)/.test(text);
    if (reply) tasks.start({ kind: "reply", files: [], text });
    return reply;
  }, token.writeProtected);
  const empty = listing.complete && listing.rows.length === 0;

  return (
    <ErrorHelp value={loginHelp(token, tasks.login)}>
      <section className={`objects ${drop.over ? "drop" : ""}`} aria-label="Objects" ref={root} {...drop.handlers}>
        <ObjectsBar
          rows={listing.rows}
          view={view}
          onView={setView}
          filter={filter}
          onFilterLeft={focusTable}
          onTask={tasks.start}
          onRefresh={refresh}
          writeProtected={token.writeProtected}
        />
        <RunningGenerations module={module} token={token.ref} onShow={() => tasks.start({ kind: "generate" })} />
        <ListingState
          listing={listing}
          reading={reading}
          shown={shown.length}
          chosen={chosen.length}
          token={token}
          onLogin={tasks.login}
          onRefresh={refresh}
        />
        <div className="objects-main">
          {empty ? (
            <NoObjects token={token} onTask={tasks.start} onLogin={tasks.login} />
          ) : (
            <div className="table-side">
              <ObjectTable
                items={items}
                selection={selection}
                onSelection={setSelection}
                sorting={sorting}
                onSorting={setSorting}
                onOpen={openInspector}
                busy={reading}
                now={now}
              />
              {shown.length === 0 && listing.rows.length > 0 ? (
                <p className="no-match muted">
                  None of the {listing.rows.length.toLocaleString("en")} objects fits the filter. Escape clears it.
                </p>
              ) : null}
            </div>
          )}
          {empty ? null : (
            <Inspector
              address={{ module, token: token.ref }}
              rows={chosen}
              writeProtected={token.writeProtected}
              open={inspecting}
              onOpen={setInspecting}
              onTask={tasks.start}
              onLeave={focusTable}
            />
          )}
        </div>
        {tasks.task ? (
          <ObjectDialogs
            task={tasks.task}
            address={{ module, token: token.ref }}
            tokenRow={token}
            rows={listing.rows}
            onDone={(handles) => setSelection(handles.length > 0 ? many(handles) : noSelection)}
            onTask={tasks.start}
            onLogin={tasks.login}
            onClose={tasks.end}
          />
        ) : null}
        <WayToLogin module={module} token={token} tasks={tasks} />
      </section>
    </ErrorHelp>
  );
};
