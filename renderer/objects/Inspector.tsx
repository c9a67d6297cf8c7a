import type { KeyboardEvent } from "react";
import type { ObjectRow } from "../../preload/contract/objects.ts";
import { Button } from "../ui/Button.tsx";
import { ObjectInspection } from "./ObjectInspection.tsx";
import { SeveralObjects } from "./SeveralObjects.tsx";
import type { Address, ObjectTask } from "./tasks.ts";
import "./inspector.css";

/** Beside the table (below it in a narrow window): all about what is chosen. Escape goes back to the table. */
export const Inspector = (properties: {
  address: Address;
  rows: ObjectRow[];
  writeProtected: boolean;
  open: boolean;
  onOpen(open: boolean): void;
  onTask(task: ObjectTask): void;
  onLeave(): void;
}) => {
  const { rows, writeProtected, open, onOpen, onTask } = properties;
  const [first] = rows;
  if (!open)
    return (
      <div className="inspector-closed">
        <Button look="quiet" small label="Open the inspector" onPress={() => onOpen(true)}>
          ‹
        </Button>
      </div>
    );
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Escape") properties.onLeave();
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and Enter in the table leads here
    <aside className="inspector" aria-label="Inspector" tabIndex={0} onKeyDown={onKey}>
      <div className="inspector-close">
        <Button look="quiet" small label="Close the inspector" onPress={() => onOpen(false)}>
          ›
        </Button>
      </div>
      {!first ? (
        <p className="muted inspector-none">
          Choose an object to see all of its attributes. Ctrl and Shift choose several.
        </p>
      ) : rows.length === 1 ? (
        <ObjectInspection
          key={first.handle}
          address={properties.address}
          row={first}
          writeProtected={writeProtected}
          onTask={onTask}
        />
      ) : (
        <SeveralObjects address={properties.address} rows={rows} writeProtected={writeProtected} onTask={onTask} />
      )}
    </aside>
  );
};
