import { appendFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { writeCopy } from "./spy-copies.ts";

/** Lines of the list that are kept when it has grown. */
const linesMost = 2000;
/** A recording begins right after its process. */
const nearMilliseconds = 60_000;

/** The spy in front of the modules of the app's own token hosts. */
export class OwnHosts {
  readonly #folder: string;
  readonly #list: string;
  readonly #spy: string;

  /** @param folder the app's folder for the spy @param spy the spy as it was built */
  constructor(folder: string, spy: string) {
    this.#spy = spy;
    this.#folder = join(folder, "hosts");
    this.#list = join(this.#folder, "processes");
  }

  /**
   * Makes the copy of the spy for a module, anew for each start: another level, another version of the spy.
   * @returns its path, with the module's own file name
   */
  async copyFor(
    module: { id: string; path: string },
    wanted: { traces: string; level: number; until?: number | undefined },
  ): Promise<string> {
    const library = join(this.#folder, module.id, basename(module.path));
    await mkdir(wanted.traces, { recursive: true, mode: 0o700 });
    await writeCopy(this.#spy, library, { ...wanted, module: module.path });
    return library;
  }

  /** Remembers that a process is a token host of the app: recordings themselves do not tell. */
  async note(process: number): Promise<void> {
    await mkdir(dirname(this.#list), { recursive: true, mode: 0o700 });
    await appendFile(this.#list, `${process} ${Date.now()}\n`, { mode: 0o600 });
  }

  /** @returns tells whether a process that began at a time was one of the app's token hosts */
  async recognise(): Promise<(process: number, begun: number) => boolean> {
    const lines = (await readFile(this.#list, "utf8").catch(() => "")).split("\n");
    const times = new Map<number, number[]>();
    for (const line of lines) {
      const [process, time] = line.split(" ").map(Number);
      if (process && time) times.set(process, [...(times.get(process) ?? []), time]);
    }
    return (process, begun) => (times.get(process) ?? []).some((time) => Math.abs(time - begun) < nearMilliseconds);
  }

  /** Shortens the list. */
  async tidy(): Promise<void> {
    const lines = (await readFile(this.#list, "utf8").catch(() => "")).split("\n");
    if (lines.length > 2 * linesMost) await writeFile(this.#list, lines.slice(-linesMost).join("\n"), { mode: 0o600 });
  }
}
