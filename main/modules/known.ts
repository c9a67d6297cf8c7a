import { execFile } from "node:child_process";
import { isAbsolute, join } from "node:path";
import { promisify } from "node:util";
import type { KnownLibrary } from "./known-libraries.ts";
import { type P11KitModule, p11KitPlaces, readP11Kit } from "./p11-kit-files.ts";
import { knownPaths, type Machine, p11KitFolders } from "./search-folders.ts";

/** What this machine's table of known libraries and p11-kit's configuration say of paths. */
export class Known {
  readonly machine: Machine;
  readonly #table: Map<string, KnownLibrary>;
  #p11KitFolders: Promise<string[]> | null = null;

  constructor(machine: Machine) {
    this.machine = machine;
    this.#table = new Map(knownPaths(machine).map(({ path, library }) => [path, library]));
  }

  /** The table's paths on this machine, in its order. */
  get paths(): { path: string; library: KnownLibrary }[] {
    return [...this.#table].map(([path, library]) => ({ path, library }));
  }

  /** @returns the table's entry for a file, by any of its paths; a version behind `.so` does not matter. */
  library(...paths: string[]): KnownLibrary | null {
    for (const path of paths)
      for (const spelt of [path, path.replace(/\.so(\.\d+)+$/, ".so")]) {
        const library = this.#table.get(spelt);
        if (library) return library;
      }
    return null;
  }

  /** p11-kit's modules, each with the absolute paths at which its library may be. */
  async p11Kit(): Promise<(P11KitModule & { paths: string[] })[]> {
    const { home, environment } = this.machine;
    const [modules, folders] = await Promise.all([readP11Kit(p11KitPlaces(home, environment)), this.#folders()]);
    return modules.map((module) => ({
      ...module,
      paths: module.module === null ? [] : absolutePaths(module.module, folders),
    }));
  }

  /** Whether the system's p11-kit configuration names a file. */
  async inSystemP11Kit(...paths: string[]): Promise<boolean> {
    const modules = await this.p11Kit();
    return modules.some((module) => module.system && module.paths.some((path) => paths.includes(path)));
  }

  #folders(): Promise<string[]> {
    this.#p11KitFolders ??= modulePathOfPkgConfig().then((told) => [
      ...new Set([...told, ...p11KitFolders(this.machine)]),
    ]);
    return this.#p11KitFolders;
  }
}

const absolutePaths = (module: string, folders: string[]): string[] =>
  isAbsolute(module) ? [module] : folders.map((folder) => join(folder, module));

/** p11-kit's own word on its module folder, where its development files are installed. */
const modulePathOfPkgConfig = async (): Promise<string[]> => {
  if (process.platform === "win32") return [];
  try {
    const { stdout } = await promisify(execFile)("pkg-config", ["--variable=p11_module_path", "p11-kit-1"], {
      timeout: 3000,
    });
    return isAbsolute(stdout.trim()) ? [stdout.trim()] : [];
  } catch {
    return [];
  }
};
