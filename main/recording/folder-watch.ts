import { type FSWatcher, watch } from "node:fs";
import { mkdir } from "node:fs/promises";
import { isRecordingName } from "../files/recording-name.ts";

/** Recordings grow with each call; listeners are told at most this often. */
const tellMilliseconds = 400;

/** Gathers what changed among the recordings and tells it in portions. */
export class FolderWatch {
  readonly #folder: string;
  readonly #onChange: (names: string[]) => void;
  readonly #names = new Set<string>();
  #watcher: FSWatcher | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(folder: string, onChange: (names: string[]) => void) {
    this.#folder = folder;
    this.#onChange = onChange;
  }

  /** From now on files that begin, grow or go are told. The folder is made if it is not there. */
  async start(): Promise<void> {
    if (this.#watcher) return;
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    this.#watcher ??= watch(this.#folder, { persistent: false }, (_, name) =>
      this.tell(name !== null && isRecordingName(name) ? [name] : []),
    );
    // The folder was deleted under it: nothing to be told any more.
    this.#watcher.on("error", () => this.#watcher?.close());
  }

  /** @param names of recordings; none if something else changed */
  tell(names: readonly string[]): void {
    for (const name of names) this.#names.add(name);
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      const told = [...this.#names];
      this.#names.clear();
      this.#onChange(told);
    }, tellMilliseconds);
    this.#timer.unref();
  }

  close(): void {
    this.#watcher?.close();
    if (this.#timer) clearTimeout(this.#timer);
  }
}
