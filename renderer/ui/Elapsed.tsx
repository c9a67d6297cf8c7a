import { useEffect, useState } from "react";

/** Seconds since it appeared, or since a moment of `performance.now()`, for work under way. */
export const Elapsed = ({ since }: { since?: number }) => {
  const [appeared] = useState(() => performance.now());
  const start = since ?? appeared;
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), 200);
    return () => clearInterval(timer);
  }, []);
  return <span role="timer">{(Math.max(0, now - start) / 1000).toFixed(1)} s</span>;
};
