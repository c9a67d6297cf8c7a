import { describe, expect, test } from "vitest";
import { isBrowserKey, type KeyPress } from "./browser-keys.ts";

/** "Ctrl+Shift+I" as a key press on a US keyboard. */
const press = (keys: string, more: Partial<KeyPress> & { altGraph?: boolean } = {}): KeyPress => {
  const parts = keys.split(/\+(?=.)/);
  const key = parts.pop() ?? "";
  const has = (name: string) => parts.includes(name);
  return {
    key: key.length === 1 && !has("Shift") ? key.toLowerCase() : key,
    code: /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : key,
    ctrlKey: has("Ctrl"),
    metaKey: has("Meta"),
    altKey: has("Alt"),
    shiftKey: has("Shift"),
    isComposing: false,
    getModifierState: () => more.altGraph ?? false,
    ...more,
  };
};

describe("kept from the browser", () => {
  test.each([
    ..."Ctrl+F Ctrl+G Ctrl+Shift+G F3 Shift+F3".split(" "), // search the page
    ..."F12 Ctrl+Shift+I Ctrl+Shift+J Ctrl+Shift+C Ctrl+U".split(" "), // DevTools, source
    ..."Ctrl+P Ctrl+Shift+P Ctrl+S Ctrl+O Ctrl+J Ctrl+H Ctrl+D".split(" "), // print, save, open, downloads, history
    ..."F5 Ctrl+F5 Ctrl+R Ctrl+Shift+R Alt+ArrowLeft Alt+ArrowRight Alt+Home".split(" "), // reload, go elsewhere
    ..."Ctrl+N Ctrl+Shift+N Ctrl+T Ctrl+Shift+T".split(" "), // windows and tabs
    ..."F1 F6 F7 F10 Shift+Escape Ctrl+Shift+Delete Ctrl+Shift+M Ctrl+L Ctrl+K Ctrl+E Alt+D Alt+E Alt+F".split(" "),
    ..."BrowserBack BrowserRefresh BrowserSearch Find Print".split(" "),
  ])("%s", (keys) => {
    expect(isBrowserKey(press(keys), false)).toBe(true);
  });

  test.each("Meta+F Meta+G Meta+P Meta+S Meta+R Meta+N Meta+T Meta+Alt+I Meta+Alt+U F12".split(" "))(
    "%s on macOS",
    (keys) => {
      expect(isBrowserKey(press(keys), true)).toBe(true);
    },
  );

  test("Ctrl+F of a layout without Latin letters", () => {
    expect(isBrowserKey(press("Ctrl+а", { code: "KeyF" }), false)).toBe(true);
  });
});

describe("left as they are", () => {
  test.each([
    ..."a A 7 / Enter Escape Tab Shift+Tab Backspace Delete ArrowDown PageUp Home F11 Shift+F10 Shift+Insert".split(
      " ",
    ),
    ..."Ctrl+A Ctrl+C Ctrl+V Ctrl+Shift+V Ctrl+X Ctrl+Z Ctrl+Shift+Z Ctrl+Y Ctrl+ArrowLeft Ctrl+Backspace".split(" "),
    ..."Ctrl++ Ctrl+- Ctrl+0 Ctrl+W Alt+F4 Alt+Tab Alt+ArrowDown".split(" "), // zoom, the system's own
  ])("%s", (keys) => {
    expect(isBrowserKey(press(keys), false)).toBe(false);
  });

  test("Ctrl+C of a layout without Latin letters, and with Caps Lock", () => {
    expect(isBrowserKey(press("Ctrl+с", { code: "KeyC" }), false)).toBe(false);
    expect(isBrowserKey(press("Ctrl+C", { key: "C" }), false)).toBe(false);
  });

  test("characters typed with AltGr, Option, the number pad or an input method", () => {
    expect(isBrowserKey(press("Ctrl+Alt+@", { code: "KeyQ" }), false)).toBe(false);
    expect(isBrowserKey(press("Alt+ł", { code: "KeyL", altGraph: true }), false)).toBe(false);
    expect(isBrowserKey(press("Alt+@", { code: "KeyL" }), true)).toBe(false);
    expect(isBrowserKey(press("Alt+1", { code: "Numpad1" }), false)).toBe(false);
    expect(isBrowserKey(press("Ctrl+F", { isComposing: true }), false)).toBe(false);
  });

  test.each("Meta+C Meta+V Meta+Q Meta+W Ctrl+F Ctrl+E Alt+ArrowLeft".split(" "))("%s on macOS", (keys) => {
    expect(isBrowserKey(press(keys), true)).toBe(false);
  });
});
