import { join } from "node:path";
import { BrowserWindow, app as electron, ipcMain, Menu, session, utilityProcess, type WebContents } from "electron";
import { arriveChannel, askChannel } from "../../preload/contract/bridge.ts";
import { openApp } from "../app.ts";
import { dataFolder, hostEntry, preloadFolder, version } from "../places.ts";
import { answerAsk, parseAsk } from "./answer-ask.ts";
import { forkWithElectron } from "./electron-fork.ts";
import { menuTemplate } from "./electron-menu.ts";
import { isOurFrame, mayHave, mayLoad, mayNavigate, switches, webPreferences } from "./electron-policy.ts";
import { Outbox } from "./outbox.ts";
import { rendererFile, startPage } from "./renderer-files.ts";
import { boundsPath, readBounds, writeBounds } from "./window-bounds.ts";

/** Entry of the Electron shell. What it allows is in electron-policy.ts; SECURITY.md goes through it item by item. */
const folder = dataFolder();
const packaged = electron.isPackaged;

electron.enableSandbox();
for (const [name, value] of switches) electron.commandLine.appendSwitch(name, value);
electron.setPath("userData", join(folder, "electron"));
electron.setName("Tokenglass");

// Also for contents that no code of ours makes: no page but ours, no new windows, no <webview>.
electron.on("web-contents-created", (_event, contents) => lockDown(contents));

if (electron.requestSingleInstanceLock()) void run();
else {
  process.stdout.write(`Tokenglass is already open with the data folder ${folder}; its window was shown.\n`);
  electron.exit(0);
}

async function run(): Promise<void> {
  const app = await openApp({
    dataFolder: folder,
    shell: "electron",
    fork: forkWithElectron(utilityProcess, hostEntry),
    version,
  });
  await electron.whenReady();
  guardSession();
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(process.platform)));

  const window = new BrowserWindow({
    title: "Tokenglass",
    ...readBounds(boundsPath(folder)),
    autoHideMenuBar: true,
    webPreferences: webPreferences(join(preloadFolder, "electron.cjs"), packaged),
  });
  connect(window, app);

  let exitCode = 0;
  window.webContents.on("render-process-gone", (_event, { reason }) => {
    process.stderr.write(
      `The window's process ended: ${reason}. Every token was logged out. Start Tokenglass again.\n`,
    );
    exitCode = 1;
    window.destroy();
  });
  window.on("close", () => void writeBounds(boundsPath(folder), window.getNormalBounds()));
  electron.on("second-instance", () => {
    if (window.isMinimized()) window.restore();
    window.focus();
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => window.close());
  electron.on("window-all-closed", async () => {
    await app.close();
    electron.exit(exitCode);
  });

  void app.startModules();
  await window.loadURL(startPage);
}

/** The window's session: our files, nothing from the network, no permissions, no downloads. */
function guardSession(): void {
  const ours = session.fromPartition("tokenglass");
  ours.protocol.handle("https", async ({ method, url }) => {
    const file = method === "GET" ? await rendererFile(url) : null;
    return file ? new Response(new Uint8Array(file.body), file) : new Response(null, { status: 404 });
  });
  ours.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !mayLoad(url, packaged) }));
  ours.setPermissionRequestHandler((_contents, permission, answer) => answer(mayHave(permission)));
  ours.setPermissionCheckHandler((_contents, permission) => mayHave(permission));
  ours.setDevicePermissionHandler(() => false);
  ours.on("will-download", (event) => event.preventDefault());
}

function lockDown(contents: WebContents): void {
  contents.setWindowOpenHandler(() => ({ action: "deny" }));
  contents.on("will-attach-webview", (event) => event.preventDefault());
  contents.on("will-frame-navigate", (event) => {
    if (!mayNavigate(event.url)) event.preventDefault();
  });
  contents.on("will-redirect", (event) => event.preventDefault());
}

/** One channel in, one out; both only for the page in the window's main frame. */
function connect(window: BrowserWindow, app: Awaited<ReturnType<typeof openApp>>): void {
  const { webContents } = window;
  const fresh = (): Outbox => {
    const mine: Outbox = new Outbox(async (batch) => {
      if (mine === outbox && !webContents.isDestroyed()) webContents.mainFrame.send(arriveChannel, batch);
    });
    return mine;
  };
  let outbox = fresh();
  // Replies to the page before a reload are for nobody.
  webContents.on("did-start-navigation", ({ isMainFrame, isSameDocument }) => {
    if (isMainFrame && !isSameDocument) outbox = fresh();
  });
  const news = {
    onUsable: () => process.stdout.write(`Window usable after ${Math.round(performance.now())} ms.\n`),
    // Kept when the window closes.
    onResized: () => {},
  };
  ipcMain.on(askChannel, (event, payload: unknown) => {
    const ask = isOurFrame(event.senderFrame, webContents.mainFrame) ? parseAsk(payload) : null;
    if (ask) void answerAsk(app, ask, outbox, news);
  });
  app.onEvent((name, data) => outbox.send({ kind: "event", name, data }));
}
