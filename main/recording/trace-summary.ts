import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";

/** What a recording holds, in numbers. */
export interface TraceSummary {
  calls: number;
  /** Calls by return code, without CKR_OK. */
  errors: Map<string, number>;
  logins: { ok: number; failed: number };
  /** Calls that were not written, e.g. for want of disk space. */
  lost: number;
}

const loginFunctions = new Set(["C_Login", "C_LoginUser"]);

/** Adds one line of a recording. The fixed order of keys saves parsing lines that may be 4 KB long. */
export const addLine = (summary: TraceSummary, line: string): void => {
  if (line.startsWith('{"k":"lost"')) {
    summary.lost += Number(/"n":(\d+)/.exec(line)?.[1] ?? 0);
    return;
  }
  if (!line.startsWith('{"s":')) return;
  summary.calls++;
  const end = line.search(/,"[io]":/);
  const head = end < 0 ? line : line.slice(0, end);
  const name = /"f":"(\w+)"/.exec(head)?.[1] ?? "";
  const rv = /"r":"(\w+)"/.exec(head)?.[1];
  if (rv !== undefined) summary.errors.set(rv, (summary.errors.get(rv) ?? 0) + 1);
  if (loginFunctions.has(name)) summary.logins[rv === undefined ? "ok" : "failed"]++;
};

export const emptySummary = (): TraceSummary => ({
  calls: 0,
  errors: new Map(),
  logins: { ok: 0, failed: 0 },
  lost: 0,
});

/** Reads a recording line by line. */
export const summarise = async (path: string): Promise<TraceSummary> => {
  const summary = emptySummary();
  const lines = createInterface({ input: createReadStream(path, "utf8"), crlfDelay: Number.POSITIVE_INFINITY });
  for await (const line of lines) addLine(summary, line);
  return summary;
};

/** One line of text: "1,234 calls, 2 errors (CKR_PIN_INCORRECT, 2 x CKR_BUFFER_TOO_SMALL), logins: 1 ok, 1 failed". */
export const summaryText = ({ calls, errors, logins, lost }: TraceSummary): string => {
  const total = [...errors.values()].reduce((sum, count) => sum + count, 0);
  const named = [...errors]
    .sort((a, b) => b[1] - a[1])
    .slice(0, 4)
    .map(([name, count]) => (count === 1 ? name : `${count} x ${name}`));
  const more = errors.size > named.length ? ", ..." : "";
  return [
    `${calls.toLocaleString("en")} ${calls === 1 ? "call" : "calls"}`,
    total === 0 ? "no errors" : `${total} not CKR_OK (${named.join(", ")}${more})`,
    `logins: ${logins.ok} ok, ${logins.failed} failed`,
    ...(lost > 0 ? [`${lost} calls lost`] : []),
  ].join(", ");
};
