import { parseArgs } from "node:util";
import { pinFdHint } from "./descriptor.ts";
import { Misuse } from "./misuse.ts";

export interface CallArguments {
  command: "call";
  request: string;
  /** The JSON text, "@path", "-" for standard input. */
  input: string;
  pinFd: number | null;
  login: "user" | "so" | null;
  confirm: string | undefined;
  /** Optional secret fields to be asked for as well. */
  ask: string[];
  follow: boolean;
  data: string | null;
}

export type Arguments =
  | CallArguments
  | { command: "describe"; request: string | null }
  | { command: "help" }
  | { command: "version" };

const options = {
  "pin-fd": { type: "string" },
  login: { type: "string" },
  confirm: { type: "string" },
  ask: { type: "string", multiple: true },
  follow: { type: "boolean" },
  data: { type: "string" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
} as const;

/** @param words the command line without the program. @throws Misuse */
export const parseArguments = (words: string[]): Arguments => {
  const { values, positionals } = parse(words);
  const [command, request, input, ...rest] = positionals;
  if (values.version) return { command: "version" };
  if (values.help || command === undefined || command === "help" || command === "trace") return { command: "help" };
  if (command !== "call" && command !== "describe")
    throw new Misuse(`There is no command ${show(command)}.`, "The commands are `call`, `describe` and `trace`.");
  if (rest.length > 0 || (command === "describe" && input !== undefined))
    throw new Misuse(
      `There are more words than ${command} takes.`,
      "The input is one word: quote the JSON for the shell, or put it into a file and give @file.",
    );
  if (command === "describe") return { command, request: request ?? null };
  if (request === undefined)
    throw new Misuse("The name of a request is missing.", "For example: tokenglass call modules.list");
  return {
    command,
    request,
    input: input ?? "{}",
    pinFd: descriptor(values["pin-fd"]),
    login: loginAs(values.login),
    confirm: values.confirm,
    ask: values.ask ?? [],
    follow: values.follow ?? false,
    data: values.data ?? null,
  };
};

const parse = (words: string[]) => {
  try {
    return parseArgs({ args: words, options, allowPositionals: true, strict: true });
  } catch (thrown) {
    // The parser's text quotes the option's name only, never a value.
    throw new Misuse((thrown as Error).message.split(". ")[0] ?? "An option is wrong.");
  }
};

const descriptor = (value: string | undefined): number | null => {
  if (value === undefined) return null;
  if (!/^\d{1,4}$/.test(value) || value === "1" || value === "2")
    throw new Misuse(
      "--pin-fd takes the number of an open file descriptor (0, or 3 and above).",
      `The PIN itself never belongs on the command line. ${pinFdHint}`,
    );
  return Number(value);
};

const loginAs = (value: string | undefined): "user" | "so" | null => {
  if (value === undefined) return null;
  if (value !== "user" && value !== "so") throw new Misuse("--login takes `user` or `so`.");
  return value;
};

/** A word of the user's for a message; cut short, since it may be anything, a PIN in the wrong place included. */
const show = (word: string): string => (/^[a-z.]{1,20}$/i.test(word) ? `"${word}"` : "of that name");
