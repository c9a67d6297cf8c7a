import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { hasDisplay } from "./display.mjs";
import { canHaveElectron, electronIsDecided, findElectron } from "./electron.mjs";
import { browser, installedBrowser } from "./packages.mjs";
import { dist } from "./places.mjs";
import { Progress } from "./progress.mjs";
import { setUp } from "./set-up.mjs";
import { chooseShell, shellNames } from "./shell.mjs";
import { Stop } from "./stop.mjs";
import { ensurePackages } from "./system-packages.mjs";

/** @returns {Promise<number>} the exit code of `npm start` */
export const start = async () => {
  const progress = new Progress();
  try {
    const wanted = process.env.TOKENGLASS_SHELL || undefined;
    if (wanted && !shellNames.includes(wanted))
      throw new Stop(`TOKENGLASS_SHELL is ${wanted}; it can be ${shellNames.join(", ")}.`, 2);
    await setUp(progress, { needs: await earlyNeeds(wanted) });
    const choice = await choose(progress, wanted);
    if (!choice.shell) throw new Stop(`No window can be opened: ${choice.why}.`, 2);
    progress.line(`${titles[choice.shell]} (${choice.why})`);
    return await launch(choice);
  } catch (thrown) {
    if (!(thrown instanceof Stop)) throw thrown;
    progress.line(`\n${thrown.message}`);
    return thrown.exitCode;
  }
};

const titles = {
  electron: "Shell: Electron",
  browser: "Shell: browser window",
  terminal: "Shell: none, the main job runs in this terminal",
};

/**
 * The browser is asked for together with the other packages where it is sure to be needed.
 * @param {string | undefined} wanted
 */
const earlyNeeds = async (wanted) => {
  if (!hasDisplay() || wanted === "terminal" || wanted === "electron" || browser.present()) return [];
  return wanted === "browser" || !(await canHaveElectron()) ? [browser] : [];
};

/** @param {Progress} progress @param {string | undefined} wanted */
const choose = async (progress, wanted) => {
  const display = hasDisplay();
  const windowed = display && wanted !== "terminal";
  const electron = windowed && wanted !== "browser" ? await electronStep(progress, wanted === "electron") : null;
  const needsBrowser = windowed && wanted !== "electron" && !(electron && "binary" in electron);
  if (needsBrowser && !browser.present())
    await progress.step("A browser for the window", (note) => ensurePackages([browser], note));
  const choice = chooseShell({ wanted, display, electron, browser: installedBrowser() });
  return { ...choice, binary: electron && "binary" in electron ? electron.binary : null };
};

/** @param {Progress} progress @param {boolean} again */
const electronStep = (progress, again) =>
  electronIsDecided() && !again
    ? findElectron()
    : progress.step("Electron", async (note) => {
        const found = await findElectron({ again });
        note("binary" in found ? "there" : "cannot be had");
        return found;
      });

/**
 * Runs the app and waits for its end. Ctrl-C reaches the app as well, which closes its window and token hosts itself.
 * @param {{ shell: string, binary: string | null }} choice @returns {Promise<number>}
 */
const launch = ({ shell, binary }) => {
  const file = (/** @type {string} */ name) => join(dist, "main", `${name}.js`);
  // Chromium refuses to run as root inside its sandbox.
  const unboxed = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const [command, args] =
    shell === "electron" && binary
      ? [binary, [...unboxed, file("electron")]]
      : [process.execPath, [file(shell === "terminal" ? "demo" : "browser")]];
  const entry = args.at(-1) ?? "";
  if (!existsSync(entry)) throw new Stop(`${entry} is not there, although the bundles were built.`, 1);
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: "inherit" });
    let interrupted = false;
    process.on("SIGINT", () => {
      interrupted = true;
    });
    process.on("SIGTERM", () => child.kill("SIGTERM"));
    child.on("error", (error) => {
      console.error(error.message);
      resolve(1);
    });
    // Ctrl-C is a way to close the window like any other.
    child.on("exit", (code, signal) => resolve(interrupted && shell !== "terminal" ? 0 : signal ? 1 : (code ?? 1)));
  });
};
