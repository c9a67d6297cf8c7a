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

/** What the file's name says, for a recording whose first line is damaged. */
export const fromName = (name: string): Pick<TraceHeader, "started" | "process"> => {
  const [, day, time, id] = /^(\d{8})T(\d{9})Z?-(\d+)-/.exec(name) ?? [];
  if (!day || !time) return { started: 0, process: Number(id ?? 0) };
  const [, y, mo, d] = /(\d{4})(\d\d)(\d\d)/.exec(day) ?? [];
  const [, h, mi, s, ms] = /(\d\d)(\d\d)(\d\d)(\d{3})/.exec(time) ?? [];
  return { started: Date.parse(`${y}-${mo}-${d}T${h}:${mi}:${s}.${ms}Z`), process: Number(id) };
};
