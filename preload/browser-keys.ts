/** A key press, as far as it matters here; a KeyboardEvent is one. */
export interface KeyPress {
  key: string;
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
  isComposing: boolean;
  getModifierState(name: "AltGraph"): boolean;
}

/** What Ctrl (macOS: Command) may do besides what the page makes of it: edit text, zoom, close the window. */
const withControl = new Set([
  ..."acvxyz+-=_0w",
  ...["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"],
  ...["Backspace", "Delete", "Insert", "Enter", " ", "Tab", "Control", "Meta", "Shift", "Alt", "Escape"],
]);

/** The same with Shift. Ctrl+Shift+C would be the inspector, Ctrl+Shift+Delete the browser's history. */
const withControlAndShift = new Set([...withControl].filter((key) => !["a", "c", "x", "y", "Delete"].includes(key)));

/** Command also quits, hides, minimises and goes round the windows. */
const macSystem = new Set("qhm`~");

/** What Alt may do: what the system's window manager makes of it, and lists that open. */
const withAlt = new Set(["Alt", "Shift", "F4", "Tab", " ", "Enter", "Escape", "ArrowUp", "ArrowDown", "AltGraph"]);

/** Function keys that stay: F11 is full screen. Caret browsing (F7), the browser's bars (F6, F10), DevTools (F12) do not. */
const functionKeys = /^F([1-9]|1[02-9]|2[0-4])$/;

/** Keys that some keyboards have for what a browser does. */
const browserKeys = /^(Browser.+|Find|Help|Print|Save|Open|New|ZoomToggle)$/;

/**
 * The letter on the key for layouts without Latin letters, for which the browser looks at the key's place as well.
 * @returns lower case, so that Caps Lock makes no difference
 */
const letterOf = ({ key, code }: KeyPress): string => {
  if (key.length !== 1) return key;
  const place = /^Key([A-Z])$/.exec(code)?.[1];
  return ((key.codePointAt(0) ?? 0) > 127 ? (place ?? key) : key).toLowerCase();
};

/**
 * Whether the browser around the page would do something with a key that is not the app's: search the page (the bar
 * shows what is typed next, which may be a PIN), open DevTools, print, save, reload, go back, open windows. A list of
 * what may pass, since browsers get new keys.
 * @param mac whether Command takes Ctrl's place. Ctrl and Option are for editing and for typing characters there.
 */
export const isBrowserKey = (press: KeyPress, mac: boolean): boolean => {
  if (press.isComposing) return false;
  if (browserKeys.test(press.key)) return true;
  const control = mac ? press.metaKey : press.ctrlKey;
  // AltGr, also written as Ctrl+Alt, types characters. Command+Option is commands of the browser alone.
  if (press.getModifierState("AltGraph") || (!mac && control && press.altKey)) return false;
  if (control) {
    if (mac && press.altKey) return true;
    const letter = letterOf(press);
    return !(press.shiftKey ? withControlAndShift : withControl).has(letter) && !(mac && macSystem.has(letter));
  }
  // With the number pad characters are typed by their codes on Windows.
  if (press.altKey && !mac) return !withAlt.has(press.key) && !press.code.startsWith("Numpad");
  // The browser's task manager.
  if (press.key === "Escape") return press.shiftKey;
  // Shift+F10 is the menu key of keyboards without one.
  return functionKeys.test(press.key) && !(press.key === "F10" && press.shiftKey);
};
