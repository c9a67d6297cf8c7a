import { basename } from "node:path";

/** What stands in a command's place for the value of a PIN option. */
export const masked = "***";

export interface MaskedCommand {
  /** The command, with {@link masked} for every value that is a PIN or password by its place. */
  words: string[];
  /** Those values, to be masked in what the program prints. */
  secrets: string[];
  /** Names of the options that have them. */
  options: string[];
}

/** Long and single-dash options whose value is a PIN, PUK, password or passphrase, by their names. */
const secretOption = /^--?[\w-]*(pin|puk|password|passwd|passphrase|storepass|keypass|secret|sopin)s?$/i;
/** Options of such names that say where the secret is, or whether, and options that take none. */
const harmlessOption = /(file|source|fd|env|prompt|ask|pad|stdin|change|init|unlock|verify|policy|cache|retries)$/i;
const takesNoValue = /^--?(no|change|init|unlock|unblock|verify|test|login|use|need|ask)-[\w-]*$|^--(login|pinpad)$/i;

/** Short options with a secret, by program. */
const shortOptions: Record<string, RegExp> = {
  "pkcs11-tool": /^-p$/,
  "yubico-piv-tool": /^-[PNk]$/,
  "ssh-keygen": /^-[PN]$/,
  openssl: /^-(k|K|pass|passin|passout)$/,
};

/** Values that name where a secret is (OpenSSL's and pkcs11-tool's `env:`, `file:`, `fd:`), or are a question. */
const pointer = /^(env:|file:|fd:|stdin$|prompt$|-$|@)/i;
/** The query attribute of a PKCS#11 URI (RFC 7512, 2.4), and spellings seen in its place. */
const inUri = /((?:[?&;]|^)(?:pin-value|pin|password)=)([^&;]+)/gi;

/**
 * Finds PINs and passwords among a program's arguments. Every user of the machine can read arguments while the program
 * runs (ps), and shells keep them in their history.
 */
export const maskSecrets = (command: readonly string[]): MaskedCommand => {
  const program = basename(command[0] ?? "");
  const secrets: string[] = [];
  const options: string[] = [];
  const hide = (option: string, value: string): string => {
    if (value === "" || pointer.test(value)) return value;
    const prefixed = /^(pass:)(.+)$/s.exec(value);
    secrets.push(prefixed?.[2] ?? value);
    options.push(option);
    return `${prefixed?.[1] ?? ""}${masked}`;
  };
  let awaited: string | null = null;
  const words = command.map((word, n) => {
    if (n === 0) return word;
    if (awaited !== null) {
      const option = awaited;
      awaited = null;
      if (!word.startsWith("--")) return hide(option, word);
    }
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(word) ?? [];
    if (name !== undefined && value !== undefined && isSecret(program, name)) return `${name}=${hide(name, value)}`;
    if (isSecret(program, word)) awaited = word;
    return word.includes("pkcs11:") || /^(pin|password)=/i.test(word)
      ? word.replace(inUri, (_, before: string, found: string) => before + hide(before.replace(/[?&;=]/g, ""), found))
      : word;
  });
  return { words, secrets, options: [...new Set(options)] };
};

const isSecret = (program: string, option: string): boolean =>
  shortOptions[program]?.test(option) ||
  (secretOption.test(option) && !harmlessOption.test(option) && !takesNoValue.test(option));

/** Masks values in a text that may repeat them. */
export const maskText = (text: string, secrets: readonly string[]): string =>
  secrets.reduce((left, secret) => left.replaceAll(secret, masked), text);

/** The warning for a command with PINs in it; null if there are none. */
export const secretWarning = ({ options }: MaskedCommand): string | null =>
  options.length === 0
    ? null
    : `The command has a PIN or password in its arguments (${options.join(", ")}), where every user of this machine can read it while it runs. Leave it out and let the program ask. The recording does not contain it.`;
