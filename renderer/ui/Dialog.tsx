import type { FormEvent, ReactNode } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import type { ErrorData } from "../../preload/contract/errors.ts";
import { Button } from "./Button.tsx";
import { Elapsed } from "./Elapsed.tsx";
import { ErrorNotice } from "./notices.tsx";

/**
 * A task in front of the window: fields, what will be done, one action. Stays open while the action runs (with the
 * time it takes) and when it fails (with the error), so that nothing typed is lost. Escape closes it when idle.
 */
export const Dialog = (properties: {
  title: string;
  children: ReactNode;
  onClose(): void;
  /** Word on the action's button; none: only "Close". */
  action?: string;
  /** Word on the closing button; "Cancel", or "Close" where there is no action. */
  closing?: string;
  onAction?(): void;
  actionDisabled?: boolean;
  danger?: boolean;
  busy?: boolean;
  /** Said beside the clock while busy. */
  busyText?: string;
  /** Word on the closing button while busy, and what it means. */
  leave?: { title: string; onLeave(): void };
  /** Why the action failed; in sight, however long the rest is. */
  error?: ErrorData | null;
  /** Stays in sight above the buttons, however long the rest is: why the action cannot be done yet. */
  notice?: ReactNode;
  wide?: boolean;
}) => {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!properties.busy && !properties.actionDisabled) properties.onAction?.();
  };
  return (
    <ModalOverlay
      className="modal-overlay"
      isOpen
      isDismissable={false}
      isKeyboardDismissDisabled={properties.busy}
      onOpenChange={(open) => {
        if (!open) properties.onClose();
      }}
    >
      <Modal className={`modal ${properties.wide ? "wide" : ""}`}>
        <AriaDialog className="dialog">
          <header>
            <Heading slot="title" level={2}>
              {properties.title}
            </Heading>
          </header>
          <form className="dialog" onSubmit={submit} autoComplete="off">
            <div className="body">{properties.children}</div>
            {properties.error || properties.notice ? (
              <div className="dialog-notice">
                {properties.error ? <ErrorNotice error={properties.error} /> : null}
                {properties.notice}
              </div>
            ) : null}
            <footer>
              {properties.busy ? (
                <span className="elapsed muted">
                  {properties.busyText ?? "Working"} <Elapsed />
                </span>
              ) : null}
              {properties.busy && properties.leave ? (
                <Button onPress={properties.leave.onLeave}>{properties.leave.title}</Button>
              ) : (
                <Button onPress={properties.onClose} disabled={properties.busy}>
                  {properties.closing ?? (properties.action ? "Cancel" : "Close")}
                </Button>
              )}
              {properties.action ? (
                <Button
                  type="submit"
                  look={properties.danger ? "danger" : "primary"}
                  disabled={properties.busy || properties.actionDisabled}
                >
                  {properties.action}
                </Button>
              ) : null}
            </footer>
          </form>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
};
