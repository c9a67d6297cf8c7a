import { shortNames } from "../objects/distinguished-name.ts";
import { type NamePart, namePartsOf } from "../x509/name.ts";
import type { CommandTable } from "./equivalent.ts";
import type { KnownInput } from "./known-input.ts";
import { assignments, commandLine } from "./shell-words.ts";
import {
  type Equivalent,
  labelAndId,
  loggedIn,
  type ModuleWords,
  needPrivateKey,
  objectWords,
  orBlank,
  uriWords,
} from "./tools.ts";

/** Where OpenSSL spells a type otherwise than RFC 4514. */
const opensslTypes: Record<string, string> = { STREET: "street" };

/**
 * RFC 4514 (most specific part first) as openssl's -subj takes it: that part last, parts led by a slash, "+" within a
 * part of several values, a backslash before these three. With -utf8.
 * @returns null for a name that -subj cannot say: of a type that OpenSSL may not know, or with a value given as DER
 * @throws Failure INVALID_REQUEST for a text that the app cannot read either
 */
export const opensslSubject = (subject: string): string | null => {
  const parts = namePartsOf(subject).reverse();
  if (parts.flat().some(({ oid, tag }) => tag === null || shortNames[oid] === undefined)) return null;
  return parts.map((relative) => `/${relative.map(opensslPart).join("+")}`).join("");
};

const opensslPart = ({ oid, value }: NamePart): string => {
  const name = shortNames[oid] ?? oid;
  return `${opensslTypes[name] ?? name}=${value.toString("utf8").replace(/[\\/+]/g, "\\$&")}`;
};

/** pkcs11-tool takes a certificate in DER, one at a time, and does not look for its key. */
const writeReply = (module: ModuleWords, input: KnownInput): Equivalent => ({
  commands: (input.certificates ?? [{}]).flatMap((one, i) => {
    const file = `certificate-${i + 1}`;
    return [
      commandLine(["openssl", "x509", "-in", `${file}.pem`, "-outform", "DER", "-out", `${file}.der`]),
      loggedIn(module, input, ["--write-object", `${file}.der`, "--type", "cert", ...labelAndId(one)]),
      ...(one.replaces ?? []).map((old) =>
        loggedIn(module, input, ["--delete-object", ...objectWords({ ...old, class: "certificate" })]),
      ),
    ];
  }),
  note: `Split ${orBlank(input.fileName, "the reply")} into one PEM file a certificate first. pkcs11-tool finds no key for it: the CKA_ID is to be told.${
    input.certificates?.some(({ replaces }) => replaces?.length)
      ? " --delete-object takes the first that fits, which may be the new one: look before."
      : ""
  }`,
});

export const certificateCommands: CommandTable<"certificates"> = {
  replyPreview: (module, input) => ({
    commands: [
      commandLine(["openssl", "x509", "-in", orBlank(input.fileName, "FILE"), "-noout", "-text", "-pubkey"]),
      loggedIn(module, input, ["--list-objects"]),
    ],
    note: "Compare the public key with those of the keys: pkcs11-tool does not find the one that it belongs to.",
  }),
  replyWrite: writeReply,
  selfSign: (module, input) => {
    needPrivateKey(input.key ?? {}, "C_Sign");
    const subject = opensslSubject(input.subject || "CN=NAME");
    if (subject === null)
      return {
        commands: [],
        note: "openssl's -subj has no way to write a value of this type, or one that is given as DER.",
      };
    const uses = input.ca ? "keyCertSign,cRLSign" : "digitalSignature";
    return {
      commands: [
        `${assignments({ ...module.environment, PKCS11_PROVIDER_MODULE: module.path })}${commandLine([
          ...["openssl", "req", "-new", "-x509", "-provider", "pkcs11", "-provider", "default"],
          ...["-key", uriWords(module, input, { class: "privateKey", ...input.key })],
          ...["-utf8", "-subj", subject, "-days", String(input.days ?? 365)],
          ...["-addext", `basicConstraints=critical,CA:${input.ca ? "TRUE" : "FALSE"}`],
          ...["-addext", `keyUsage=critical,${uses}`, "-out", "certificate.pem"],
        ])}`,
      ],
      note: "Needs OpenSSL 3 with pkcs11-provider, which asks for the PIN.",
    };
  },
};
