import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { type Extent, lastTop, scrollTopOf, topFor, topOf, within } from "./scrolling.ts";

/** Pixels of a wheel's line (deltaMode 1). */
const wheelLine = 24;

export interface Scrolling {
  /** Pixels of the list above what is in sight. */
  top: number;
  /** Height of what is in sight. */
  view: number;
  show(position: number, where: "nearest" | "middle"): void;
  toEnd(): void;
}

/**
 * Scrolls a list of any length. The place is kept here; the scroll bar is moved to it, and what the user does with the
 * scroll bar is read from it. Turning the wheel moves by pixels of the list, however long it is.
 * @param onUser told how far the user scrolled by hand
 */
export const useScrolling = (
  scroller: RefObject<HTMLDivElement | null>,
  count: number,
  line: number,
  head: number,
  onUser: (by: number) => void,
): Scrolling => {
  const [view, setView] = useState(400);
  const [top, setTop] = useState(0);
  const now = useRef(0);
  const extent = useRef<Extent>({ count, line, view });
  extent.current = { count, line, view };
  /** Where the scroll bar was put; an event that tells the same is no news. */
  const put = useRef(0);
  const user = useRef(onUser);
  user.current = onUser;
  const frame = useRef(0);

  const draw = useCallback(() => {
    frame.current ||= requestAnimationFrame(() => {
      frame.current = 0;
      setTop(now.current);
    });
  }, []);
  useEffect(() => () => cancelAnimationFrame(frame.current), []);

  const sync = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    element.scrollTop = scrollTopOf(now.current, extent.current);
    put.current = element.scrollTop;
  }, [scroller]);

  const to = useCallback(
    (wanted: number) => {
      now.current = within(wanted, extent.current);
      sync();
      draw();
    },
    [sync, draw],
  );

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    // Never more than the window: a style that let the list grow with its rows would have all of them drawn.
    const measure = () => setView(Math.max(line, Math.min(element.clientHeight - head, window.innerHeight)));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller, line, head]);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const onWheel = (event: WheelEvent) => {
      if (event.ctrlKey || event.deltaY === 0) return;
      event.preventDefault();
      const by = event.deltaY * (event.deltaMode === 1 ? wheelLine : event.deltaMode === 2 ? extent.current.view : 1);
      user.current(by);
      to(now.current + by);
    };
    const onScroll = () => {
      if (Math.abs(element.scrollTop - put.current) < 1) return;
      put.current = element.scrollTop;
      const before = now.current;
      now.current = topOf(element.scrollTop, extent.current);
      user.current(now.current - before);
      draw();
    };
    element.addEventListener("wheel", onWheel, { passive: false });
    element.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      element.removeEventListener("wheel", onWheel);
      element.removeEventListener("scroll", onScroll);
    };
  }, [scroller, to, draw]);

  // A list that has become longer or shorter: the same place, another place of the scroll bar.
  useLayoutEffect(() => {
    if (count >= 0 && view > 0) to(now.current);
  }, [count, view, to]);

  return {
    top: within(top, { count, line, view }),
    view,
    show: useCallback(
      (position: number, where: "nearest" | "middle") => to(topFor(position, now.current, extent.current, where)),
      [to],
    ),
    toEnd: useCallback(() => to(lastTop(extent.current)), [to]),
  };
};
