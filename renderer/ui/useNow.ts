import { useMemo, useSyncExternalStore } from "react";

/** Milliseconds between two ticks. */
const step = 60_000;

let ticks = 0;
let timer: ReturnType<typeof setInterval> | null = null;
const listeners = new Set<() => void>();

/** One timer for all clocks on the screen; none while there is no clock. */
const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  timer ??= setInterval(() => {
    ticks++;
    for (const one of listeners) one();
  }, step);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };
};

/**
 * What is the time: anew each minute, and whenever `shown` is another thing (what has just been made must not be
 * judged by a clock that is a minute old).
 * @returns milliseconds, as `Date.now()`
 */
export const useNow = (shown?: unknown): number => {
  const tick = useSyncExternalStore(subscribe, () => ticks);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the clock is read again because these have changed
  return useMemo(() => Date.now(), [tick, shown]);
};
