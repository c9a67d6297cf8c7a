import { type KeyboardEvent, type RefObject, useEffect, useId, useState } from "react";
import { type Checked, useFilterCheck } from "./useFilterCheck.ts";

type Completion = Checked["completions"][number];

/**
 * The filter, checked while it is typed: green ground for a valid one, red for a faulty one with what is wrong. Ctrl+Space
 * and the arrow keys offer what may follow; Tab and Enter take it.
 */
export const FilterField = (properties: {
  trace: string;
  /** The filter that is in use. */
  value: string;
  onFilter(filter: string): void;
  onLeave(): void;
  field: RefObject<HTMLInputElement | null>;
}) => {
  const { trace, value, field } = properties;
  const id = useId();
  const [text, setText] = useState(value);
  const [cursor, setCursor] = useState(value.length);
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const checked = useFilterCheck(trace, text, cursor, properties.onFilter);
  // Chips and menus change it as well.
  useEffect(() => setText(value), [value]);
  const completions = open ? (checked?.completions ?? []) : [];
  const shown = completions.length > 0;
  const marked = Math.min(active, completions.length - 1);

  const take = ({ text: word, from, to }: Completion) => {
    const next = text.slice(0, from) + word + text.slice(to);
    const at = from + word.length;
    setText(next);
    setCursor(at);
    setActive(-1);
    // A key wants its value next; a value is the end.
    setOpen(/[:=<> ]$/.test(word));
    requestAnimationFrame(() => field.current?.setSelectionRange(at, at));
  };
  const onKey = (event: KeyboardEvent<HTMLInputElement>) => {
    const { key } = event;
    const completion = completions[marked];
    if (key === "Escape") {
      if (shown) setOpen(false);
      else if (text !== "") {
        setText("");
        setCursor(0);
        properties.onFilter("");
      } else properties.onLeave();
    } else if ((key === " " && event.ctrlKey) || (key === "ArrowDown" && !shown && text !== "")) setOpen(true);
    else if (key === "ArrowDown" && shown) setActive(Math.min(marked + 1, completions.length - 1));
    else if (key === "ArrowUp" && shown) setActive(Math.max(marked - 1, -1));
    else if ((key === "Enter" || key === "Tab") && completion) take(completion);
    else if (key === "Enter" || key === "ArrowDown") properties.onLeave();
    else return;
    event.preventDefault();
  };
  const state = text.trim() === "" || !checked ? "" : checked.valid ? "valid" : "invalid";
  return (
    <div className={`filter-field ${state}`}>
      <input
        className="input"
        ref={field}
        role="combobox"
        aria-label="Filter calls"
        aria-keyshortcuts="Control+F"
        aria-expanded={shown}
        aria-controls={`${id}-list`}
        aria-activedescendant={marked >= 0 ? `${id}-${marked}` : undefined}
        aria-autocomplete="list"
        aria-invalid={state === "invalid"}
        aria-describedby={`${id}-message`}
        placeholder='Filter: fn:C_Sign rv!=CKR_OK dur>50ms session:0x1 label:"my key" ( Ctrl+F )'
        spellCheck={false}
        autoComplete="off"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setCursor(event.target.selectionStart ?? event.target.value.length);
          setOpen(true);
          setActive(-1);
        }}
        onSelect={(event) => setCursor(event.currentTarget.selectionStart ?? 0)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKey}
      />
      {shown ? (
        <div className="completions" role="listbox" id={`${id}-list`} aria-label="What may follow">
          {completions.map((completion, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys
            <div
              key={completion.text}
              id={`${id}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === marked}
              // The field keeps the focus.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => take(completion)}
            >
              <code>{completion.text}</code>
              <span className="muted">{completion.about}</span>
            </div>
          ))}
        </div>
      ) : null}
      <p className="filter-message" id={`${id}-message`} role="status">
        {state === "invalid" ? checked?.message : ""}
      </p>
    </div>
  );
};
