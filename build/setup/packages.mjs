import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inPath } from "./in-path.mjs";
import { root } from "./places.mjs";

/**
 * What the project needs from the system, by what is looked for and by each package manager's name for it.
 * Looked for are the files themselves, not package databases: what was built by hand counts as well.
 * @typedef {"apt" | "dnf" | "brew" | "winget"} Manager
 * @typedef {object} Need
 * @property {string} title
 * @property {() => boolean} present
 * @property {Partial<Record<Manager, string[]>>} packages names to choose from, best first; several packages in one
 *   name are divided by blanks. No entry: that system has it, or has no package for it.
 * @property {Partial<Record<Manager, string>>} [elsewhere] where to get it on that system, if not from the package manager
 */

/** @param {string} path @returns {any} */
const table = (path) => JSON.parse(readFileSync(join(root, path), "utf8"));

/** @returns {string | null} path of an installed Chromium-like browser, found as the app itself finds it */
export const installedBrowser = () => {
  const { names, elsewhere } = table("main/shells/browsers.json");
  const found = names.map((/** @type {string} */ name) => inPath(name)).find(Boolean);
  return found ?? (elsewhere[process.platform] ?? []).find(existsSync) ?? null;
};

/** @param {string[]} names */
const programs =
  (...names) =>
  () =>
    names.every((name) => inPath(name) !== null);

/** @param {string} file below a Unix library folder, with the multi-architecture folder or without */
const library = (file) => () => {
  const machine = { x64: "x86_64", arm64: "aarch64" }[/** @type {string} */ (process.arch)] ?? process.arch;
  const folders = [`/usr/lib/${machine}-linux-gnu`, "/usr/lib64", "/usr/lib", "/usr/local/lib", "/opt/homebrew/lib"];
  return folders.some((folder) => existsSync(join(folder, file)));
};

/** @type {Need} */
export const softhsm = {
  title: "SoftHSM 2 (the demo token)",
  present: () => table("main/modules/softhsm-paths.json").some(existsSync),
  packages: { apt: ["softhsm2"], dnf: ["softhsm"], brew: ["softhsm"] },
  elsewhere: { winget: "the installer from https://github.com/disig/SoftHSM2-for-Windows" },
};

/** @type {Need} */
export const compiler = {
  title: "a C and C++ compiler, make and Python (the PKCS#11 binding is compiled here)",
  // node-gyp finds Visual Studio by itself and says so if there is none.
  present: () => process.platform === "win32" || programs("python3", "make", "cc", "c++")(),
  packages: {
    apt: ["python3 make gcc g++ libc6-dev"],
    dnf: ["python3 make gcc gcc-c++"],
    winget: ["Python.Python.3.13 Microsoft.VisualStudio.2022.BuildTools"],
  },
  elsewhere: { brew: "Apple's compilers with: xcode-select --install" },
};

/** @type {Need} */
export const browser = {
  title: "Chromium, Chrome or Edge (the window)",
  present: () => installedBrowser() !== null,
  packages: {
    // Debian's sandbox is a package of its own, without which Chromium does not start where user namespaces are off.
    apt: ["chromium chromium-sandbox", "chromium", "chromium-browser"],
    dnf: ["chromium"],
    brew: ["--cask chromium"],
    winget: ["Microsoft.Edge"],
  },
};

/** What a log is indexed beside, in `npm run bench -- trace` alone. @type {Need[]} */
export const logReaders = [
  {
    title: "ripgrep",
    present: programs("rg"),
    packages: { apt: ["ripgrep"], dnf: ["ripgrep"], brew: ["ripgrep"], winget: ["BurntSushi.ripgrep.MSVC"] },
  },
  {
    title: "lnav",
    present: programs("lnav"),
    packages: { apt: ["lnav"], dnf: ["lnav"], brew: ["lnav"] },
    elsewhere: { winget: "https://lnav.org/downloads" },
  },
];

const elsewhereThanLinux = process.platform !== "linux";

