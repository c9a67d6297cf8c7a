import { mkdir, open, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { isRunning } from "../files/process-state.ts";
import { writeDurably } from "../files/write-durably.ts";
import { type Failure, failure } from "../pkcs11/failure.ts";
import { type Register, register } from "./register.ts";

/** Milliseconds that a register may be held by another window or command of the app. */
const patience = 10_000;
/** After so many a lock was left behind, whatever stands in it: nothing holds one longer than a write takes. */
const staleAfter = 30_000;

/**
 * The registers of CAs, one file each. A file is written anew beside the old one, brought to the disk and put in its
 * place, so that whoever is killed half-way leaves the old or the new register and never a part of one. One that cannot
 * be read is never replaced: a list made of it would let revoked certificates pass.
 */
export class Registers {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  fileOf(id: string): string {
    return join(this.#folder, `${id}.json`);
  }

  async all(): Promise<Register[]> {
    const names = await readdir(this.#folder).catch((thrown: NodeJS.ErrnoException) => {
      if (thrown.code === "ENOENT") return [];
      throw notReadable(this.#folder, thrown.message);
    });
    const ids = names.flatMap((name) => /^([0-9a-f]+)\.json$/.exec(name)?.[1] ?? []);
    const registers = await Promise.all(ids.map((id) => this.find(id)));
    return registers.filter((one) => one !== null);
  }

  /** @returns null if there is none. @throws Failure FILE_FAILED for one that is damaged */
  async find(id: string): Promise<Register | null> {
    const file = this.fileOf(id);
    let text: string;
    try {
      text = await readFile(file, "utf8");
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code === "ENOENT") return null;
      throw notReadable(file, (thrown as Error).message);
    }
    try {
      return register.parse(JSON.parse(text));
    } catch {
      throw notReadable(file, "it is damaged, or of a newer version");
    }
  }

  /** @throws Failure OBJECT_GONE, FILE_FAILED */
  async need(id: string): Promise<Register> {
    const found = await this.find(id);
    if (found) return found;
    throw noRegister(this.fileOf(id));
  }

  /**
   * Reads a register, changes it and writes it, while nobody else can.
   * @param change gets null where there is none yet; what it throws leaves the register as it was
   */
  async update(id: string, change: (kept: Register | null) => Register): Promise<Register> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    return this.#alone(id, async () => {
      const next = change(await this.find(id));
      await this.#write(this.fileOf(id), `${JSON.stringify(next, null, 1)}\n`);
      return next;
    });
  }

  async #write(file: string, text: string): Promise<void> {
    try {
      await writeDurably(file, text);
    } catch (thrown) {
      throw failure("FILE_FAILED", {
        where: file,
        message: `The register cannot be written: ${(thrown as Error).message}.`,
        remedy: "Make room on the disk, or give your user the right to write there. Nothing was handed out.",
      });
    }
  }

  async #alone<T>(id: string, work: () => Promise<T>): Promise<T> {
    const lock = `${this.fileOf(id)}.lock`;
    for (const end = Date.now() + patience; ; ) {
      if (await taken(lock)) break;
      if (Date.now() > end)
        throw failure("FILE_FAILED", {
          where: lock,
          message: "Another window or command of the app is writing this register.",
          remedy: "Try again.",
        });
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    try {
      return await work();
    } finally {
      await rm(lock, { force: true });
    }
  }
}

/** @returns whether the lock is ours now; one that was left behind is taken over */
const taken = async (lock: string): Promise<boolean> => {
  try {
    const handle = await open(lock, "wx", 0o600);
    await handle.writeFile(String(process.pid));
    await handle.close();
    return true;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== "EEXIST") throw notReadable(lock, (thrown as Error).message);
  }
  if (await leftBehind(lock)) await rm(lock, { force: true });
  return false;
};

/** Whoever made it was killed, or it is older than any write. */
const leftBehind = async (lock: string): Promise<boolean> => {
  try {
    const { mtimeMs } = await stat(lock);
    const pid = Number(await readFile(lock, "utf8"));
    return Date.now() - mtimeMs > staleAfter || (pid > 0 && !(await isRunning(pid, mtimeMs)));
  } catch {
    // It has just been given back.
    return false;
  }
};

const notReadable = (where: string, why: string): Failure =>
  failure("FILE_FAILED", {
    where,
    message: `The register cannot be read: ${why}. It is left as it is, and nothing is issued or revoked with it.`,
    remedy: "Put back a copy of the file, e.g. from a backup.",
  });

export const noRegister = (where: string): Failure =>
  failure("OBJECT_GONE", {
    where,
    message: "There is no register of such a CA.",
    remedy: "Issue a certificate with the CA first.",
  });
