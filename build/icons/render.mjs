// Draws the PNG icons from icon.svg with an installed browser: `node build/icons/render.mjs`. Their product is kept in
// the repository, so that packaging needs no browser.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "@playwright/test";
import { installedBrowser } from "../setup/packages.mjs";

const folder = dirname(fileURLToPath(import.meta.url));
/** Linux wants one file a size; electron-builder makes .ico and .icns from the largest. */
const sizes = [16, 32, 48, 64, 128, 256, 512, 1024];

const executablePath = installedBrowser();
if (!executablePath) throw new Error("No Chromium, Chrome or Edge is installed.");
const image = readFileSync(join(folder, "icon.svg"), "utf8");
const browser = await chromium.launch({ executablePath });
const page = await browser.newPage();
for (const size of sizes) {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(`<style>body{margin:0}svg{display:block;width:100vw;height:100vh}</style>${image}`);
  await page.screenshot({ path: join(folder, `${size}x${size}.png`), omitBackground: true });
}
await browser.close();
