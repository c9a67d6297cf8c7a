import type { CommandTable } from "./equivalent.ts";
import type { KnownInput } from "./known-input.ts";
import { opensslRequest } from "./openssl-request.ts";
import { commandLine } from "./shell-words.ts";
import {
  type Equivalent,
  labelAndId,
  loggedIn,
  type ModuleWords,
  objectWords,
  onToken,
  opensslOnToken,
  orBlank,
  uriWords,
  withProvider,
} from "./tools.ts";

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

const onlyHere = (note: string): Equivalent => ({ commands: [], note });

export const certificateCommands: CommandTable<"certificates"> = {
  replyPreview: (module, input) => ({
    commands: [
      commandLine(["openssl", "x509", "-in", orBlank(input.fileName, "FILE"), "-noout", "-text", "-pubkey"]),
      loggedIn(module, input, ["--list-objects"]),
    ],
    note: "Compare the public key with those of the keys: pkcs11-tool does not find the one that it belongs to.",
  }),
  replyWrite: writeReply,
  authority: (module, input) => ({
    commands: [
      `${onToken(module, input, ["--read-object", ...objectWords(input.issuer ?? { class: "certificate" })])} | ${commandLine(["openssl", "x509", "-inform", "DER", "-noout", "-text"])}`,
    ],
    note: null,
  }),
  readRequest: (_, input) => ({
    commands: [
      commandLine(["openssl", "req", "-in", orBlank(input.fileName, "REQUEST"), "-verify", "-noout", "-text"]),
    ],
    note: null,
  }),
  issue: (module, input) => ({
    commands: [
      opensslOnToken(module, [
        ...["x509", "-req", "-in", orBlank(input.fileName, "REQUEST"), "-days", String(input.days ?? 365)],
        ...["-CA", "ca.pem", "-CAkey", uriWords(module, input, { class: "privateKey", ...input.key })],
        ...withProvider,
        ...["-extfile", "extensions.cnf", "-out", "certificate.pem"],
      ]),
    ],
    note: "Needs OpenSSL 3 with pkcs11-provider, which asks for the PIN. extensions.cnf holds the extensions; openssl keeps no register of what it issues so.",
  }),
  revocationList: (module, input) => ({
    commands: [
      opensslOnToken(module, [
        ...["ca", "-gencrl", "-config", "ca.cnf", "-cert", "ca.pem"],
        ...["-keyfile", uriWords(module, input, { class: "privateKey", ...input.key })],
        ...withProvider,
        ...["-crldays", String(input.days ?? 30), "-out", "list.crl"],
      ]),
    ],
    note: "Needs OpenSSL 3 with pkcs11-provider, and the database of openssl ca (ca.cnf) with what is revoked.",
  }),
  offer: () =>
    onlyHere("No other tool says what a certain key can sign with; pkcs11-tool -M lists the token's mechanisms."),
  anchors: (module) => ({
    commands: [commandLine(["p11tool", `--provider=${module.path}`, "--list-all-certs"])],
    note: "p11tool shows CKA_TRUSTED among the flags; of NSS's own trust it shows nothing, certutil -L does.",
  }),
  plan: () => onlyHere("This asks the token nothing, so other tools have no command for it."),
  request: (module, input) => opensslRequest(module, { ...input, profile: input.profile ?? {} }, null),
  requestBatch: () => onlyHere("openssl req makes one request at a time: run it once for each profile."),
  selfSign: (module, input) => opensslRequest(module, input, input.days ?? 365),
};
