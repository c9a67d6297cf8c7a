import { type KeyboardEvent, useState } from "react";
import type { TraceField } from "../../../preload/contract/trace.ts";
import { Button } from "../../ui/Button.tsx";
import { countWords } from "../../ui/words.ts";
import { type FieldLine, fieldLines } from "./field-lines.ts";

/** Arguments by name, nested; one tab stop (WAI-ARIA tree view). What is pointed at is shown among the bytes. */
export const FieldTree = (properties: {
  fields: TraceField[];
  linked: string | null;
  onLink(path: string | null): void;
  onReveal(field: TraceField): void;
}) => {
  const { fields, linked, onLink } = properties;
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [focused, setFocused] = useState<string | null>(null);
  const lines = fieldLines(fields, closed);
  const stop = lines.find(({ path }) => path === focused) ?? lines[0];
  const setOpen = (path: string, open: boolean) => {
    const next = new Set(closed);
    if (open) next.delete(path);
    else next.add(path);
    setClosed(next);
  };
  const onKey = (event: KeyboardEvent<HTMLElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !stop) return;
    const at = lines.indexOf(stop);
    const open = stop.parent && !closed.has(stop.path);
    const above = lines.findLastIndex(({ level }, index) => index < at && level < stop.level);
    const target: Record<string, number> = {
      ArrowDown: Math.min(at + 1, lines.length - 1),
      ArrowUp: Math.max(at - 1, 0),
      Home: 0,
      End: lines.length - 1,
      ArrowRight: open ? at + 1 : at,
      ArrowLeft: open ? at : Math.max(above, 0),
    };
    const to = target[event.key];
    if (event.key === "ArrowRight" && stop.parent && !open) setOpen(stop.path, true);
    else if (event.key === "ArrowLeft" && open) setOpen(stop.path, false);
    else if (to === undefined) return;
    else event.currentTarget.querySelectorAll<HTMLElement>('[role="treeitem"]')[to]?.focus();
    event.preventDefault();
    event.stopPropagation();
  };
  if (lines.length === 0) return <p className="muted">No arguments in this record.</p>;
  return (
    <div className="field-tree" role="tree" aria-label="Arguments" onKeyDown={onKey}>
      {lines.map((line) => (
        <div
          key={line.path}
          role="treeitem"
          aria-level={line.level}
          aria-expanded={line.parent ? !closed.has(line.path) : undefined}
          aria-selected={linked === line.path}
          tabIndex={line === stop ? 0 : -1}
          className={`field-line ${line.field.direction}`}
          style={{ paddingLeft: `${4 + (line.level - 1) * 14}px` }}
          onFocus={() => {
            setFocused(line.path);
            onLink(line.path);
          }}
          onMouseEnter={() => onLink(line.path)}
          onMouseLeave={() => onLink(focused)}
          onBlur={() => onLink(null)}
        >
          <Line
            line={line}
            open={!closed.has(line.path)}
            onToggle={() => setOpen(line.path, closed.has(line.path))}
            onReveal={() => properties.onReveal(line.field)}
          />
        </div>
      ))}
    </div>
  );
};

const Line = ({
  line: { field, parent },
  open,
  onToggle,
  onReveal,
}: {
  line: FieldLine;
  open: boolean;
  onToggle(): void;
  onReveal(): void;
}) => (
  <>
    {parent ? (
      <button type="button" tabIndex={-1} className="twist" aria-hidden="true" onClick={onToggle}>
        {open ? "▾" : "▸"}
      </button>
    ) : (
      <span className="twist" aria-hidden="true" />
    )}
    <span className="field-name" title={field.about}>
      <span className="direction" title={field.direction === "in" ? "given by the program" : "answered by the module"}>
        {field.direction === "in" ? "→" : "←"}
        <span className="visually-hidden"> {field.direction === "in" ? "in" : "out"} </span>
      </span>
      {field.name}
    </span>
    {field.masked ? (
      <span className="field-value">
        <span className="masked">
          masked{field.length === undefined ? "" : ` (${countWords(field.length, "byte")})`}
        </span>
        {field.at ? (
          <Button small label={`Reveal ${field.name}`} onPress={onReveal}>
            Reveal…
          </Button>
        ) : null}
      </span>
    ) : (
      <span className="field-value">
        {field.text}
        {field.hex && field.kind === "bytes" && !field.text.includes(field.hex.slice(0, 16)) ? (
          <code className="field-hex">{shortHex(field.hex)}</code>
        ) : null}
        {field.about ? <span className="muted field-about">{field.about}</span> : null}
      </span>
    )}
  </>
);

/** Hex digits that are shown in the tree; the bytes have all. */
const shownDigits = 64;

const shortHex = (hex: string): string => (hex.length > shownDigits ? `${hex.slice(0, shownDigits)}…` : hex);
