import type { ObjectClass } from "../../preload/contract/shared.ts";

/** Shapes differ, not only colours. */
const shapes: Record<ObjectClass, string> = {
  privateKey:
    "M5.5 11.5a3.5 3.5 0 1 1 3.2-5H15v2.5h-1.5V11H11V9H8.7a3.5 3.5 0 0 1-3.2 2.5zm0-2.5a1 1 0 1 0 0-2 1 1 0 0 0 0 2z",
  publicKey:
    "M5.5 12a4 4 0 1 1 3.7-5.5H15v3h-1.5V12h-3V9.5H9.2A4 4 0 0 1 5.5 12zm0-1.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  certificate: "M2 2.5h12v8h-2v4l-2-1.3-2 1.3v-4H2zm1.5 1.5v5h9V4zM5 5.5h6v1H5zm0 2h4v1H5z",
  secretKey: "M4 7V5a4 4 0 0 1 8 0v2h1.5v7h-11V7zm1.5 0h5V5a2.5 2.5 0 0 0-5 0zM7.2 9v3h1.6V9z",
  data: "M3 1.5h6.5L13 5v9.5H3zM4.5 3v10h7V6H8.5V3zM6 8h4v1H6zm0 2h4v1H6z",
  other: "M8 1.5 14 5v6l-6 3.5L2 11V5zm0 1.8L4.5 5.3 8 7.4l3.500-2.1zM3.500 6.600v3.600l3.700 2.100V8.700z",
};

export const ClassIcon = ({ name }: { name: ObjectClass }) => (
  <svg className={`class-icon ${name}`} viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
    <path d={shapes[name]} fill="currentColor" fillRule="evenodd" />
  </svg>
);
