import type { RefObject } from "react";
import { ToggleButton } from "react-aria-components";
import type { ObjectRow } from "../../preload/contract/objects.ts";
import type { ObjectClass } from "../../preload/contract/shared.ts";
import { writeProtectedWords } from "../tokens/tasks.ts";
import { Button } from "../ui/Button.tsx";
import { Menu } from "../ui/Menu.tsx";
import type { ObjectTask } from "./tasks.ts";
import { classWords } from "./words.ts";

export interface View {
  text: string;
  classes: ReadonlySet<ObjectClass>;
  grouped: boolean;
}

/** Filter, classes and grouping on the left; what makes new objects on the right. */
export const ObjectsBar = (properties: {
  rows: ObjectRow[];
  view: View;
  onView(view: View): void;
  filter: RefObject<HTMLInputElement | null>;
  onFilterLeft(): void;
  onTask(task: ObjectTask): void;
  onRefresh(): void;
  writeProtected: boolean;
}) => {
  const { rows, view, onView, onTask } = properties;
  return (
    <div className="objects-bar">
      <div className="bar-row">
        <input
          className="input object-filter"
          type="search"
          ref={properties.filter}
          aria-label="Filter objects"
          aria-keyshortcuts="/"
          placeholder="Filter: label, CKA_ID, class, subject, key type ( / )"
          spellCheck={false}
          value={view.text}
          onChange={(event) => onView({ ...view, text: event.target.value })}
          onKeyDown={(event) => {
            if (event.key !== "ArrowDown" && event.key !== "Enter" && event.key !== "Escape") return;
            event.preventDefault();
            if (event.key === "Escape" && view.text !== "") onView({ ...view, text: "" });
            else properties.onFilterLeft();
          }}
        />
        <span className="bar-actions">
          <Button look="primary" onPress={() => onTask({ kind: "generate" })} disabled={properties.writeProtected}>
            Generate key
          </Button>
          <Button onPress={() => onTask({ kind: "import", files: [] })} disabled={properties.writeProtected}>
            Import file
          </Button>
          <Menu
            title="More"
            label="More tasks with objects"
            entries={[
              {
                id: "reply",
                title: "Take a certificate reply…",
                description: "What a CA sent for a key here",
                onAction: () => onTask({ kind: "reply", files: [] }),
                disabled: properties.writeProtected,
                why: writeProtectedWords,
              },
              {
                id: "writeData",
                title: "Write a data object…",
                description: "A text or a file",
                onAction: () => onTask({ kind: "writeData" }),
                disabled: properties.writeProtected,
                why: writeProtectedWords,
              },
              {
                id: "writeSecretKey",
                title: "Write a secret key…",
                description: "Its bytes are known, AES or generic",
                onAction: () => onTask({ kind: "writeSecretKey" }),
                disabled: properties.writeProtected,
                why: writeProtectedWords,
              },
              {
                id: "inventory",
                title: "Save the inventory…",
                description: "The table as CSV or JSON",
                onAction: () => onTask({ kind: "inventory" }),
                separated: true,
              },
              { id: "refresh", title: "Read the objects again", description: "F5", onAction: properties.onRefresh },
            ]}
          />
        </span>
      </div>
      <div className="bar-row chips" role="group" aria-label="Show">
        <Chips rows={rows} view={view} onView={onView} />
        <ToggleButton className="chip" isSelected={view.grouped} onChange={(grouped) => onView({ ...view, grouped })}>
          Group by CKA_ID
        </ToggleButton>
      </div>
    </div>
  );
};

/** One for each class that is there, with its count. None chosen: all are shown. */
const Chips = ({ rows, view, onView }: { rows: ObjectRow[]; view: View; onView(view: View): void }) => {
  const counts = new Map<ObjectClass, number>();
  for (const row of rows) counts.set(row.class, (counts.get(row.class) ?? 0) + 1);
  return (Object.keys(classWords) as ObjectClass[])
    .filter((name) => counts.has(name) || view.classes.has(name))
    .map((name) => (
      <ToggleButton
        key={name}
        className="chip"
        isSelected={view.classes.has(name)}
        onChange={(chosen) => {
          const classes = new Set(view.classes);
          if (chosen) classes.add(name);
          else classes.delete(name);
          onView({ ...view, classes });
        }}
      >
        {classWords[name].many} <span className="count">{(counts.get(name) ?? 0).toLocaleString("en")}</span>
      </ToggleButton>
    ));
};
