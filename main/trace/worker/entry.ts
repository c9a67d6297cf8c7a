import { parentPort } from "node:worker_threads";
import type { Answer, Task } from "./messages.ts";
import { buffersOf, runTask } from "./run-task.ts";

/** A worker thread of the trace viewer: reads files and answers tasks, one at a time. */
parentPort?.on("message", async ({ id, task }: { id: number; task: Task }) => {
  try {
    const result = await runTask(task);
    parentPort?.postMessage({ id, result } satisfies Answer, buffersOf(result));
  } catch (thrown) {
    parentPort?.postMessage({ id, error: thrown instanceof Error ? thrown.message : String(thrown) } satisfies Answer);
  }
});
