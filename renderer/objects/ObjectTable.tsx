import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type MouseEvent, useEffect, useId, useMemo, useRef } from "react";
import { copyText } from "../ui/copy.ts";
import { colonHex } from "./ids.ts";
import { GroupLine, ObjectLine } from "./ObjectLine.tsx";
import type { Item, Sorting } from "./rows.ts";
import { everything, many, moved, only, ranged, type Selection, toggled } from "./selection.ts";
import { TableHead } from "./TableHead.tsx";
import "./table.css";

/** Height of a line and of the head, in CSS pixels; table.css has the same. */
const lineHeight = 30;
/** Lines that PageUp and PageDown leave in sight. */
const pageOverlap = 2;

interface TableProperties {
  items: Item[];
  selection: Selection;
  onSelection(selection: Selection): void;
  sorting: Sorting;
  onSorting(sorting: Sorting): void;
  /** Enter and double click. */
  onOpen(): void;
  busy: boolean;
  now: number;
}

/**
 * The object table: one tab stop, a thousand lines as smooth as ten. Only what is in sight is in the document; the
 * grid keeps the focus and names its active line (WAI-ARIA grid with aria-activedescendant).
 */
export const ObjectTable = (properties: TableProperties) => {
  const { items, selection, onSelection } = properties;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const order = useMemo(() => items.flatMap((item) => (item.kind === "object" ? [item.key] : [])), [items]);
  const places = useMemo(() => new Map(items.map((item, index) => [item.key, index])), [items]);
  const activeIndex = useActiveIndex(items, selection.active, places);

  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => lineHeight,
    getItemKey: (index) => items[index]?.key ?? index,
    overscan: 12,
    scrollPaddingStart: lineHeight,
    // The active line stays in the document, wherever the view is: the grid refers to it.
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range);
      return activeIndex < 0 || shown.includes(activeIndex) ? shown : [...shown, activeIndex].sort((a, b) => a - b);
    },
  });

  const go = (index: number, how: "choose" | "range" | "move") => {
    const item = items[index];
    if (item?.kind !== "object") return;
    onSelection(
      how === "range"
        ? ranged(selection, order, item.key)
        : how === "move"
          ? moved(selection, item.key)
          : only(item.key),
    );
    virtual.scrollToIndex(index);
  };
  const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / lineHeight) - pageOverlap);

  const onKey = (event: KeyboardEvent) => {
    const target = targetOf(event.key, activeIndex, items, page);
    const control = event.ctrlKey || event.metaKey;
    const active = items[activeIndex];
    if (target !== null)
      go(target, event.shiftKey ? "range" : control && event.key.startsWith("Arrow") ? "move" : "choose");
    else if (control && event.key === "a") onSelection(everything(selection, order));
    else if (control && event.key === "c") copyIds(items, selection.chosen);
    else if (control || event.altKey) return;
    else if (event.key === " " && active?.kind === "object") onSelection(toggled(selection, active.key));
    else if (event.key === "Enter" && active?.kind === "object") {
      if (!selection.chosen.has(active.key)) onSelection(only(active.key));
      properties.onOpen();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const onClick = (event: MouseEvent) => {
    const item = itemAt(event, items);
    if (!item) return;
    if (item.kind === "group") onSelection(many(item.rows.map(({ handle }) => handle)));
    else if (event.shiftKey) onSelection(ranged(selection, order, item.key));
    else if (event.ctrlKey || event.metaKey) onSelection(toggled(selection, item.key));
    else onSelection(only(item.key));
  };

  return (
    <div
      className="object-table"
      role="grid"
      aria-label="Objects"
      aria-rowcount={items.length + 1}
      aria-multiselectable="true"
      aria-busy={properties.busy}
      aria-activedescendant={activeIndex >= 0 ? `${id}-${items[activeIndex]?.key}` : undefined}
      tabIndex={0}
      ref={scroller}
      onKeyDown={onKey}
    >
      <TableHead sorting={properties.sorting} onSorting={properties.onSorting} />
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the grid handles the keys of all lines */}
      <div
        className="object-lines"
        role="rowgroup"
        style={{ height: virtual.getTotalSize() }}
        onClick={onClick}
        onDoubleClick={(event) => itemAt(event, items)?.kind === "object" && properties.onOpen()}
      >
        {virtual.getVirtualItems().map(({ index, start }) => {
          const item = items[index];
          if (!item) return null;
          const line = {
            id: `${id}-${item.key}`,
            index,
            top: start,
            active: index === activeIndex,
          };
          return item.kind === "group" ? (
            <GroupLine key={item.key} item={item} {...line} />
          ) : (
            <ObjectLine
              key={item.key}
              row={item.row}
              {...line}
              chosen={selection.chosen.has(item.key)}
              now={properties.now}
            />
          );
        })}
      </div>
    </div>
  );
};

/** Where the keyboard is; if that object has gone, the one that took its place. */
const useActiveIndex = (items: Item[], active: string | null, places: Map<string, number>): number => {
  const last = useRef(0);
  const found = active === null ? undefined : places.get(active);
  const index = found ?? nearestObject(items, Math.min(last.current, items.length - 1));
  useEffect(() => {
    if (index >= 0) last.current = index;
  }, [index]);
  return index;
};

const itemAt = ({ target }: MouseEvent, items: Item[]): Item | undefined => {
  const line = target instanceof Element ? target.closest<HTMLElement>("[data-index]") : null;
  return line ? items[Number(line.dataset["index"])] : undefined;
};

const nearestObject = (items: Item[], from: number): number => {
  for (let index = Math.max(0, from); index < items.length; index++) if (items[index]?.kind === "object") return index;
  for (let index = from; index >= 0; index--) if (items[index]?.kind === "object") return index;
  return -1;
};

/** Index that a key leads to; null for keys that do not move. Group lines are stepped over. */
const targetOf = (key: string, from: number, items: Item[], page: number): number | null => {
  const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page };
  if (key === "Home") return nearestObject(items, 0);
  if (key === "End") return nearestObject(items, items.length - 1);
  const step = steps[key];
  if (step === undefined) return null;
  const direction = Math.sign(step);
  let index = Math.max(0, Math.min(items.length - 1, from + step));
  while (items[index]?.kind === "group") index += direction;
  return items[index] ? index : nearestObject(items, from);
};

const copyIds = (items: Item[], chosen: ReadonlySet<string>): void => {
  const ids = items.flatMap((item) =>
    item.kind === "object" && chosen.has(item.key) && item.row.id ? [item.row.id] : [],
  );
  if (ids.length > 0)
    void copyText([...new Set(ids)].join("\n"), ids.length === 1 ? `CKA_ID ${colonHex(ids[0] ?? "")}` : "CKA_IDs");
};
