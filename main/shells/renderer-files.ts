import { readFile } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";
import { rendererFolder } from "../places.ts";

/** A made-up origin: the reserved top-level domain .invalid never resolves (RFC 2606). */
export const origin = "https://app.invalid";

export const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'";

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
  const { origin: from, pathname } = new URL(url);
  if (from !== origin) return null;
  const path = normalize(join(rendererFolder, pathname === "/" ? "index.html" : decodeURIComponent(pathname)));
  if (!path.startsWith(rendererFolder + sep)) return null;
  const type = types[extname(path)];
  if (!type) return null;
  try {
    return {
      status: 200,
      headers: {
        "content-type": type,
        "content-security-policy": contentSecurityPolicy,
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
      },
      body: await readFile(path),
    };
  } catch {
    return null;
  }
};
