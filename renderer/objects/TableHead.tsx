import type { KeyboardEvent } from "react";
import { type Column, columns, type Sorting } from "./rows.ts";

const titles: Record<Column, string> = {
  class: "Class",
  label: "Label",
  id: "CKA_ID",
  key: "Key",
  flags: "Flags",
  subject: "Subject",
  expires: "Expires",
};

/** Column heads: one tab stop, arrow keys move, Enter sorts. */
export const TableHead = ({ sorting, onSorting }: { sorting: Sorting; onSorting(sorting: Sorting): void }) => {
  const onKey = (event: KeyboardEvent<HTMLElement>) => {
    // Keys of the head are not the table's.
    event.stopPropagation();
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const heads = [...event.currentTarget.querySelectorAll<HTMLElement>("button")].filter(
      ({ offsetParent }) => offsetParent,
    );
    heads[heads.indexOf(document.activeElement as HTMLElement) + step]?.focus();
    event.preventDefault();
  };
  return (
    <div className="object-head" role="rowgroup" onKeyDown={onKey}>
      {/* biome-ignore lint/a11y/useFocusableInteractive: the buttons in it take the focus */}
      <div role="row" aria-rowindex={1} className="line">
        {columns.map((column, index) => {
          const here = sorting.column === column;
          return (
            // biome-ignore lint/a11y/useFocusableInteractive: its button takes the focus
            <div
              key={column}
              role="columnheader"
              className={`cell ${column}`}
              aria-colindex={index + 1}
              aria-sort={here ? (sorting.descending ? "descending" : "ascending") : "none"}
            >
              <button
                type="button"
                tabIndex={here ? 0 : -1}
                onClick={() => onSorting({ column, descending: here && !sorting.descending })}
              >
                {titles[column]}
                <span aria-hidden="true">{here ? (sorting.descending ? "\u00a0▾" : "\u00a0▴") : ""}</span>
              </button>
            </div>
          );
        })}
      </div>
    </div>
  );
};
