// Runs before anything else, on whatever Node there is: no imports, no new syntax.

/**
 * Says whether this Node can run the project. The range is what Vite and the other tools of the lock file ask for.
 * @param {string} version as in process.versions.node, e.g. "20.19.2"
 * @returns {string | null} what is wrong and what to do, or null
 */
export const nodeProblem = (version) => {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const fits = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
  if (fits) return null;
  return (
    `Tokenglass needs Node 20.19 or later (of the 22 line: 22.12 or later), but this is Node ${version}.\n` +
    "Install a current one from your package manager, https://nodejs.org or with nvm (`nvm install --lts`), and run the command again."
  );
};
