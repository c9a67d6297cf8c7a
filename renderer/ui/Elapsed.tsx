import { useEffect, useState } from "react";

/** Seconds since it appeared, for work under way. */
export const Elapsed = () => {
  const [start] = useState(() => performance.now());
  const [now, setNow] = useState(start);
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), 200);
    return () => clearInterval(timer);
  }, []);
  return <span role="timer">{((now - start) / 1000).toFixed(1)} s</span>;
};
