import { readdir, readFile } from "node:fs/promises";
import { isAbsolute, join } from "node:path";

/** A p11-kit module as its configuration files describe it (pkcs11.conf(5)). */
export interface P11KitModule {
  /** The file's name without `.module`. */
  name: string;
  /** The file that comes first for it. */
  file: string;
  /** Absolute, or a name in p11-kit's module folder; null where the user switched the module off. */
  module: string | null;
  /** Command of a `remote: |command` line. */
  remote: string | null;
  enableIn: string[] | null;
  disableIn: string[] | null;
  /** Whether the system's configuration names the library; a user's own file can name anything. */
  system: boolean;
}

type Fields = Map<string, string>;

/**
 * Reads the lines of a module file: `name: value`, comments only on lines of their own. Lines that do not fit are
 * left out, as a finder has no use for an error about another program's file.
 */
export const parseFields = (text: string): Fields => {
  const fields: Fields = new Map();
  for (const line of text.split(/\r?\n/)) {
    const found = /^\s*([A-Za-z0-9._-]+)\s*:\s*(.*?)\s*$/.exec(line);
    if (found?.[1]) fields.set(found[1], found[2] ?? "");
  }
  return fields;
};

/** A module file that was read. */
export interface ModuleFile {
  folder: string;
  /** File name with `.module`. */
  fileName: string;
  text: string;
  system: boolean;
}

/**
 * Puts module files together as p11-kit does: files of one name are one module, and what an earlier file says wins
 * over what a later one says.
 * @param files the user's first, then the administrator's (/etc), then the packages' (/usr/share)
 */
export const mergeModules = (files: ModuleFile[]): P11KitModule[] => {
  const merged = new Map<string, { fields: Fields; file: string; system: boolean }>();
  for (const { folder, fileName, text, system } of files) {
    const fields = parseFields(text);
    const earlier = merged.get(fileName);
    if (!earlier) merged.set(fileName, { fields, file: join(folder, fileName), system });
    else {
      // A library that the user's file does not name comes from the system's.
      if (!earlier.fields.has("module") && fields.has("module")) earlier.system = system;
      for (const [name, value] of fields) if (!earlier.fields.has(name)) earlier.fields.set(name, value);
    }
  }
  return [...merged].map(([fileName, { fields, file, system }]) => ({
    name: fileName.replace(/\.module$/, ""),
    file,
    module: fields.get("module") || null,
    remote: fields.get("remote") || null,
    enableIn: list(fields.get("enable-in")),
    disableIn: list(fields.get("disable-in")),
    system,
  }));
};

const list = (value: string | undefined): string[] | null =>
  value === undefined ? null : value.split(/[\s,]+/).filter((name) => name !== "");

/** Whether the file lets a program load the module: named in enable-in, or not named in disable-in. */
export const enabledFor = ({ enableIn, disableIn }: P11KitModule, program: string): boolean =>
  enableIn ? enableIn.includes(program) : !disableIn?.includes(program);

export interface P11KitPlaces {
  userModules: string;
  userConfig: string;
  /** The administrator's first, then the packages'. */
  systemModules: string[];
  systemConfig: string;
}

export const p11KitPlaces = (home: string, environment: Record<string, string | undefined>): P11KitPlaces => {
  const xdg = environment.XDG_CONFIG_HOME;
  const user = join(xdg && isAbsolute(xdg) ? xdg : join(home, ".config"), "pkcs11");
  return {
    userModules: join(user, "modules"),
    userConfig: join(user, "pkcs11.conf"),
    systemModules: [
      "/etc/pkcs11/modules",
      "/usr/share/p11-kit/modules",
      "/usr/local/etc/pkcs11/modules",
      "/usr/local/share/p11-kit/modules",
      "/opt/homebrew/etc/pkcs11/modules",
      "/opt/homebrew/share/p11-kit/modules",
    ],
    systemConfig: "/etc/pkcs11/pkcs11.conf",
  };
};

/** Reads p11-kit's configuration. Folders and files that are not there, or may not be read, count as empty. */
export const readP11Kit = async (places: P11KitPlaces): Promise<P11KitModule[]> => {
  const mode = await userMode(places);
  const user = mode === "none" ? [] : await moduleFiles(places.userModules, false);
  const system = await Promise.all(
    mode === "only" ? [] : places.systemModules.map((folder) => moduleFiles(folder, true)),
  );
  return mergeModules([...user, ...system.flat()]);
};

/** `user-config` of the global files: whether the user's files count besides the system's (the default), alone or not. */
const userMode = async ({ systemConfig, userConfig }: P11KitPlaces): Promise<string> => {
  const system = parseFields(await textOf(systemConfig)).get("user-config") ?? "merge";
  if (system !== "merge") return system;
  return parseFields(await textOf(userConfig)).get("user-config") ?? system;
};

const moduleFiles = async (folder: string, system: boolean): Promise<ModuleFile[]> => {
  const names = await readdir(folder).catch(() => []);
  const fitting = names.filter((name) => /^[A-Za-z0-9][A-Za-z0-9_.,-]*\.module$/.test(name)).sort();
  return Promise.all(
    fitting.map(async (fileName) => ({ folder, fileName, system, text: await textOf(join(folder, fileName)) })),
  );
};

const textOf = (path: string): Promise<string> => readFile(path, "utf8").catch(() => "");
