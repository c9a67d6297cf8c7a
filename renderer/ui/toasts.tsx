import { useSyncExternalStore } from "react";
import { Button } from "./Button.tsx";

interface Toast {
  id: number;
  /** What it is about: a new toast with the same key takes its place, and `dismiss` takes it away. */
  key?: string;
  title: string;
  text?: string;
  look?: "good" | "warn" | "danger";
}

let toasts: Toast[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

const change = (next: Toast[]) => {
  toasts = next;
  for (const listener of listeners) listener();
};

/** Milliseconds for which news stays on screen. */
const newsTime = 4000;
/** A reason, which has to be read and understood. */
const reasonTime = 10_000;

/** Says something that needs no answer. Warnings stay until they are closed, or until they are true no more. */
export const toast = (what: Omit<Toast, "id">): void => {
  const id = nextId++;
  change([...toasts.filter(({ key }) => key === undefined || key !== what.key).slice(-3), { ...what, id }]);
  if (what.look !== "warn" && what.look !== "danger")
    setTimeout(() => change(toasts.filter((one) => one.id !== id)), what.key ? reasonTime : newsTime);
};

/** Takes away what is no longer true. */
export const dismiss = (key: string): void => {
  if (toasts.some((one) => one.key === key)) change(toasts.filter((one) => one.key !== key));
};

export const Toasts = () => {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map(({ id, title, text, look }) => (
        <div key={id} className={`toast ${look ?? ""}`}>
          <div>
            <strong>{title}</strong>
            {text ? <p className="muted">{text.length > 160 ? `${text.slice(0, 160)}…` : text}</p> : null}
          </div>
          <Button
            look="quiet"
            small
            label={`Close: ${title}`}
            onPress={() => change(toasts.filter((one) => one.id !== id))}
          >
            ✕
          </Button>
        </div>
      ))}
    </div>
  );
};
