/**
 * Which shell the app runs in.
 * @typedef {"electron" | "browser" | "terminal"} Shell
 * @typedef {{ shell: Shell, why: string } | { shell: null, why: string }} Choice
 */

/**
 * @param {object} facts
 * @param {string | undefined} facts.wanted TOKENGLASS_SHELL
 * @param {boolean} facts.display
 * @param {{ binary: string } | { why: string } | null} facts.electron null: not looked for
 * @param {string | null} facts.browser path of an installed browser
 * @returns {Choice} a null shell is none that works, with the reason
 */
export const chooseShell = ({ wanted, display, electron, browser }) => {
  if (wanted === "terminal") return { shell: "terminal", why: "TOKENGLASS_SHELL asks for it" };
  if (!display)
    return wanted
      ? { shell: null, why: `TOKENGLASS_SHELL asks for ${wanted}, but there is no display (DISPLAY, WAYLAND_DISPLAY)` }
      : { shell: "terminal", why: "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)" };
  const noElectron = electron && "why" in electron ? `Electron: ${electron.why}` : "Electron was not looked for";
  if (wanted !== "browser" && electron && "binary" in electron)
    return { shell: "electron", why: `its binary is there` };
  if (wanted === "electron") return { shell: null, why: `TOKENGLASS_SHELL asks for Electron. ${noElectron}` };
  if (!browser) return { shell: null, why: `no Chromium, Chrome or Edge is installed. ${noElectron}` };
  return {
    shell: "browser",
    why: wanted === "browser" ? `${browser}; TOKENGLASS_SHELL asks for it` : `${browser}; ${noElectron}`,
  };
};

export const shellNames = ["electron", "browser", "terminal"];
