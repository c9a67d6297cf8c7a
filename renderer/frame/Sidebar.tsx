import { type FocusEvent, type KeyboardEvent, useState } from "react";
import type { ModuleRow } from "../../preload/contract/modules.ts";
import { RecordingMark } from "../recording/RecordingMark.tsx";
import { useSlots } from "../tokens/useSlots.ts";
import { Button } from "../ui/Button.tsx";
import { useNavigation } from "./place.tsx";
import { samePlace, type TreeItem, treeItems, treeStep } from "./tree.ts";

/** Modules, their slots and tokens: one stop of the Tab key; arrow keys move in it, Enter opens. */
export const Sidebar = ({ onPalette }: { onPalette(): void }) => {
  const { go, place } = useNavigation();
  return (
    <aside className="sidebar">
      <div className="brand">
        <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
          <rect x="2" y="5" width="20" height="14" rx="3" fill="none" stroke="currentColor" strokeWidth="2" />
          <circle cx="8" cy="12" r="2.5" fill="currentColor" />
          <path d="M12 12h7m-2 0v3" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
        </svg>
        <strong>Tokenglass</strong>
        <Button look="quiet" small onPress={onPalette} label="Command palette">
          <kbd>Ctrl+K</kbd>
        </Button>
      </div>
      <nav aria-label="Modules and tokens">
        <Tree />
      </nav>
      <div className="sidebar-places">
        <button
          type="button"
          className="nav-entry"
          aria-current={place.kind === "trace" ? "page" : undefined}
          onClick={() => go({ kind: "trace" })}
        >
          Trace
          <kbd>Ctrl+J</kbd>
        </button>
        <button
          type="button"
          className="nav-entry"
          aria-current={place.kind === "certificates" ? "page" : undefined}
          onClick={() => go({ kind: "certificates" })}
        >
          Certificates
          <kbd>Ctrl+D</kbd>
        </button>
      </div>
      <RecordingMark />
      <div className="sidebar-foot">
        <Button look="quiet" onPress={() => go({ kind: "finder" })}>
          + Add a module
        </Button>
        <Button look="quiet" onPress={() => go({ kind: "settings" })} label="Settings">
          Settings
        </Button>
      </div>
      <p className="visually-hidden" aria-live="polite">
        {place.kind === "token" ? `Token ${place.token.label}` : ""}
      </p>
    </aside>
  );
};

const Tree = () => {
  const { go, place } = useNavigation();
  const items = treeItems(useSlots() ?? []);
  // The item that has the focus; while none has, the Tab key leads to where the user is.
  const [focused, setFocused] = useState<string | null>(null);
  const stop =
    items.find(({ key }) => key === focused) ?? items.find((item) => samePlace(item.place, place)) ?? items[0];

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const to = treeStep(items, event.key, stop ? items.indexOf(stop) : -1);
    if (to === null) return;
    event.currentTarget.querySelectorAll<HTMLElement>('[role="treeitem"]')[to]?.focus();
    event.preventDefault();
    // A letter that moves here is no shortcut elsewhere.
    event.stopPropagation();
  };
  const onBlur = (event: FocusEvent) => {
    if (!event.currentTarget.contains(event.relatedTarget)) setFocused(null);
  };
  return (
    <div role="tree" aria-label="Modules and tokens" onKeyDown={onKeyDown} onBlur={onBlur}>
      {items.flatMap((item, index) => {
        const here = samePlace(item.place, place);
        // "1 empty slot" stands below the last of its module's tokens; the module's own item carries it for readers.
        const note = items[index + 1]?.level === 2 ? null : noteAt(items, index);
        return [
          <button
            key={item.key}
            type="button"
            role="treeitem"
            aria-level={item.level}
            aria-posinset={item.position}
            aria-setsize={item.of}
            aria-selected={here}
            aria-current={here ? "page" : undefined}
            tabIndex={item === stop ? 0 : -1}
            className={`nav-entry ${item.level === 1 ? "branch-module" : "leaf"}`}
            onFocus={() => setFocused(item.key)}
            onClick={() => go(item.place)}
          >
            <Line item={item} />
          </button>,
          ...(note
            ? [
                <p key={`${item.key} note`} aria-hidden="true" className="leaf-note muted">
                  {note}
                </p>,
              ]
            : []),
        ];
      })}
    </div>
  );
};

/** What is said below the module to which the item at an index belongs. */
const noteAt = (items: TreeItem[], index: number): string | null => {
  const module = items.slice(0, index + 1).findLast(({ level }) => level === 1);
  return module?.kind === "module" ? module.note : null;
};

const Line = ({ item }: { item: TreeItem }) => {
  if (item.kind === "module")
    return (
      <>
        <span className="truncate">{item.title}</span>
        {item.note ? <span className="visually-hidden">, {item.note}</span> : null}
        <StateMark module={item.module} />
      </>
    );
  const { token } = item.slot;
  if (!token)
    return (
      <>
        <span className="truncate">{item.title}</span>
        <span className="badge danger">unreadable</span>
      </>
    );
  return (
    <>
      <span className={`truncate ${token.initialised ? "" : "muted"}`}>{item.title}</span>
      {item.mark ? (
        <span className="muted mark" title={item.mark.full}>
          {item.mark.short}
        </span>
      ) : null}
      {token.login !== "none" ? <span className="badge good">{token.login === "so" ? "SO" : "logged in"}</span> : null}
      {token.userPin.state === "locked" ? <span className="badge danger">locked</span> : null}
    </>
  );
};

const StateMark = ({ module }: { module: ModuleRow }) => {
  if (module.state === "ready") return null;
  const look = module.state === "failed" ? "danger" : module.state === "starting" ? "accent" : "";
  return <span className={`badge ${look}`}>{module.state}</span>;
};
