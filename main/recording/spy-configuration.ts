/**
 * The file `<copy of the spy>.conf`, `name=value` lines, as native/spy reads them.
 */
export interface SpyConfiguration {
  /** Absolute path of the real module. */
  module: string;
  /** Folder for the recordings. */
  traces: string;
  level: number;
  /** Seconds since the epoch at which level 2 falls back to 1. */
  until?: number | undefined;
}

/** How long level 2 is in force, unless a person said otherwise; then the spy itself falls back to 1. */
const level2Seconds = 3600;

/** @returns `until` for a level that was chosen now */
export const untilFor = (level: number): number | undefined =>
  level === 2 ? Math.floor(Date.now() / 1000) + level2Seconds : undefined;

/** Names of the settings in the file, by those here. */
const names = { module: "module", traces: "dir", level: "level", until: "until" } as const;

/** Lines without the module's, which the audit library adds for each module. */
export const spyLines = ({ traces, level, until }: Omit<SpyConfiguration, "module">): string[] => [
  `${names.traces}=${traces}`,
  `${names.level}=${level}`,
  ...(until === undefined ? [] : [`${names.until}=${until}`]),
];

/** @throws RangeError for a path that the file cannot hold: one with a line end, or with blanks at its ends */
export const spyConfiguration = (wanted: SpyConfiguration): string => {
  for (const path of [wanted.module, wanted.traces])
    if (/[\n\r]|^\s|\s$/.test(path)) throw new RangeError("A path has a line end in it, or blanks at its ends.");
  return `${[...spyLines(wanted), `${names.module}=${wanted.module}`].join("\n")}\n`;
};

/** @returns the module that a configuration names, "" if none */
export const moduleIn = (text: string): string => /^module=(.*)$/m.exec(text)?.[1] ?? "";
