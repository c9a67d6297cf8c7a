/** What the preload script uses of Electron. Its own types would bring Node's into the contract. */
declare module "electron" {
  export const contextBridge: { exposeInMainWorld(name: string, value: unknown): void };
  export const ipcRenderer: {
    send(channel: string, payload: string): void;
    on(channel: string, listener: (event: unknown, batch: string) => void): void;
  };
}
