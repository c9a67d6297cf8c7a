import { createHash } from "node:crypto";
import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import type { SpyCopy } from "../../preload/contract/recording.ts";
import { readJson, writeJson } from "../files/json-file.ts";
import { failure } from "../pkcs11/failure.ts";
import { moduleIn, type SpyConfiguration, spyConfiguration } from "./spy-configuration.ts";

const kept = z.object({
  path: z.string(),
  name: z.string(),
  library: z.string(),
  level: z.number(),
  made: z.string(),
  /** Of the copy as it was made. */
  sha256: z.string(),
});
type KeptCopy = z.infer<typeof kept>;

/**
 * Writes a copy of the spy and its configuration beside it; each takes its final name when it is whole.
 * @param spy the spy as it was built
 */
export const writeCopy = async (
  spy: string,
  library: string,
  configuration: SpyConfiguration,
): Promise<{ sha256: string }> => {
  const bytes = await readFile(spy);
  await mkdir(dirname(library), { recursive: true, mode: 0o700 });
  await chmod(dirname(library), 0o700);
  await writeWhole(`${library}.conf`, spyConfiguration(configuration));
  await writeWhole(library, bytes);
  return { sha256: digestOf(bytes) };
};

export const writeWhole = async (path: string, content: string | Uint8Array): Promise<void> => {
  const fresh = `${path}.${process.pid}.new`;
  await writeFile(fresh, content, { mode: 0o600 });
  await rename(fresh, path);
};

const digestOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/**
 * The spy's copies that the user asked for: each is a path that any program can be given in place of one module's. They
 * are in a folder that only this user can open.
 */
export class SpyCopies {
  readonly folder: string;
  readonly #list: string;
  readonly #spy: string;

  /** @param folder the app's folder for the spy @param spy the spy as it was built */
  constructor(folder: string, spy: string) {
    this.#spy = spy;
    this.folder = join(folder, "copies");
    this.#list = join(folder, "copies.json");
  }

  async all(): Promise<SpyCopy[]> {
    return Promise.all((await this.#read()).map(described));
  }

  /** Makes the copy for a module, or makes it anew. The path depends on the module's path alone. */
  async make(name: string, configuration: SpyConfiguration): Promise<SpyCopy> {
    const path = configuration.module;
    const stem = basename(path).replace(/\.(so(\.\d+)*|dylib|dll)$/, "");
    const ending = basename(path).slice(stem.length) || ".so";
    const place = `${stem}-${createHash("sha256").update(path).digest("hex").slice(0, 8)}`;
    const library = join(this.folder, place, `${stem}-spy${ending}`);
    const { sha256 } = await writeCopy(this.#spy, library, configuration);
    const entry: KeptCopy = { path, name, library, level: configuration.level, made: new Date().toISOString(), sha256 };
    await writeJson(this.#list, [...(await this.#read()).filter((other) => other.library !== library), entry]);
    return described(entry);
  }

  /** @throws Failure REFUSED for a path that is none of the copies */
  async remove(library: string): Promise<void> {
    const entries = await this.#read();
    if (!entries.some((entry) => entry.library === library))
      throw failure("REFUSED", {
        where: library,
        message: "This is no copy of the spy that the app made.",
        remedy: "`recording.state` lists the copies.",
      });
    await rm(dirname(library), { recursive: true, force: true });
    await writeJson(
      this.#list,
      entries.filter((entry) => entry.library !== library),
    );
  }

  async #read(): Promise<KeptCopy[]> {
    return (await readJson(this.#list, z.array(kept))) ?? [];
  }
}

const described = async ({ sha256, ...entry }: KeptCopy): Promise<SpyCopy> => {
  const why = await defectOf(entry.library, entry.path, sha256);
  return { ...entry, good: why === "", why };
};

/** @returns what is wrong with a copy or its module; "" if nothing */
const defectOf = async (library: string, module: string, sha256: string): Promise<string> => {
  try {
    if (digestOf(await readFile(library)) !== sha256) return "The copy is not the file that was made. Make it again.";
    if (moduleIn(await readFile(`${library}.conf`, "utf8")) !== module)
      return "The copy's configuration names another module. Make it again.";
  } catch {
    return "The copy or its configuration is gone. Make it again.";
  }
  const there = await stat(module).catch(() => null);
  return there ? "" : "The module's file is gone: a program that is given the copy gets an error.";
};
