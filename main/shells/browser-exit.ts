import type { BrowserExit } from "./browser-process.ts";

/** What browsers say when they cannot start, and the way out. */
const remedies: [said: RegExp, remedy: string][] = [
  [
    /No usable sandbox/,
    "The browser's sandbox cannot be used here. On Debian install it with: sudo apt-get install chromium-sandbox. " +
      "Ubuntu from 23.10 on allows it to browsers from its own packages and snaps only: use one of those.",
  ],
  [
    /Missing X server|cannot open display|Failed to connect to Wayland/i,
    "The display that DISPLAY or WAYLAND_DISPLAY names cannot be reached. Check the variable and who may use the display.",
  ],
  [
    /profile appears to be in use/,
    "The window's profile is marked as used on another computer. If no Tokenglass runs there, remove the file " +
      "SingletonLock from the folder browser-profile in the data folder.",
  ],
  [
    /error while loading shared libraries: (\S+)/,
    "A library that the browser needs is missing. Install the browser anew.",
  ],
];

/** @returns how a browser ended that was not asked to, with its own words and what can be done. */
export const exitWords = ({ code, signal, said }: BrowserExit): string => {
  const how = signal ? `signal ${signal}` : `exit code ${code}`;
  const remedy = remedies.find(([pattern]) => pattern.test(said))?.[1];
  return [`The browser ended with ${how}. It said: ${said.trim() || "nothing"}`, remedy].filter(Boolean).join("\n");
};
