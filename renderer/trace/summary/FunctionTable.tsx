import { useMemo, useState } from "react";
import type { FunctionStatistics } from "../../../preload/contract/trace.ts";
import { number } from "../../ui/words.ts";
import { durationWords } from "../calls/times.ts";
import { bucketFrom, bucketRange, bucketTo, type Column, columns, firstSorting, sorted } from "./functions.ts";
import { Histogram } from "./Histogram.tsx";

const heads: Record<Column, { title: string; about: string }> = {
  name: { title: "Function", about: "" },
  calls: { title: "Calls", about: "" },
  errors: { title: "Errors", about: "Return codes that are errors where they came; size questions are none." },
  total: { title: "Total", about: "Time of all its calls." },
  mean: { title: "Mean", about: "" },
  p50: { title: "p50", about: "Half of the calls took at most this long." },
  p95: { title: "p95", about: "95 of 100 calls took at most this long." },
  max: { title: "Max", about: "The slowest call." },
  share: { title: "Share", about: "Part of the time of all calls. Waiting for a slot event counts for nothing." },
};
const times = ["total", "mean", "p50", "p95", "max"] as const;

/** Functions with their calls, errors and times, sorted by any column. */
export const FunctionTable = ({
  functions,
  what = "Function",
  atMost,
  onFunction,
}: {
  functions: readonly FunctionStatistics[];
  /** What its rows are: "Function", "Command". */
  what?: string;
  /** The log has only starting times: times are upper bounds. */
  atMost: boolean;
  /** Shows calls of a function; errors only, if asked for. */
  onFunction(name: string, errors: boolean): void;
}) => {
  const [sorting, setSorting] = useState(firstSorting("total"));
  const rows = useMemo(() => sorted(functions, sorting), [functions, sorting]);
  const range = useMemo(() => bucketRange(functions), [functions]);
  const time = (value: number | null) => (value === null ? "–" : `${atMost ? "≤ " : ""}${durationWords(value)}`);
  return (
    <div className="wide-table">
      <table className="plain-table functions">
        <thead>
          <tr>
            {columns.map((column) => {
              const here = sorting.column === column;
              return (
                <th
                  key={column}
                  scope="col"
                  className={column === "name" ? "" : `number column-${column}`}
                  aria-sort={here ? (sorting.descending ? "descending" : "ascending") : "none"}
                >
                  <button
                    type="button"
                    title={heads[column].about || undefined}
                    onClick={() =>
                      setSorting(here ? { column, descending: !sorting.descending } : firstSorting(column))
                    }
                  >
                    {column === "name" ? what : heads[column].title}
                    <span aria-hidden="true">{here ? (sorting.descending ? "\u00a0▾" : "\u00a0▴") : ""}</span>
                  </button>
                </th>
              );
            })}
            {range ? (
              <th scope="col" className="spread" title="Calls by how long they took; each tenfold is two bars.">
                {bucketFrom(range.from) === 0 ? "0" : durationWords(bucketFrom(range.from))} –{" "}
                {durationWords(bucketTo(range.to))}
              </th>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name}>
              <td>
                <button type="button" className="link mono" onClick={() => onFunction(row.name, false)}>
                  {row.name}
                </button>
              </td>
              <td className="number">{number(row.calls)}</td>
              <td className="number">
                {row.errors === 0 ? (
                  <span className="muted">0</span>
                ) : (
                  <button
                    type="button"
                    className="link error"
                    aria-label={`Show the ${row.errors} errors of ${row.name}`}
                    onClick={() => onFunction(row.name, true)}
                  >
                    {number(row.errors)}
                  </button>
                )}
              </td>
              {times.map((column) => (
                <td key={column} className={`number column-${column}`}>
                  {time(row[column])}
                </td>
              ))}
              <td className="number column-share">{row.share === null ? "–" : `${(row.share * 100).toFixed(1)} %`}</td>
              {range ? (
                <td className="spread">
                  <Histogram name={row.name} histogram={row.histogram} range={range} />
                </td>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};
