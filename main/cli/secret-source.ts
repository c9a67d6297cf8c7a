import { openSync, readSync } from "node:fs";
import { ReadStream } from "node:tty";
import { notThere, pinFdHint } from "./descriptor.ts";
import { Misuse } from "./misuse.ts";

/** Gives secrets one after the other: lines of a file descriptor, or what is typed at the terminal. */
export interface SecretSource {
  /** @param title what is asked for. @param twice a new secret is typed twice, since nobody sees what was typed. */
  next(title: string, twice: boolean): Promise<string>;
  /** A remark for the person who is asked; nobody is there when secrets come from a descriptor. */
  say(text: string): void;
}

/** Reads no further than needed, so that a pipe may stay open. */
export const fromDescriptor = (fd: number): SecretSource => ({
  say: () => {},
  next: async (title) => {
    const bytes: number[] = [];
    const one = Buffer.alloc(1);
    for (;;) {
      let count: number;
      try {
        count = readSync(fd, one, 0, 1, null);
      } catch (thrown) {
        const { code } = thrown as NodeJS.ErrnoException;
        if (code === "EAGAIN") {
          await new Promise((resolve) => setTimeout(resolve, 20));
          continue;
        }
        throw notThere(fd, code);
      }
      if (count === 0 || one[0] === 0x0a) break;
      bytes.push(one[0] ?? 0);
    }
    const line = Buffer.from(bytes).toString("utf8").replace(/\r$/, "");
    if (line === "")
      throw new Misuse(
        `File descriptor ${fd} (--pin-fd) has no line for: ${title}.`,
        "Give one line for each secret, in the order of the request's schema (after the PIN of --login).",
      );
    return line;
  },
});

/** Asks at the controlling terminal, without echo, whatever standard input and output are. */
export const fromTerminal = (): SecretSource => ({
  say: (text) => process.stderr.write(`${text}\n`),
  next: async (title, twice) => {
    const secret = await askHidden(`${title}: `);
    if (twice && (await askHidden(`${title}, again: `)) !== secret)
      throw new Misuse("The two entries differ; nothing was done.", "Try again.");
    if (secret === "") throw new Misuse(`No entry for: ${title}. Nothing was done.`, "Try again.");
    return secret;
  },
});

/** @throws Misuse without a terminal, or when the user gives up with Ctrl-C or Ctrl-D. */
const askHidden = (prompt: string): Promise<string> => {
  let fd: number;
  try {
    fd = openSync(process.platform === "win32" ? "\\\\.\\CONIN$" : "/dev/tty", "r+");
  } catch {
    throw new Misuse(
      `A secret is needed (${prompt.replace(/: $/, "")}), but there is no terminal to ask at.`,
      pinFdHint,
    );
  }
  const terminal = new ReadStream(fd);
  terminal.setRawMode(true);
  process.stderr.write(prompt);
  return new Promise<string>((resolve, reject) => {
    let typed = "";
    const end = (finish: () => void) => {
      terminal.setRawMode(false);
      terminal.destroy();
      process.stderr.write("\n");
      finish();
    };
    terminal.setEncoding("utf8");
    terminal.on("data", (chunk: string) => {
      for (const key of chunk) {
        if (key === "\r" || key === "\n") return end(() => resolve(typed));
        if (key === "\u0003" || key === "\u0004")
          return end(() => reject(new Misuse("Given up; nothing was done.", "")));
        if (key === "\u007f" || key === "\b") typed = [...typed].slice(0, -1).join("");
        else if (key === "\u0015") typed = "";
        else typed += key;
      }
    });
    terminal.once("error", () => end(() => reject(new Misuse("The terminal cannot be read."))));
  });
};
