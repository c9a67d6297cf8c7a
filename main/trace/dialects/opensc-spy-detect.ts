import { type Detection, undetected } from "./dialect.ts";

const banner = /\*{15} OpenSC PKCS#11 spy \*{17}/;
const record =
  /(?:^|\n)\d+: (?:C_\w+|SetOperationState)\r?\n(?:(?:P:\d+; T:\S+ )?\d+-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\r?\n)?/;
const timed = /(?:^|\n)\d+: (?:C_\w+|SetOperationState)\r?\n(?:P:\d+; T:\S+ )?\d+-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\r?\n/;
const returned = /(?:^|\n)Returned: {1,2}-?\d+ \S/;

/** What tells versions apart, the newest first; the first that fits is it. */
const versions: [RegExp, string][] = [
  [/->pParameter = NULL|->type = CKM_\w+ {30,}|the length does not match|hedgeVariant/, "0.27"],
  [/\(faked\)|pInterfacesList/, "0.26"],
  [/\nP:\d+; T:/, "0.24 to 0.27"],
  [/\[in\] type = \S+ *\[out\] pInfo/, "0.23"],
  [/\[compat\]|->type = |\[in\] pApplication = /, "0.22 or 0.23"],
  [/\n\d+-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\r?\n/, "0.13 to 0.21"],
];

/** Looks for the spy's banner, or for records that only it writes. */
export const detectSpy = (head: Uint8Array): Detection => {
  const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString("latin1");
  const hasBanner = banner.test(text);
  if (!hasBanner && !timed.test(text) && !(record.test(text) && returned.test(text))) return undetected;
  const version = versions.find(([pattern]) => pattern.test(text))?.[1] ?? (record.test(text) ? "0.12" : null);
  const processes = new Set(Array.from(text.matchAll(/\nP:(\d+); T:/g), ([, number]) => number));
  const [process] = processes;
  return {
    confidence: hasBanner ? 0.98 : timed.test(text) ? 0.95 : 0.6,
    version,
    limits: limitsOf(version, processes.size > 0),
    facts: {
      program: null,
      process: processes.size === 1 ? Number(process) : null,
      module: /\nLoaded: "([^"\r\n]*)"/.exec(text)?.[1] ?? null,
      level: null,
    },
  };
};

const limitsOf = (version: string | null, hasThreads: boolean): string[] => [
  version === "0.12"
    ? "This version of the spy writes no times."
    : "Times are those at which calls began, to the millisecond, by the clock of the computer that wrote the log. They are read in this computer's time zone.",
  ...(version === "0.12"
    ? []
    : ["How long a call took is not in the log: the time until the next call of the same thread is an upper bound."]),
  hasThreads
    ? "Process and thread stand at the beginning of a call only. Where calls overlap, results may belong to another call; those rows are marked."
    : "Processes and threads are not told apart. Where calls overlap, results may belong to another call; those rows are marked.",
  "The spy writes PINs, keys and data in clear. They are masked here; whoever has the file can read them.",
];
