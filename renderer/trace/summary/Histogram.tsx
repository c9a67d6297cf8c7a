import { countWords } from "../../ui/words.ts";
import { durationWords } from "../calls/times.ts";
import { bucketFrom, bucketTo } from "./functions.ts";

const height = 20;

/** Calls by how long they took, on a scale in which each tenfold is two bars; all rows of a table share the axis. */
export const Histogram = ({
  name,
  histogram,
  range: { from, to },
}: {
  name: string;
  histogram: readonly number[];
  range: { from: number; to: number };
}) => {
  const bars = Array.from({ length: to - from + 1 }, (_, index) => ({
    bucket: from + index,
    calls: histogram[from + index] ?? 0,
  }));
  // By logarithm: a single slow call among a million fast ones is what is looked for.
  const most = Math.log1p(Math.max(1, ...bars.map(({ calls }) => calls)));
  const filled = bars.filter(({ calls }) => calls > 0);
  if (filled.length === 0) return null;
  const words = filled.map(({ bucket, calls }) => `${rangeWords(bucket)}: ${countWords(calls, "call")}`).join("\n");
  return (
    <svg
      className="histogram"
      viewBox={`0 0 ${bars.length * 6} ${height}`}
      width={bars.length * 6}
      height={height}
      role="img"
      aria-label={`${name}: ${words}`}
    >
      <title>{words}</title>
      {bars.map(({ bucket, calls }, index) => {
        const size = calls === 0 ? 1 : 3 + (Math.log1p(calls) / most) * (height - 3);
        return (
          <rect
            key={bucket}
            className={calls === 0 ? "none" : ""}
            x={index * 6}
            y={height - size}
            width={5}
            height={size}
          />
        );
      })}
    </svg>
  );
};

const rangeWords = (bucket: number): string =>
  bucket === 0
    ? `below ${durationWords(bucketTo(0))}`
    : `${durationWords(bucketFrom(bucket))} to ${durationWords(bucketTo(bucket))}`;
