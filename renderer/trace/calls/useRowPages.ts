import { useEffect, useMemo, useReducer, useRef, useState } from "react";
import { call } from "../../client/call.ts";
import type { OpenedTrace } from "../opened.ts";
import { RowPages } from "./row-pages.ts";

/** Milliseconds after which a text search that still runs is asked how far it is. */
const searchStep = 200;

/**
 * The rows of a trace through its filter. While those of a new filter are on their way, the ones before stay.
 * @param filter valid
 */
export const useRowPages = (trace: OpenedTrace, filter: string): RowPages => {
  const { id, fold, progress, first } = trace;
  const [, draw] = useReducer((count: number) => count + 1, 0);
  const pages = useMemo(() => {
    const made = new RowPages((from, count) => call("trace.rows", { trace: id, from, count, filter, fold }), draw);
    if (filter === "" && !fold) made.seed(first);
    return made;
  }, [id, filter, fold, first]);
  const [shown, setShown] = useState(pages);
  useEffect(() => {
    pages.want(0, 60);
    return () => pages.close();
  }, [pages]);
  const settled = pages.known || pages.error !== null;
  useEffect(() => {
    if (settled) setShown(pages);
  }, [settled, pages]);

  const generation = useRef(progress.generation);
  useEffect(() => {
    const moved = generation.current !== progress.generation;
    generation.current = progress.generation;
    pages.grown(moved);
  }, [pages, progress]);

  const { searching, version } = pages;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each answer is followed by the next question
  useEffect(() => {
    if (!searching) return;
    const timer = setTimeout(() => pages.grown(true), searchStep);
    return () => clearTimeout(timer);
  }, [pages, searching, version]);
  return settled ? pages : shown;
};
