import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import type { Readable, Writable } from "node:stream";
import { DevToolsPipe } from "./devtools-pipe.ts";
import { startPage } from "./renderer-files.ts";
import type { Bounds } from "./window-bounds.ts";

export interface BrowserProcess {
  pipe: DevToolsPipe;
  pid: number | undefined;
  /** Resolves when the process has ended; `said` is the end of what it wrote to stderr. */
  exited: Promise<BrowserExit>;
  /** Ends the browser with all its processes, at once. */
  kill(): void;
}

export interface BrowserExit {
  code: number | null;
  signal: string | null;
  said: string;
}

/**
 * Command line of the browser: an app window, no network at all, nothing of the user's own browser.
 * @param asRoot Chromium refuses to run as uid 0 inside its sandbox; everybody else gets the sandbox.
 */
export const browserArguments = (profile: string, asRoot: boolean, bounds: Bounds): string[] => [
  `--user-data-dir=${profile}`,
  `--app=${startPage}`,
  "--remote-debugging-pipe",
  `--window-size=${bounds.width},${bounds.height}`,
  ...(bounds.x === undefined ? [] : [`--window-position=${bounds.x},${bounds.y}`]),
  "--no-first-run",
  "--no-default-browser-check",
  "--hide-crash-restore-bubble",
  // The window's files come over the pipe. Everything else would go through a proxy on the discard port, where
  // nothing listens: so nothing can be reached, not even this machine. (Rules for the resolver would do the same,
  // but the browser warns of them in a bar across the window.)
  "--proxy-server=http://127.0.0.1:9",
  "--proxy-bypass-list=<-loopback>",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-domain-reliability",
  "--disable-client-side-phishing-detection",
  "--disable-default-apps",
  "--disable-extensions",
  "--disable-sync",
  "--disable-breakpad",
  "--metrics-recording-only",
  "--password-store=basic",
  "--use-mock-keychain",
  "--disable-features=Translate,MediaRouter,OptimizationHints,AutofillServerCommunication,DialMediaRouteProvider",
  // The test type takes away the browser's own bar about the sandbox, which would cover the window's top.
  ...(asRoot ? ["--no-sandbox", "--test-type"] : []),
];

/**
 * Whether there is a graphics device. Without one (servers, virtual machines) the browser would start a process only
 * to imitate one; drawing without is faster. Asked on Linux alone, where the kernel shows devices as files.
 */
const hasGraphics = (): boolean =>
  process.platform !== "linux" || ["/dev/dri", "/dev/nvidia0", "/dev/dxg"].some((path) => existsSync(path));

/** Starts the browser; its window is opened by openBrowserWindow. Does not wait for anything. */
export const launchBrowser = (options: {
  browser: string;
  profile: string;
  bounds: Bounds;
  /** For tests only; the product's entry gives none. */
  extraArguments?: string[];
}): BrowserProcess => {
  const asRoot = process.getuid?.() === 0;
  const posix = process.platform !== "win32";
  const child = spawn(
    options.browser,
    [
      ...browserArguments(options.profile, asRoot, options.bounds),
      ...(hasGraphics() ? [] : ["--disable-gpu"]),
      ...(options.extraArguments ?? []),
    ],
    {
      stdio: ["ignore", "ignore", "pipe", "pipe", "pipe"],
      // A process group of its own: Ctrl-C reaches the app alone, which then logs out before it closes the window.
      detached: posix,
    },
  );
  const said: string[] = [];
  child.stderr?.on("data", (chunk: Buffer) => {
    said.push(chunk.toString());
    if (said.length > 20) said.shift();
  });
  return {
    pipe: new DevToolsPipe(child.stdio[3] as Writable, child.stdio[4] as Readable),
    pid: child.pid,
    exited: new Promise((resolve) => {
      child.once("error", (error) => resolve({ code: null, signal: null, said: error.message }));
      child.once("close", (code, signal) => resolve({ code, signal, said: said.join("") }));
    }),
    kill: () => {
      try {
        if (posix && child.pid) process.kill(-child.pid, "SIGKILL");
        else child.kill("SIGKILL");
      } catch {}
    },
  };
};
