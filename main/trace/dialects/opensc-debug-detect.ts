import { type Detection, undetected } from "./dialect.ts";

/** Prefixes of sc_log by generation (libopensc/log.c), the newest first. */
const generations: readonly { pattern: RegExp; name: string; hasDays: boolean; isOld: boolean }[] = [
  {
    pattern: /^(?:\x1b\[[\d;]*m)*P:(\d+); T:\w+ \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \[([^\]\n]*)\] /m,
    name: "0.18 or newer, Windows",
    hasDays: true,
    isOld: false,
  },
  {
    pattern: /^(?:\x1b\[[\d;]*m)*P:(\d+); T:\w+ \d\d:\d\d:\d\d\.\d{3} \[([^\]\n]*)\] /m,
    name: "0.20 or newer",
    hasDays: false,
    isOld: false,
  },
  {
    pattern: /^(?:\x1b\[[\d;]*m)*0x([0-9a-fA-F]+) \d\d:\d\d:\d\d\.\d{3} \[([^\]\n]*)\] /m,
    name: "before 0.20",
    hasDays: false,
    isOld: true,
  },
  {
    pattern: /^(?:\x1b\[[\d;]*m)*(\d{4})-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \[([^\]\n]*)\] \S+:\d+:\w+:/m,
    name: "before 0.18, Windows",
    hasDays: true,
    isOld: true,
  },
];

const versionLine = /opensc version: (\d+\.\d+\S*)/;

/** Looks for lines with the prefix of OpenSC's log. */
export const detectDebug = (head: Uint8Array): Detection => {
  const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString("latin1");
  const generation = generations.find(({ pattern }) => pattern.test(text));
  if (!generation) return undetected;
  const [, process, program] = generation.pattern.exec(text) ?? [];
  const version = versionLine.exec(text)?.[1] ?? generation.name;
  const processes = new Set(Array.from(text.matchAll(/^P:(\d+); T:/gm), ([, number]) => number));
  return {
    confidence: /^.{0,120}\] [\w./\\-]+:\d+:\w+: /m.test(text) ? 0.95 : 0.7,
    version,
    limits: limitsOf(version, generation.hasDays, generation.isOld),
    facts: {
      program: program || null,
      process: processes.size === 1 ? Number(process) : null,
      module: null,
      level: null,
    },
  };
};

/** Since 0.21 the log is switched off during PIN commands, below level 9. */
const hidesPins = (version: string, isOld: boolean): boolean => {
  const minor = /^0\.(\d+)\./.exec(version)?.[1];
  return minor === undefined ? !isOld : Number(minor) >= 21;
};

const limitsOf = (version: string, hasDays: boolean, isOld: boolean): string[] => [
  hasDays
    ? "Times are to the millisecond, by the clock of the computer that wrote the log. They are read in this computer's time zone."
    : "Times have no day, only the time of day, to the millisecond. After midnight they begin again.",
  "Some functions do not write that they return: how deep a line is nested is then a guess, and calls of PKCS#11 functions may show no result.",
  "Lines of several threads may be mixed, and text of a card may look like lines of the log.",
  hidesPins(version, isOld)
    ? "PIN commands are left out of this log below level 9: only their results are in it. Other commands may hold PINs; those that are known are masked here."
    : "PINs that were sent to the card are in this log in clear. They are masked here; whoever has the file can read them.",
];
