import { readFileSync } from "node:fs";
import type { RequestDeclaration } from "../../preload/contract/declare.ts";
import type { Reply } from "../../preload/contract/errors.ts";
import { declarationOf, type Output } from "../../preload/contract/index.ts";
import type { App } from "../app.ts";
import type { CallArguments } from "./arguments.ts";
import { unknownRequest } from "./describe.ts";
import { Misuse } from "./misuse.ts";
import type { SecretSource } from "./secret-source.ts";
import { fieldsToAsk, type SecretField, secretFields } from "./secrets.ts";

/** A request that is ready to run but for its secrets. */
export interface PreparedCall {
  declaration: RequestDeclaration;
  input: Record<string, unknown>;
  ask: SecretField[];
}

/** Checks all that can be checked before a module is loaded or a secret asked for. @throws Misuse */
export const prepareCall = (given: CallArguments): PreparedCall => {
  const declaration = declarationOf(given.request);
  if (!declaration) throw unknownRequest(given.request);
  if (given.input === "-" && given.pinFd === 0)
    throw new Misuse(
      "Standard input cannot be both the JSON and the PINs.",
      "Give the JSON as an argument or as @file, and leave standard input to --pin-fd 0.",
    );
  const input = parseInput(given.input);
  if (given.login && (input.module === undefined || input.token === undefined))
    throw new Misuse("--login needs a request whose input names a module and a token.");
  return { declaration, input, ask: fieldsToAsk(secretFields(declaration), input, given.ask) };
};

/** Logs in if wanted, asks for the secrets, runs the request. */
export const runCall = async (
  app: App,
  given: CallArguments,
  prepared: PreparedCall,
  secrets: SecretSource,
  onProgress: (value: unknown) => void,
): Promise<Reply<unknown>> => {
  const { declaration, input, ask } = prepared;
  // An input that does not fit is refused before anybody types a PIN. The stand-in fits every secret's schema.
  const filled = { ...input, ...Object.fromEntries(ask.map(({ field }) => [field, "00"])) };
  if (!declaration.input.safeParse(filled).success) return app.dispatch(given.request, filled);
  if (given.login) {
    const reply = await logIn(app, given, input, secrets);
    if (!reply.ok) return reply;
  }
  const complete = { ...input };
  for (const { field, title } of ask) complete[field] = await secrets.next(title, setsNewSecret(given.request, title));
  return app.dispatch(given.request, complete, onProgress);
};

const logIn = async (
  app: App,
  given: CallArguments,
  { module, token }: Record<string, unknown>,
  secrets: SecretSource,
): Promise<Reply<unknown>> => {
  const who = given.login;
  const prompt = (await app.dispatch("tokens.pinPrompt", { module, token, who })) as Reply<Output<"tokens.pinPrompt">>;
  if (!prompt.ok) return prompt;
  const { pinPad, state, confirmation } = prompt.value;
  if (state.state !== "set") secrets.say(state.words);
  const mayAsk = confirmation === null || given.confirm === confirmation;
  const title = who === "so" ? "SO PIN" : "User PIN";
  // Without the confirmation the request is refused by its own rules, so no PIN is asked for.
  const pin = pinPad || !mayAsk || !prompt.value.mayTry ? null : await secrets.next(title, false);
  return app.dispatch("tokens.login", { module, token, who, pin, confirmation: given.confirm });
};

/** Whether a mistyped entry would become a PIN that nobody knows. */
const setsNewSecret = (request: string, title: string): boolean =>
  request === "tokens.initialise" || title.startsWith("New");

const parseInput = (word: string): Record<string, unknown> => {
  const text =
    word === "-" ? readText(0, "standard input") : word.startsWith("@") ? readText(word.slice(1), word.slice(1)) : word;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's message would quote the text, which may hold what it should not.
    throw new Misuse("The input is not JSON.", `It is an object, for example '{"module":"demo"}'.`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Misuse("The input is not a JSON object.", `For example '{"module":"demo"}'.`);
  return value as Record<string, unknown>;
};

const readText = (from: string | number, name: string): string => {
  try {
    return readFileSync(from, "utf8");
  } catch (thrown) {
    throw new Misuse(`The input cannot be read from ${name}: ${(thrown as NodeJS.ErrnoException).code}.`);
  }
};
