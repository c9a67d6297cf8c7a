import { type KeyboardEvent, useId, useMemo, useState } from "react";
import { Dialog, Modal, ModalOverlay } from "react-aria-components";
import { type Action, carryOut, useAllActions } from "./actions.tsx";
import { matching } from "./matching.ts";

/** Ctrl+K: everything that can be done here, by typing a part of its name. */
export const CommandPalette = ({ onClose }: { onClose(): void }) => {
  const actions = useAllActions();
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  const listId = useId();
  const found = useMemo(() => matching(actions, text), [actions, text]);
  const index = Math.min(active, found.length - 1);

  const run = (action: Action | undefined) => {
    if (!action) return;
    onClose();
    // After the palette has given the focus back.
    setTimeout(() => carryOut(action), 0);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") setActive(Math.min(index + 1, found.length - 1));
    else if (event.key === "ArrowUp") setActive(Math.max(index - 1, 0));
    else if (event.key === "Enter") run(found[index]);
    else return;
    event.preventDefault();
  };

  return (
    <ModalOverlay className="modal-overlay" isOpen isDismissable onOpenChange={(open) => !open && onClose()}>
      <Modal className="modal palette">
        <Dialog className="dialog" aria-label="Command palette">
          <input
            className="palette-input"
            role="combobox"
            aria-expanded="true"
            aria-controls={listId}
            aria-activedescendant={found[index] ? `${listId}-${index}` : undefined}
            aria-label="Search commands"
            placeholder="What do you want to do?"
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              setActive(0);
            }}
            onKeyDown={onKey}
            autoFocus
          />
          <div className="palette-list" role="listbox" id={listId} aria-label="Commands">
            {found.length === 0 ? <p className="muted palette-none">Nothing here is called that.</p> : null}
            {found.map((action, i) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the combobox
              // biome-ignore lint/a11y/useFocusableInteractive: as above
              <div
                key={action.id}
                id={`${listId}-${i}`}
                role="option"
                aria-selected={i === index}
                aria-disabled={action.disabled || undefined}
                ref={i === index ? (element) => element?.scrollIntoView({ block: "nearest" }) : undefined}
                className="palette-item"
                onClick={() => run(action)}
              >
                <span className="muted">{action.group}</span>
                <span>
                  {action.title}
                  {action.disabled && action.why ? <span className="why"> {action.why}</span> : null}
                </span>
                {action.keys ? <kbd>{action.keys}</kbd> : null}
              </div>
            ))}
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
};
