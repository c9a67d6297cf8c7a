type Role = "appMenu" | "editMenu" | "resetZoom" | "zoomIn" | "zoomOut" | "togglefullscreen";

interface Item {
  role?: Role;
  label?: string;
  type?: "separator";
  submenu?: Item[];
}

/** A menu for what a keyboard expects (macOS needs it for copy and paste). No reload, no DevTools. */
export const menuTemplate = (platform: NodeJS.Platform): Item[] => [
  ...(platform === "darwin" ? [{ role: "appMenu" as const }] : []),
  { role: "editMenu" },
  {
    label: "View",
    submenu: [
      { role: "resetZoom" },
      { role: "zoomIn" },
      { role: "zoomOut" },
      { type: "separator" },
      { role: "togglefullscreen" },
    ],
  },
];
