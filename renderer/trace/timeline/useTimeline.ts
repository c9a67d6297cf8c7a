import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Output } from "../../../preload/contract/index.ts";
import { call, type RequestError } from "../../client/call.ts";
import type { OpenedTrace } from "../opened.ts";
import { momentOf, useRested } from "../useAnalysis.ts";
import type { Range } from "./range.ts";

/**
 * The spans of a part of a trace, and how long the whole is.
 * @param range null: the whole
 */
export const useTimeline = (trace: OpenedTrace, range: Range | null, pixels: number, filter: string) => {
  const moment = useRested(momentOf(trace.progress));
  const ask = (from: string | null, to: string | null) =>
    call("trace.timeline", {
      trace: trace.id,
      from,
      to,
      pixels: Math.max(10, Math.min(8192, Math.round(pixels))),
      filter,
    });
  const whole = useQuery<Output<"trace.timeline">, RequestError>({
    queryKey: ["trace.timeline", trace.id, moment, pixels, filter],
    queryFn: () => ask(null, null),
    enabled: pixels > 0,
    placeholderData: keepPreviousData,
    gcTime: 10_000,
  });
  const first = whole.data?.from ?? null;
  const length = whole.data?.from && whole.data.to ? Number(BigInt(whole.data.to) - BigInt(whole.data.from)) : 0;
  const near = useQuery<Output<"trace.timeline"> & { zero: number }, RequestError>({
    queryKey: ["trace.timeline", trace.id, moment, pixels, filter, range],
    queryFn: async () => {
      const start = Math.round(range?.start ?? 0);
      const from = BigInt(first ?? "0") + BigInt(start);
      const answer = await ask(String(from), String(from + BigInt(Math.round(range?.length ?? 0))));
      return { ...answer, zero: answer.from === null ? start : Number(BigInt(answer.from) - BigInt(first ?? "0")) };
    },
    enabled: range !== null && first !== null && pixels > 0,
    placeholderData: keepPreviousData,
    gcTime: 10_000,
  });
  const shown = range !== null && near.data ? near.data : whole.data ? { ...whole.data, zero: 0 } : null;
  return { first, length, shown, error: whole.error ?? near.error };
};
