import { origin, startPage } from "./renderer-files.ts";

/** What the Electron shell allows its window: decisions as data and pure functions, so that tests see them without Electron. */

/** Every setting that matters is written down, also where it is Electron's default. */
export const webPreferences = (preload: string, packaged: boolean) => ({
  preload,
  partition: "tokenglass", // without "persist:": nothing of the window is kept on disk
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
  navigateOnDragDrop: false,
  safeDialogs: true,
  spellcheck: false,
  devTools: !packaged,
});

/** Switches for the browser part: no network at all, no reports. The window's files come from the app itself. */
export const switches: [name: string, value?: string][] = [
  ["host-resolver-rules", "MAP * ~NOTFOUND"],
  ["no-proxy-server"],
  ["disable-background-networking"],
  ["disable-breakpad"],
  ["disable-domain-reliability"],
];

interface Frame {
  origin: string;
  /** null for a main frame. */
  parent: unknown;
}

/** Whether a message comes from the window's own page: its main frame and the app's origin. */
export const isOurFrame = <F extends Frame>(sender: F | null | undefined, mainFrame: F): boolean =>
  sender !== null && sender !== undefined && sender === mainFrame && sender.parent === null && sender.origin === origin;

/** Whether the window may load something: the app's own files, and DevTools where they are not switched off. */
export const mayLoad = (url: string, packaged: boolean): boolean => {
  try {
    const { origin: from, protocol } = new URL(url);
    return from === origin || protocol === "data:" || (!packaged && protocol === "devtools:");
  } catch {
    return false;
  }
};

/** Whether the window may go somewhere: nowhere but to its start page. */
export const mayNavigate = (url: string): boolean => url === startPage;

/** Copying is all that the window needs a permission for. */
export const mayHave = (permission: string): boolean => permission === "clipboard-sanitized-write";
