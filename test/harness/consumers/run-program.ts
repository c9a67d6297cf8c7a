import { spawn } from "node:child_process";

export interface Ran {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Variables by which these programs would find other tokens, configurations or PINs than those of the test. */
const notInherited =
  /^(SOFTHSM2_CONF|OPENSSL_CONF|OPENSSL_ENGINES|GNUTLS_PIN|SSH_.*|DISPLAY|NSS_.*|JAVA_TOOL_OPTIONS)$/;

const inherited = (): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !notInherited.test(name)));

/** Runs a program to its end, at most 60 seconds. It may not ask anybody: there is no terminal. */
export const runProgram = (
  command: string,
  args: readonly string[],
  { environment = {}, input = "" }: { environment?: Record<string, string>; input?: string | Buffer } = {},
): Promise<Ran> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: { ...inherited(), LC_ALL: "C", ...environment },
      // Of a session of its own, and so without a terminal to ask at.
      detached: true,
      timeout: 60_000,
      killSignal: "SIGKILL",
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    child.once("error", reject);
    child.once("close", (status) =>
      resolve({ status, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }),
    );
    // A program that ends without reading has nothing wrong with it.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
