import { useSyncExternalStore } from "react";
import { Button } from "./Button.tsx";

interface Toast {
  id: number;
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

/** Says something that needs no answer. Warnings stay until they are closed. */
export const toast = (what: Omit<Toast, "id">): void => {
  const id = nextId++;
  change([...toasts.slice(-3), { ...what, id }]);
  if (what.look !== "warn" && what.look !== "danger")
    setTimeout(() => change(toasts.filter((one) => one.id !== id)), 4000);
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
