import { spawn } from "node:child_process";

/**
 * Runs a shell command at a terminal of its own (script(1)) and types an answer each time something that ends in
 * "PIN: " or the like is asked for.
 * @returns what was to be seen there, and the exit code.
 */
export const atTerminal = (
  command: string,
  answers: readonly string[],
  environment: Record<string, string> = {},
): Promise<{ seen: string; exitCode: number | null }> => {
  const child = spawn("script", ["-qec", command, "/dev/null"], {
    env: { ...process.env, ...environment },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const waiting = [...answers];
  let seen = "";
  let unanswered = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    seen += text;
    unanswered += text;
    if (!/(PIN|PIN \(again\)|again|password)[^\n]*: *$/i.test(unanswered)) return;
    unanswered = "";
    // The asker turns echo off right after its prompt, and drops what came before.
    setTimeout(() => child.stdin.write(`${waiting.shift() ?? ""}\r`), 150);
  });
  return new Promise((resolve) => child.once("close", (exitCode) => resolve({ seen, exitCode })));
};