/** What only the tests use. Without one of these the tests that need it are skipped, and say so. @type {Need[]} */
export const testNeeds = [
  {
    title: "Xvfb",
    present: () => elsewhereThanLinux || programs("Xvfb")(),
    packages: { apt: ["xvfb"], dnf: ["xorg-x11-server-Xvfb"] },
  },
  browser,
  {
    title: "fonts for the window",
    present: () =>
      elsewhereThanLinux || ["/usr/share/fonts/truetype/dejavu", "/usr/share/fonts/dejavu-sans-fonts"].some(existsSync),
    packages: { apt: ["fonts-dejavu-core"], dnf: ["dejavu-sans-fonts"] },
  },
  {
    // Without the smart-card service's client library OpenSC's module does not start; Debian only recommends it.
    title: "OpenSC (pkcs11-tool, pkcs11-spy)",
    present: () => programs("pkcs11-tool")() && (elsewhereThanLinux || library("libpcsclite.so.1")()),
    packages: { apt: ["opensc libpcsclite1"], dnf: ["opensc"], brew: ["opensc"], winget: ["OpenSC.OpenSC"] },
  },
  {
    title: "p11tool, gnutls-cli, certtool",
    present: programs("p11tool", "gnutls-cli", "certtool"),
    packages: { apt: ["gnutls-bin"], dnf: ["gnutls-utils"], brew: ["gnutls"] },
  },
  {
    title: "p11-kit",
    present: programs("p11-kit", "trust"),
    packages: { apt: ["p11-kit"], dnf: ["p11-kit"], brew: ["p11-kit"] },
  },
  {
    title: "p11-kit's modules",
    present: library("pkcs11/p11-kit-client.so"),
    packages: { apt: ["p11-kit-modules"], dnf: ["p11-kit-server"], brew: ["p11-kit"] },
  },
  {
    title: "a virtual TPM",
    present: () => elsewhereThanLinux || programs("swtpm")(),
    packages: { apt: ["swtpm"], dnf: ["swtpm"] },
  },
  {
    title: "the TPM's PKCS#11 module",
    present: () => elsewhereThanLinux || (programs("tpm2_ptool")() && library("pkcs11/libtpm2_pkcs11.so")()),
    packages: { apt: ["libtpm2-pkcs11-1 libtpm2-pkcs11-tools"], dnf: ["tpm2-pkcs11 tpm2-pkcs11-tools"] },
  },
  {
    title: "tpm2-tools",
    present: () => elsewhereThanLinux || programs("tpm2")(),
    packages: { apt: ["tpm2-tools"], dnf: ["tpm2-tools"] },
  },
  {
    title: "openssl",
    present: programs("openssl"),
    packages: { apt: ["openssl"], dnf: ["openssl"], brew: ["openssl"] },
  },
  {
    title: "curl",
    present: programs("curl"),
    packages: { apt: ["curl"], dnf: ["curl"], brew: ["curl"] },
  },
  {
    title: "OpenSSL's engine for PKCS#11",
    present: () =>
      elsewhereThanLinux || ["engines-3/pkcs11.so", "engines-1.1/pkcs11.so"].some((file) => library(file)()),
    packages: { apt: ["libengine-pkcs11-openssl"], dnf: ["openssl-pkcs11"] },
  },
  {
    title: "keytool",
    present: programs("keytool"),
    packages: { apt: ["default-jre-headless"], dnf: ["java-latest-openjdk-headless"], brew: ["openjdk"] },
  },
  {
    title: "a Java compiler",
    present: programs("javac"),
    packages: { apt: ["default-jdk-headless"], dnf: ["java-latest-openjdk-devel"], brew: ["openjdk"] },
  },
  {
    title: "NSS's tools (certutil, modutil, pk12util)",
    present: programs("certutil", "modutil", "pk12util"),
    packages: { apt: ["libnss3-tools"], dnf: ["nss-tools"], brew: ["nss"] },
  },
  {
    title: "ssh-keygen",
    present: programs("ssh-keygen"),
    packages: { apt: ["openssh-client"], dnf: ["openssh-clients"] },
  },
];

/** @param {Need[]} needs @returns {Need[]} those that are not there */
export const missing = (needs) => needs.filter(({ present }) => !present());
