import { closeSync, fstatSync, openSync } from "node:fs";
import { dialectNamed } from "../dialects/all.ts";
import { packColumns, unpackColumns } from "../index/columns.ts";
import { type Part, scanRange } from "../index/scan-range.ts";
import type { ScanResult, Task, TaskResult } from "./messages.ts";
import { searchRange } from "./search-range.ts";

/** Carries out a task; blocks while it does. What analyses need is loaded with the first one. */
export const runTask = async (task: Task): Promise<TaskResult> => {
  if (task.kind === "analysis") {
    const { analyse } = await import("../analysis/analyse.ts");
    return { kind: "analysis", result: analyse(task.analysis) };
  }
  const fd = openSync(task.path, "r");
  try {
    if (task.kind === "search")
      return {
        kind: "search",
        hits: searchRange(fd, task.from, Math.min(task.to, fstatSync(fd).size), task.needles, task.ignoreCase),
      };
    const dialect = dialectNamed(task.dialect);
    if (!dialect) throw new Error(`no dialect ${task.dialect}`);
    const old = task.columns && unpackColumns({ ...task.columns, count: 0 });
    const { columns, ...part } = scanRange(fd, dialect, task.range, old);
    return { kind: "scan", columns: packColumns(columns).data, ...part };
  } finally {
    closeSync(fd);
  }
};

/** @returns buffers of a result that can be given to another thread without copying. */
export const buffersOf = (result: TaskResult): ArrayBuffer[] => {
  if (result.kind === "analysis") return [];
  return result.kind === "search"
    ? [result.hits.buffer as ArrayBuffer]
    : packColumns(unpackColumns(result.columns)).buffers;
};

/** The part in a scan's result. */
export const partOf = ({ columns, kind: _kind, ...part }: ScanResult): Part => ({
  ...part,
  columns: unpackColumns(columns),
});
