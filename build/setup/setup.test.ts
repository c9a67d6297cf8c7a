import { expect, test } from "vitest";
import { hasDisplay } from "./display.mjs";
import { installHelp, packagesFor } from "./install-commands.mjs";
import { treeProblem } from "./lock-files.mjs";
import { nodeProblem } from "./node-version.mjs";
import { browser, compiler, softhsm } from "./packages.mjs";
import { chooseShell } from "./shell.mjs";

test.each(["20.19.0", "20.20.2", "22.12.0", "24.1.0"])("Node %s will do", (version) => {
  expect(nodeProblem(version)).toBeNull();
});

test.each(["18.20.8", "20.18.3", "21.7.0", "22.11.0"])("Node %s is refused by name", (version) => {
  expect(nodeProblem(version)).toContain(`this is Node ${version}`);
});

test("on Linux a window takes a display, elsewhere it is always there", () => {
  expect(hasDisplay("linux", {})).toBe(false);
  expect(hasDisplay("linux", { DISPLAY: ":0" })).toBe(true);
  expect(hasDisplay("linux", { WAYLAND_DISPLAY: "wayland-0" })).toBe(true);
  expect(hasDisplay("darwin", {})).toBe(true);
});

test("what is missing is told with the exact command of four package managers", () => {
  const help = installHelp([softhsm, compiler, browser]);
  expect(help).toContain(
    "apt-get install --yes --no-install-recommends softhsm2 python3 make gcc g++ libc6-dev chromium chromium-sandbox",
  );
  expect(help).toContain("dnf install --assumeyes softhsm python3 make gcc gcc-c++ chromium");
  expect(help).toMatch(/brew install softhsm\n {4}brew install --cask chromium\n {4}and .*xcode-select --install/);
  expect(help).toContain("winget install --exact Python.Python");
  expect(help).toContain("SoftHSM2-for-Windows");
});

test("of several names for a package the first that is offered is taken, each once", () => {
  const offered = (names: string[]) => names.find((name) => name === "chromium-browser") ?? "";
  expect(packagesFor([browser, browser], "apt", offered)).toEqual(["chromium-browser"]);
});

const lock = (packages: Record<string, { version: string; optional?: boolean }>) => ({ packages });
const here = () => true;

test("a tree that npm recorded as the lock file has it is left alone", () => {
  const wanted = lock({
    "": { version: "1" },
    "node_modules/a": { version: "1" },
    "node_modules/b": { version: "1", optional: true },
  });
  expect(treeProblem(wanted, lock({ "node_modules/a": { version: "1" } }), here)).toBeNull();
});

test.each([
  ["npm ci was killed, so that there is no record", {}, here, "node_modules/a is not installed"],
  [
    "the lock file names another version",
    lock({ "node_modules/a": { version: "0" } }),
    here,
    "node_modules/a is another version",
  ],
  ["a package was deleted", lock({ "node_modules/a": { version: "1" } }), () => false, "node_modules/a is gone"],
  [
    "a package was added by hand",
    lock({ "node_modules/a": { version: "1" }, "node_modules/x": { version: "1" } }),
    here,
    "node_modules/x is not in the lock file",
  ],
])("the tree is installed anew when %s", (_, record, exists, problem) => {
  expect(treeProblem(lock({ "node_modules/a": { version: "1" } }), record, exists)).toBe(problem);
});

const facts = { wanted: undefined, display: true, electron: { binary: "/e" }, browser: "/usr/bin/chromium" };
const blocked = { why: "github.com cannot be reached" };

test.each([
  ["Electron when its binary is there", {}, "electron", "its binary is there"],
  ["the browser when Electron cannot be had", { electron: blocked }, "browser", "cannot be reached"],
  ["the browser when it is asked for", { wanted: "browser" }, "browser", "TOKENGLASS_SHELL"],
  ["the terminal without a display", { display: false }, "terminal", "no display"],
  ["the terminal when it is asked for", { wanted: "terminal" }, "terminal", "TOKENGLASS_SHELL"],
  [
    "nothing when Electron is asked for and blocked",
    { wanted: "electron", electron: blocked },
    null,
    "cannot be reached",
  ],
  ["nothing when a window is asked for without a display", { wanted: "browser", display: false }, null, "no display"],
  ["nothing when there is no browser either", { electron: blocked, browser: null }, null, "no Chromium"],
])("npm start takes %s, and says why", (_, given, shell, why) => {
  const choice = chooseShell({ ...facts, ...given });
  expect(choice.shell).toBe(shell);
  expect(choice.why).toContain(why);
});
