import { type RefObject, useEffect, useLayoutEffect, useRef } from "react";
import { type Colours, draw, laneHeight, type Picture } from "./draw.ts";

/** The lanes as a picture; where it is, its size and what is drawn are the screen's own. */
export const LaneCanvas = ({
  picture,
  legend,
  onWheel,
}: {
  picture: Picture;
  /** Elements whose colours are drawn with: they follow the theme. */
  legend: RefObject<HTMLElement | null>;
  onWheel(delta: number, at: number): void;
}) => {
  const canvas = useRef<HTMLCanvasElement>(null);
  const wheel = useRef(onWheel);
  wheel.current = onWheel;
  const latest = useRef(picture);
  latest.current = picture;

  const paint = useRef(() => {
    const element = canvas.current;
    const context = element?.getContext("2d");
    if (!element || !context || !legend.current) return;
    const { width, lanes } = latest.current;
    const scale = window.devicePixelRatio || 1;
    const height = Math.max(1, lanes.length * laneHeight);
    if (element.width !== Math.round(width * scale) || element.height !== Math.round(height * scale)) {
      element.width = Math.round(width * scale);
      element.height = Math.round(height * scale);
      element.style.height = `${height}px`;
    }
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.font = "11px ui-monospace, 'DejaVu Sans Mono', monospace";
    context.textBaseline = "middle";
    draw(context, latest.current, coloursOf(legend.current));
  });
  useLayoutEffect(() => {
    if (picture.width > 0) paint.current();
  }, [picture]);

  useEffect(() => {
    // A theme that changes is drawn anew.
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const again = () => requestAnimationFrame(() => paint.current());
    const observer = new MutationObserver(again);
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    dark.addEventListener("change", again);
    const element = canvas.current;
    const turned = (event: WheelEvent) => {
      if (event.deltaY === 0) return;
      event.preventDefault();
      wheel.current(event.deltaY, event.offsetX / Math.max(1, latest.current.width));
    };
    element?.addEventListener("wheel", turned, { passive: false });
    return () => {
      observer.disconnect();
      dark.removeEventListener("change", again);
      element?.removeEventListener("wheel", turned);
    };
  }, []);
  return <canvas ref={canvas} />;
};

const coloursOf = (legend: HTMLElement): Colours => {
  const of = (name: string) => {
    const element = legend.querySelector<HTMLElement>(`[data-colour="${name}"]`);
    return element ? getComputedStyle(element).backgroundColor : "gray";
  };
  return {
    ok: of("ok"),
    expected: of("expected"),
    warning: of("warning"),
    error: of("error"),
    none: of("none"),
    line: of("line"),
    chosen: of("chosen"),
  };
};
