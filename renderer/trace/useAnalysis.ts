import { keepPreviousData, type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { Input, Output } from "../../preload/contract/index.ts";
import { call, type RequestError } from "../client/call.ts";
import type { OpenedTrace } from "./opened.ts";

/** A growing trace is gone through again at most this often. */
const restMilliseconds = 1000;

/**
 * A moment of a trace that is worth going through all its rows again: while the index grows only each doubling, since
 * what is shown will be wrong a moment later anyway; of a live trace each change.
 */
export const momentOf = ({ state, rows, generation }: OpenedTrace["progress"]): string =>
  state === "indexing" ? `indexing ${rows === 0 ? 0 : Math.floor(Math.log2(rows))}` : `${state} ${rows} ${generation}`;

/** What an analysis of all rows says, anew as the trace grows; the last answer stays until the next is there. */
export const useAnalysis = <N extends "trace.logins" | "trace.statistics">(
  name: N,
  trace: OpenedTrace,
): UseQueryResult<Output<N>, RequestError> => {
  const moment = useRested(momentOf(trace.progress));
  return useQuery<Output<N>, RequestError>({
    queryKey: [name, trace.id, moment],
    queryFn: () => call(name, { trace: trace.id } as Input<N>),
    placeholderData: keepPreviousData,
    gcTime: 30_000,
  });
};

/** The value, but not more often than every {@link restMilliseconds}; the last one always comes. */
export const useRested = (value: string): string => {
  const [rested, setRested] = useState(value);
  const last = useRef(0);
  useEffect(() => {
    if (value === rested) return;
    const timer = setTimeout(
      () => {
        last.current = performance.now();
        setRested(value);
      },
      Math.max(0, last.current + restMilliseconds - performance.now()),
    );
    return () => clearTimeout(timer);
  }, [value, rested]);
  return rested;
};
