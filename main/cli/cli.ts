import { once } from "node:events";
import { openApp } from "../app.ts";
import { forkWithNode } from "../host/process.ts";
import { dataFolder, hostEntry, version } from "../places.ts";
import { traceCommand } from "../recording/trace-command.ts";
import { type CallArguments, parseArguments } from "./arguments.ts";
import { prepareCall, runCall } from "./call.ts";
import { describeAll, describeRequest } from "./describe.ts";
import { checkDescriptor } from "./descriptor.ts";
import { helpText } from "./help.ts";
import { Misuse } from "./misuse.ts";
import { fromDescriptor, fromTerminal } from "./secret-source.ts";
import { parseTraceArguments } from "./trace-arguments.ts";

/** Entry of the command `tokenglass`: the contract from a terminal. */
const main = async (words: string[]): Promise<number> => {
  const [first, ...rest] = words;
  // The words behind it are another program's, whose options are none of ours.
  if (first === "trace" && rest[0] !== "--help" && rest[0] !== "-h") return trace(rest);
  const given = parseArguments(words);
  if (given.command === "call") return call(given);
  if (given.command === "help") await write(helpText());
  else if (given.command === "version") await write(`${version}\n`);
  else await write(pretty(given.request === null ? describeAll() : describeRequest(given.request)));
  return 0;
};

/** Standard output is the command's own. */
const trace = (words: string[]): Promise<number> => {
  const { data, ...wanted } = parseTraceArguments(words);
  const say = (text: string) => void process.stderr.write(`tokenglass: ${text}\n`);
  return traceCommand({ ...wanted, dataFolder: data ?? dataFolder() }, say);
};

const call = async (given: CallArguments): Promise<number> => {
  const prepared = prepareCall(given);
  if (given.pinFd !== null) checkDescriptor(given.pinFd);
  const secrets = given.pinFd === null ? fromTerminal() : fromDescriptor(given.pinFd);
  const app = await openApp({
    dataFolder: given.data ?? dataFolder(),
    shell: "terminal",
    fork: forkWithNode(hostEntry),
    version,
  });
  const interrupted = interruption();
  try {
    if (given.follow) app.onEvent((name, data) => void write(line({ kind: "event", name, data })));
    const onProgress = (value: unknown) => void (given.follow && write(line({ kind: "progress", value })));
    const reply = await Promise.race([runCall(app, given, prepared, secrets, onProgress), interrupted]);
    if (reply === "interrupted") return 130;
    await write(given.follow ? line({ kind: "reply", ...reply }) : pretty(reply));
    if (given.follow && reply.ok) {
      void app.startModules();
      await interrupted;
    }
    return reply.ok && !prepared.declaration.leftUndone?.(reply.value) ? 0 : 1;
  } finally {
    await app.close();
  }
};

/** Ctrl-C and the like: log out and end the token hosts first. */
const interruption = async (): Promise<"interrupted"> => {
  await Promise.race((["SIGINT", "SIGTERM", "SIGHUP"] as const).map((signal) => once(process, signal)));
  return "interrupted";
};

const pretty = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
const line = (value: unknown): string => `${JSON.stringify(value)}\n`;

const write = (text: string): Promise<void> => new Promise((resolve) => process.stdout.write(text, () => resolve()));

// A reader that has seen enough (`| head`) is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));

try {
  process.exit(await main(process.argv.slice(2)));
} catch (thrown) {
  if (!(thrown instanceof Misuse)) throw thrown;
  process.stderr.write(`tokenglass: ${thrown.message}\n${thrown.hint ? `${thrown.hint}\n` : ""}`);
  process.exit(2);
}
