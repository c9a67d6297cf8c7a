import type { KeyboardEvent } from "react";
import type { ModuleRow } from "../../preload/contract/modules.ts";
import type { SlotRow } from "../../preload/contract/tokens.ts";
import { useRequest } from "../client/queries.ts";
import { tokenTitle } from "../tokens/words.ts";
import { Button } from "../ui/Button.tsx";
import { type Place, sameToken, useNavigation } from "./place.tsx";

/** Modules, their slots and tokens. Arrow keys move, Enter opens. */
export const Sidebar = ({ onPalette }: { onPalette(): void }) => {
  const { go, place } = useNavigation();
  const { data } = useRequest("modules.list", {});
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
      <nav aria-label="Modules and tokens" onKeyDown={moveByArrow}>
        <ul>
          {data?.modules.map((module) => (
            <ModuleBranch key={module.id} module={module} />
          ))}
        </ul>
      </nav>
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

const ModuleBranch = ({ module }: { module: ModuleRow }) => {
  const { data } = useRequest("tokens.slots", module.state === "ready" ? { module: module.id } : null);
  const slots = module.state === "ready" ? (data?.slots ?? []) : [];
  const empty = slots.filter(({ token, error }) => !token && !error).length;
  return (
    <li>
      <Entry place={{ kind: "module", module: module.id }} className="branch-module">
        <span className="truncate">{module.name}</span>
        <StateMark module={module} />
      </Entry>
      <ul>
        {slots
          .filter(({ token, error }) => token || error)
          .map((slot) => (
            <SlotLeaf key={slot.slot} module={module.id} slot={slot} />
          ))}
        {empty > 0 ? (
          <li className="leaf-note muted">{empty === 1 ? "1 empty slot" : `${empty} empty slots`}</li>
        ) : null}
        {module.state === "ready" && data && slots.length === 0 ? <li className="leaf-note muted">no slots</li> : null}
      </ul>
    </li>
  );
};

const StateMark = ({ module }: { module: ModuleRow }) => {
  if (module.state === "ready") return null;
  const look = module.state === "failed" ? "danger" : module.state === "starting" ? "accent" : "";
  return <span className={`badge ${look}`}>{module.state}</span>;
};

const SlotLeaf = ({ module, slot }: { module: string; slot: SlotRow }) => {
  const { token } = slot;
  if (!token)
    return (
      <li>
        <Entry place={{ kind: "slot", module, slot: slot.slot }} className="leaf">
          <span className="truncate">{slot.description || `Slot ${slot.slot}`}</span>
          <span className="badge danger">unreadable</span>
        </Entry>
      </li>
    );
  return (
    <li>
      <Entry place={{ kind: "token", module, token: token.ref }} className="leaf">
        <span className={`truncate ${token.initialised ? "" : "muted"}`}>{tokenTitle(token)}</span>
        {token.login !== "none" ? (
          <span className="badge good">{token.login === "so" ? "SO" : "logged in"}</span>
        ) : null}
        {token.userPin.state === "locked" ? <span className="badge danger">locked</span> : null}
      </Entry>
    </li>
  );
};

const Entry = ({ place, className, children }: { place: Place; className: string; children: React.ReactNode }) => {
  const { place: current, go } = useNavigation();
  const here = isSame(place, current);
  return (
    <button
      type="button"
      className={`nav-entry ${className}`}
      aria-current={here ? "page" : undefined}
      onClick={() => go(place)}
    >
      {children}
    </button>
  );
};

const isSame = (a: Place, b: Place): boolean => {
  if (a.kind === "token" && b.kind === "token") return a.module === b.module && sameToken(a.token, b.token);
  return JSON.stringify(a) === JSON.stringify(b);
};

const moveByArrow = (event: KeyboardEvent<HTMLElement>): void => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const entries = [...event.currentTarget.querySelectorAll<HTMLElement>(".nav-entry")];
  const at = entries.indexOf(document.activeElement as HTMLElement);
  entries[Math.max(0, Math.min(entries.length - 1, at + step))]?.focus();
  event.preventDefault();
};
