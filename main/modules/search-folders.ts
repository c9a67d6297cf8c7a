import { join, win32 } from "node:path";
import { type KnownLibrary, knownLibraries } from "./known-libraries.ts";

/** What of this machine decides where libraries are. */
export interface Machine {
  platform: NodeJS.Platform;
  /** As process.arch. */
  arch: string;
  home: string;
  environment: Record<string, string | undefined>;
}

/** Debian's multiarch folders (its MultiarchSpecification), by Node's names of machines. */
const triplets: Record<string, string> = {
  x64: "x86_64-linux-gnu",
  arm64: "aarch64-linux-gnu",
  arm: "arm-linux-gnueabihf",
  ia32: "i386-linux-gnu",
  ppc64: "powerpc64le-linux-gnu",
  riscv64: "riscv64-linux-gnu",
  s390x: "s390x-linux-gnu",
  loong64: "loongarch64-linux-gnu",
};

export const tripletOf = (arch: string): string => triplets[arch] ?? `${arch}-linux-gnu`;

const homebrewPrefixes = ({ environment }: Machine): string[] => [
  ...new Set([environment.HOMEBREW_PREFIX ?? "/opt/homebrew", "/opt/homebrew", "/usr/local"]),
];

/** Folders where a library is looked for by name, in order. Empty on Windows, where the table has whole paths. */
export const searchFolders = (machine: Machine): string[] => {
  const { platform, arch, home } = machine;
  const local = ["/usr/local/lib", "/usr/local/lib/pkcs11", join(home, ".local/lib")];
  if (platform === "win32") return [];
  if (platform === "darwin")
    return [
      ...new Set([
        ...homebrewPrefixes(machine).flatMap((prefix) => [`${prefix}/lib`, `${prefix}/lib/pkcs11`]),
        ...local,
      ]),
    ];
  const multiarch = `/usr/lib/${tripletOf(arch)}`;
  return ["/usr/lib", "/usr/lib/pkcs11", "/usr/lib64", "/usr/lib64/pkcs11", multiarch, `${multiarch}/pkcs11`, ...local];
};

/** Folders in which p11-kit looks for a `module:` that is not an absolute path. */
export const p11KitFolders = (machine: Machine): string[] =>
  machine.platform === "darwin"
    ? homebrewPrefixes(machine).map((prefix) => `${prefix}/lib/pkcs11`)
    : [`/usr/lib/${tripletOf(machine.arch)}/pkcs11`, "/usr/lib64/pkcs11", "/usr/lib/pkcs11", "/usr/local/lib/pkcs11"];

export interface KnownPath {
  path: string;
  library: KnownLibrary;
}

/** Every path at which the table says a library may be on this machine; each path once. */
export const knownPaths = (machine: Machine): KnownPath[] => {
  const folders = searchFolders(machine);
  const found = new Map<string, KnownPath>();
  for (const library of knownLibraries)
    for (const path of pathsOf(library, machine).flatMap((entry) => expand(entry, machine, folders)))
      if (!found.has(path)) found.set(path, { path, library });
  return [...found.values()];
};

const pathsOf = (library: KnownLibrary, { platform }: Machine): string[] =>
  (platform === "win32" ? library.win32 : platform === "darwin" ? library.darwin : library.linux) ?? [];

const expand = (entry: string, machine: Machine, folders: string[]): string[] => {
  if (machine.platform === "win32") {
    let known = true;
    const path = entry.replace(/%([^%]+)%/g, (_, name: string) => {
      const value = machine.environment[name];
      known &&= value !== undefined;
      return value ?? "";
    });
    return known ? [win32.normalize(path)] : [];
  }
  const named = entry.replace("<triplet>", tripletOf(machine.arch));
  return named.startsWith("/") ? [named] : folders.map((folder) => join(folder, named));
};

export const thisMachine = (home: string): Machine => ({
  platform: process.platform,
  arch: process.arch,
  home,
  environment: process.env,
});
