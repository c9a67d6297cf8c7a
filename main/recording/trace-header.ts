/** The first line of a recording. */
export interface TraceHeader {
  /** Milliseconds since the epoch. */
  started: number;
  process: number;
  program: string;
  module: string;
  level: number;
  /** File name of the recording of the process that this one was forked from; null if none. */
  parent: string | null;
}

/** @returns null if the line is not a header, or not whole */
export const readHeaderLine = (line: string): TraceHeader | null => {
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return null;
  }
  if (fields === null || typeof fields !== "object" || fields["k"] !== "header") return null;
  const text = (name: string): string => (typeof fields[name] === "string" ? (fields[name] as string) : "");
  const number = (name: string): number => (typeof fields[name] === "number" ? (fields[name] as number) : 0);
  return {
    started: Math.floor(number("t") / 1e6),
    process: number("pid"),
    program: text("exe"),
    module: text("module"),
    level: number("level"),
    parent: text("parent") || null,
  };
};
