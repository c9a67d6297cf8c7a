import { readFile } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";
import { rendererFolder } from "../places.ts";

/** A made-up origin: the reserved top-level domain .invalid never resolves (RFC 2606). */
export const origin = "https://app.invalid";

/** The one page of the window. */
export const startPage = `${origin}/`;

/**
 * What the window's page may do. `sandbox` without allow-popups, allow-downloads, allow-modals and
 * allow-top-navigation: no new windows, downloads, dialogs or other programs' URLs (mailto: and the like).
 * allow-forms lets submit events happen; form-action keeps the form from going anywhere.
 */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
  "require-trusted-types-for 'script'",
  "sandbox allow-scripts allow-same-origin allow-forms",
].join("; ");

/** Every feature that asks the user or reaches hardware is off; writing to the clipboard is what "copy" does. */
export const permissionsPolicy = [
  ...[
    "accelerometer",
    "autoplay",
    "bluetooth",
    "camera",
    "clipboard-read",
    "display-capture",
    "encrypted-media",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "keyboard-map",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "publickey-credentials-create",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "storage-access",
    "usb",
    "window-management",
    "xr-spatial-tracking",
  ].map((name) => `${name}=()`),
  "clipboard-write=(self)",
].join(", ");

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
};

export interface RendererFile {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/** The window's file for a URL of the app's origin. @returns null for any other URL and for files that are not there. */
export const rendererFile = async (url: string): Promise<RendererFile | null> => {
  const pathname = pathOf(url);
  if (pathname === null) return null;
  const path = normalize(join(rendererFolder, pathname === "/" ? "index.html" : pathname));
  if (!path.startsWith(rendererFolder + sep)) return null;
  const type = types[extname(path)];
  if (!type) return null;
  try {
    return {
      status: 200,
      headers: {
        "content-type": type,
        "content-security-policy": contentSecurityPolicy,
        "permissions-policy": permissionsPolicy,
        "cross-origin-resource-policy": "same-origin",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
      },
      body: await readFile(path),
    };
  } catch {
    return null;
  }
};

/** @returns the decoded path of a URL of the app's origin, null for any other. */
const pathOf = (url: string): string | null => {
  try {
    const { origin: from, pathname } = new URL(url);
    return from === origin ? decodeURIComponent(pathname) : null;
  } catch {
    return null;
  }
};
