import type { FromHost, ToHost } from "./protocol.ts";

/** The child's end of the channel to its parent: Node's own, or Electron's parent port. */
export interface Channel {
  send(message: FromHost): void;
  onMessage(listener: (message: ToHost) => void): void;
  onParentGone(listener: () => void): void;
}

/** The parts of Electron's process.parentPort that are needed; declared here so that no token code imports electron. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: "message", listener: (event: { data: unknown }) => void): void;
}

export const openChannel = (): Channel => {
  const { parentPort } = process as unknown as { parentPort?: ParentPort };
  if (parentPort)
    return {
      send: (message) => parentPort.postMessage(message),
      onMessage: (listener) => parentPort.on("message", ({ data }) => listener(data as ToHost)),
      // Electron ends utility processes itself when its main process ends.
      onParentGone: () => {},
    };
  return {
    send: (message) => void process.send?.(message),
    onMessage: (listener) => void process.on("message", (message) => listener(message as ToHost)),
    onParentGone: (listener) => void process.on("disconnect", listener),
  };
};
