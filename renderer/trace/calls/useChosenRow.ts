import { useCallback, useEffect, useRef, useState } from "react";
import { call } from "../../client/call.ts";
import { chooseRow, type OpenedTrace, patchTrace } from "../opened.ts";
import type { RowPages } from "./row-pages.ts";

/**
 * Where the chosen row stands in the list, kept true when the filter or the numbers of rows change.
 * @param filter of the list
 * @param onFound told a position that somebody asked to see
 */
export const useChosenRow = (
  trace: OpenedTrace,
  pages: RowPages,
  filter: string,
  onFound: (position: number) => void,
) => {
  const { id, row, rowIn, shown, fold, progress } = trace;
  const [at, setAt] = useState<number | null>(null);
  /** A position whose row has not come yet. */
  const waiting = useRef<number | null>(null);
  const seen = useRef(0);
  const found = useRef(onFound);
  found.current = onFound;

  // biome-ignore lint/correctness/useExhaustiveDependencies: a row that is chosen here comes with its position; rows that move are asked for again
  useEffect(() => {
    if (row === null) return setAt(null);
    let gone = false;
    call("trace.position", { trace: id, row, generation: rowIn, filter, fold }).then(
      ({ position, exact, row: now, generation }) => {
        if (gone) return;
        // A record was chosen, not its number.
        if (now !== row || generation !== rowIn) patchTrace(id, { row: now, rowIn: generation });
        if (now === null) return setAt(null);
        const asked = shown !== seen.current;
        seen.current = shown;
        // Who asks for a row wants to see it, whatever the filter.
        if (!exact && asked && (filter !== "" || fold)) {
          seen.current = -1;
          patchTrace(id, { filter: "", fold: false });
          return;
        }
        setAt(exact ? position : null);
        found.current(position);
      },
      () => {},
    );
    return () => {
      gone = true;
    };
  }, [id, shown, filter, fold, progress.generation]);

  const choose = useCallback(
    (chosen: number, position: number) => {
      waiting.current = null;
      setAt(position);
      chooseRow(id, chosen);
    },
    [id],
  );
  const go = useCallback(
    (position: number) => {
      setAt(position);
      const there = pages.at(position);
      waiting.current = there ? null : position;
      if (there) chooseRow(id, there.row);
    },
    [id, pages],
  );
  const { version } = pages;
  useEffect(() => {
    const there = waiting.current === null || version < 0 ? undefined : pages.at(waiting.current);
    if (!there) return;
    waiting.current = null;
    chooseRow(id, there.row);
  }, [id, pages, version]);
  return { at, choose, go };
};
