import { spawn } from "node:child_process";

export interface Ran {
  /** null if it was ended for taking too long. */
  code: number | null;
  output: Buffer;
  errors: string;
}

const outputMost = 32 * 1024 * 1024;

/**
 * Runs a program without a shell, in English and with its time limited. A password goes to its standard input only:
 * arguments and environment can be seen by every user of the machine.
 * @param seconds after which it is ended
 * @throws system errors if it cannot be started
 */
export const runProgram = (
  program: string,
  words: string[],
  { input = "", seconds = 60 }: { input?: string; seconds?: number } = {},
): Promise<Ran> =>
  new Promise((resolve, reject) => {
    const env = { ...process.env, LC_ALL: "C.UTF-8", LANG: "C.UTF-8", JAVA_TOOL_OPTIONS: "" };
    const child = spawn(program, words, {
      env,
      stdio: ["pipe", "pipe", "pipe"],
      timeout: seconds * 1000,
      killSignal: "SIGKILL",
    });
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    let size = 0;
    const take = (into: Buffer[]) => (bytes: Buffer) => {
      size += bytes.length;
      if (size > outputMost) child.kill("SIGKILL");
      else into.push(bytes);
    };
    child.stdout.on("data", take(output));
    child.stderr.on("data", take(errors));
    child.once("error", reject);
    // A program that does not read what it is given closes the pipe early; its exit code tells.
    child.stdin.on("error", () => {});
    child.once("close", (code) =>
      resolve({ code, output: Buffer.concat(output), errors: Buffer.concat(errors).toString("utf8") }),
    );
    child.stdin.end(input);
  });
