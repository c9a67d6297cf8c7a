import { Worker } from "node:worker_threads";

const everyMilliseconds = 1000;

/**
 * Ends this process when its parent is gone, also while a module hangs: then the main thread hears nothing of the
 * closed channel, but a second thread does its looking. POSIX gives an orphan another parent.
 */
export const guardAgainstOrphanhood = (): void => {
  if (process.platform === "win32") return;
  const watching = `
    setInterval(() => process.ppid === ${process.ppid} || process.kill(process.pid, "SIGKILL"), ${everyMilliseconds});
  `;
  new Worker(watching, { eval: true, stdout: false, stderr: false }).unref();
};
