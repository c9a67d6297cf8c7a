import { isBrowserKey, type KeyPress } from "./browser-keys.ts";

interface Event {
  preventDefault(): void;
}

interface DragEvent extends Event {
  defaultPrevented: boolean;
  dataTransfer: { types: readonly string[]; dropEffect: string } | null;
}

interface MouseEvent extends Event {
  target: unknown;
  button: number;
}

/** The parts of the window's own world that are needed; the preload sees no DOM types, as the contract does. */
interface Scope {
  navigator: { platform: string };
  addEventListener<E extends Event>(type: string, listener: (event: E) => void, capture: boolean): void;
}

/** Where text is typed; only here has the browser's menu something to offer. */
interface TextField {
  selectionStart: number | null;
  selectionEnd: number | null;
}

/**
 * Whether the browser's menu may come up: to paste into a text field. With something selected it would offer to search
 * the web for it and to print it, and a PIN can be selected while it is shown; Ctrl+C and Ctrl+X are there for that.
 */
const mayHaveMenu = (target: unknown): boolean => {
  const field = (target as { closest?(selector: string): TextField | null } | null)?.closest?.("input, textarea");
  return field ? field.selectionStart === field.selectionEnd : false;
};

/**
 * Takes from the browser around the page what belongs to a browser and not to this app: its keys, its menu (print,
 * save, source, inspect), the mouse's back and forward buttons, and the opening of files that are dropped beside the
 * places for them. The page itself still gets every event.
 */
export const guardWindow = (): void => {
  const scope = globalThis as unknown as Scope;
  const mac = scope.navigator.platform.startsWith("Mac");

  const onKey = (event: KeyPress & Event) => {
    if (isBrowserKey(event, mac)) event.preventDefault();
  };
  scope.addEventListener("keydown", onKey, true);

  const onMenu = (event: MouseEvent) => {
    if (!mayHaveMenu(event.target)) event.preventDefault();
  };
  scope.addEventListener("contextmenu", onMenu, true);

  const onButton = (event: MouseEvent) => {
    if (event.button === 3 || event.button === 4) event.preventDefault();
  };
  for (const type of ["mousedown", "mouseup"]) scope.addEventListener(type, onButton, true);

  // After the page: what it takes is not touched.
  const onDrag = (event: DragEvent) => {
    if (event.defaultPrevented || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "none";
  };
  for (const type of ["dragover", "drop"]) scope.addEventListener(type, onDrag, false);
};
