import type { CSSProperties, ReactNode } from "react";

/** One cell of the list of calls, or of its head. */
export const Cell = (properties: {
  /** Class names: the column's first. */
  name: string;
  children: ReactNode;
  head?: boolean;
  title?: string | undefined;
  style?: CSSProperties | undefined;
}) => (
  <span
    role={properties.head ? "columnheader" : "gridcell"}
    className={properties.name}
    title={properties.title}
    style={properties.style}
  >
    {properties.children}
  </span>
);
