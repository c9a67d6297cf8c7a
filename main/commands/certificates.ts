import type { CommandTable } from "./equivalent.ts";
import { assignments, commandLine } from "./shell-words.ts";
import { uriWords } from "./tools.ts";

/**
 * RFC 4514 (most significant part last, escapes with a backslash) to what openssl's -subj takes (first part first,
 * parts led by a slash).
 */
export const opensslSubject = (subject: string): string =>
  subject
    .split(/(?<!\\),/)
    .reverse()
    .map(
      (part) =>
        `/${part
          .trim()
          .replace(/\\([,+"\\<>;=# ])/g, "$1")
          .replaceAll("/", "\\/")}`,
    )
    .join("");

export const certificateCommands: CommandTable<"certificates"> = {
  selfSign: (module, input) => ({
    commands: [
      `${assignments({ ...module.environment, PKCS11_PROVIDER_MODULE: module.path })}${commandLine([
        ...["openssl", "req", "-new", "-x509", "-provider", "pkcs11", "-provider", "default"],
        ...["-key", uriWords(input, { class: "privateKey", ...input.key })],
        ...["-subj", opensslSubject(input.subject ?? "CN=NAME")],
        ...["-days", String(input.days ?? 365), "-out", "certificate.pem"],
      ])}`,
    ],
    note: "Needs OpenSSL 3 with pkcs11-provider, which asks for the PIN.",
  }),
};
