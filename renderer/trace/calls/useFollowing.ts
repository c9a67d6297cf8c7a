import { useCallback, useRef, useState } from "react";

/** Whether the list stays at its end while rows come. Scrolling up and choosing a row end it; rows that come then are counted. */
export const useFollowing = (live: boolean, rows: number) => {
  const [on, setOn] = useState(live);
  /** Rows that there were when it ended. */
  const [left, setLeft] = useState(0);
  const now = useRef(rows);
  now.current = rows;
  const pause = useCallback(() => {
    setOn((before) => {
      if (before) setLeft(now.current);
      return false;
    });
  }, []);
  return {
    on: live && on,
    missed: Math.max(0, rows - left),
    pause,
    resume: useCallback(() => setOn(true), []),
    onUser: useCallback(
      (by: number) => {
        if (by < 0) pause();
      },
      [pause],
    ),
  };
};
