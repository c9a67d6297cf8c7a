import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { exitOf } from "./electron-fork.ts";
import { menuTemplate } from "./electron-menu.ts";
import { isOurFrame, mayHave, mayLoad, mayNavigate, webPreferences } from "./electron-policy.ts";

test("the window is sandboxed, isolated and without Node; packaged, it has no DevTools", () => {
  expect(webPreferences("/preload.cjs", true)).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    devTools: false,
  });
  expect(webPreferences("/preload.cjs", false).devTools).toBe(true);
});

test("only the main frame with the app's origin is listened to", () => {
  interface TestFrame {
    origin: string;
    parent: TestFrame | null;
  }
  const main: TestFrame = { origin: "https://app.invalid", parent: null };
  const foreign: TestFrame = { origin: "https://example.org", parent: null };
  expect(isOurFrame(main, main)).toBe(true);
  expect(isOurFrame({ ...main }, main)).toBe(false);
  expect(isOurFrame({ ...main, parent: main }, main)).toBe(false);
  expect(isOurFrame(foreign, foreign)).toBe(false);
  expect(isOurFrame(null, main)).toBe(false);
});

test.each([
  ["https://app.invalid/assets/x.js", true],
  ["https://app.invalid.example.org/", false],
  ["https://app.invalid@example.org/", false],
  ["http://app.invalid/", false],
  ["file:///etc/passwd", false],
  ["devtools://devtools/bundled/x.html", false],
  ["ws://127.0.0.1:9000/", false],
  ["nonsense", false],
])("a packaged app loads %s: %s", (url, may) => {
  expect(mayLoad(url, true)).toBe(may);
});

test("the window may go to its start page only", () => {
  expect(
    ["https://app.invalid/", "https://app.invalid/x", "about:blank", "https://example.org/"].map(mayNavigate),
  ).toEqual([true, false, false, false]);
});

test("no permission but to write to the clipboard", () => {
  const asked = ["media", "geolocation", "notifications", "hid", "usb", "serial", "openExternal", "clipboard-read"];
  expect(asked.filter(mayHave)).toEqual([]);
  expect(mayHave("clipboard-sanitized-write")).toBe(true);
});

test("the end of a utility process is told as exit code or signal", () => {
  expect(exitOf(0)).toEqual({ code: 0, signal: null });
  expect(exitOf(1)).toEqual({ code: 1, signal: null });
  expect(exitOf(139)).toEqual({ code: null, signal: "SIGSEGV" });
});

test.each(["linux", "win32", "darwin"] as const)(
  "the menu on %s reloads, prints, searches and inspects nothing",
  (platform) => {
    const roles = menuTemplate(platform).flatMap(({ role, submenu = [] }) => [
      role,
      ...submenu.map((item) => item.role),
    ]);
    const harmless = ["appMenu", "editMenu", "resetZoom", "zoomIn", "zoomOut", "togglefullscreen", undefined];
    expect(roles.filter((role) => !harmless.includes(role))).toEqual([]);
  },
);

/** What cannot be run without an Electron binary is at least there: each line does one item of the checklist. */
test.each([
  "electron.enableSandbox()",
  "webPreferences: webPreferences(",
  'contents.setWindowOpenHandler(() => ({ action: "deny" }))',
  'contents.on("will-attach-webview", (event) => event.preventDefault())',
  'contents.on("will-redirect", (event) => event.preventDefault())',
  "if (!mayNavigate(event.url)) event.preventDefault()",
  "ours.setPermissionRequestHandler(",
  "ours.setPermissionCheckHandler(",
  "ours.setDevicePermissionHandler(() => false)",
  "ours.webRequest.onBeforeRequest(",
  'ours.on("will-download", (event) => event.preventDefault())',
  "isOurFrame(event.senderFrame, webContents.mainFrame)",
  "electron.requestSingleInstanceLock()",
])("the Electron shell has: %s", (line) => {
  expect(readFileSync(new URL("electron.ts", import.meta.url), "utf8")).toContain(line);
});

test("the Electron shell opens nothing in other programs", () => {
  expect(readFileSync(new URL("electron.ts", import.meta.url), "utf8")).not.toMatch(/openExternal|openPath/);
});
