/**
 * The command that installs packages, for each package manager: what a person types who may not let this one do it.
 * @typedef {import("./packages.mjs").Need} Need @typedef {import("./packages.mjs").Manager} Manager
 */

/** @type {Record<Manager, { system: string, command: string }>} */
const managers = {
  apt: {
    system: "Debian, Ubuntu",
    command: "sudo apt-get update && sudo apt-get install --yes --no-install-recommends",
  },
  dnf: { system: "Fedora, RHEL (there with EPEL)", command: "sudo dnf install --assumeyes" },
  brew: { system: "macOS", command: "brew install" },
  winget: { system: "Windows", command: "winget install --exact" },
};

/**
 * @param {Need[]} needs @param {Manager} manager
 * @param {(names: string[]) => string} [choose] takes one of several names, by default the first
 * @returns {string[]} packages, each once
 */
export const packagesFor = (needs, manager, choose = ([name = ""]) => name) => [
  ...new Set(needs.flatMap(({ packages }) => (packages[manager] ? choose(packages[manager]).split(" ") : []))),
];

/**
 * Text that names what is missing and how to install it on each kind of system.
 * @param {Need[]} needs
 */
export const installHelp = (needs) => {
  const lines = needs.map(({ title }) => `  - ${title}`);
  const commands = /** @type {Manager[]} */ (Object.keys(managers)).flatMap((manager) => {
    const { system, command } = managers[manager];
    // A cask is an option of its own in brew, not a package name: one command each.
    const all = packagesFor(needs, manager);
    const casks = all.filter((_, at) => all[at - 1] === "--cask");
    const plain = all.filter((name) => name !== "--cask" && !casks.includes(name));
    const others = needs.flatMap(({ elsewhere }) => (elsewhere?.[manager] ? [`    and ${elsewhere[manager]}`] : []));
    if (all.length + others.length === 0) return [];
    return [
      `  ${system}:`,
      ...(plain.length > 0 ? [`    ${command} ${plain.join(" ")}`] : []),
      ...casks.map((cask) => `    ${command} --cask ${cask}`),
      ...others,
    ];
  });
  return [...lines, "", "Install with:", ...commands].join("\n");
};
