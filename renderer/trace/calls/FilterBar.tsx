import type { RefObject } from "react";
import { ToggleButton } from "react-aria-components";
import { Button } from "../../ui/Button.tsx";
import { type OpenedTrace, patchTrace } from "../opened.ts";
import { hasLines } from "../rows.ts";
import { FilterField } from "./FilterField.tsx";
import { chipsFor, hasTerm, withTerm } from "./filter-text.ts";

/** The filter, chips that stand for parts of it, and the ways from error to error. */
export const FilterBar = ({
  trace,
  field,
  onLeave,
  onStep,
}: {
  trace: OpenedTrace;
  field: RefObject<HTMLInputElement | null>;
  onLeave(): void;
  onStep(what: "error" | "match", backwards: boolean): void;
}) => {
  const { id, files, filter, fold, only } = trace;
  return (
    <div className="filter-bar">
      <div className="bar-row">
        <FilterField
          trace={id}
          value={filter}
          onFilter={(text) => text !== filter && patchTrace(id, { filter: text })}
          onLeave={onLeave}
          field={field}
        />
        <span className="bar-actions">
          <Button small label="Previous error (Shift+E)" onPress={() => onStep("error", true)}>
            ↑ Error
          </Button>
          <Button small label="Next error (E)" onPress={() => onStep("error", false)}>
            ↓ Error
          </Button>
        </span>
      </div>
      <div className="bar-row chips" role="group" aria-label="Show">
        {chipsFor(hasLines(files)).map(({ term, title }) => (
          <ToggleButton
            key={term}
            className="chip"
            isSelected={hasTerm(filter, term)}
            onChange={(on) => patchTrace(id, { filter: withTerm(filter, term, on) })}
          >
            {title}
          </ToggleButton>
        ))}
        {filter === "" ? null : (
          <ToggleButton className="chip" isSelected={!only} onChange={(all) => patchTrace(id, { only: !all })}>
            Show all rows (N: next match)
          </ToggleButton>
        )}
        <ToggleButton className="chip" isSelected={fold} onChange={(on) => patchTrace(id, { fold: on })}>
          Fold operations
        </ToggleButton>
      </div>
    </div>
  );
};
