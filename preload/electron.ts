import { contextBridge, ipcRenderer } from "electron";
import { arriveChannel, askChannel, bridgeName } from "./contract/bridge.ts";
import { guardWindow } from "./guard-window.ts";
import { makeBridge } from "./make-bridge.ts";

/** Runs sandboxed and in a world of its own; the page gets two functions, never ipcRenderer itself. */
const { bridge, receive } = makeBridge((payload) => ipcRenderer.send(askChannel, payload));
ipcRenderer.on(arriveChannel, (_event, batch) => receive(batch));
contextBridge.exposeInMainWorld(bridgeName, bridge);
guardWindow();
