import type { ObjectClass } from "../../preload/contract/shared.ts";
import { failure } from "../pkcs11/failure.ts";
import { objectUri } from "../pkcs11/uri.ts";
import type { KnownInput } from "./known-input.ts";
import { assignments, commandLine } from "./shell-words.ts";
import { type KnownTokens, whichToken } from "./which-token.ts";

/** The module as other tools need it: library and the environment that it runs with. */
export interface ModuleWords extends KnownTokens {
  path: string;
  environment: Record<string, string>;
}

export interface Equivalent {
  commands: string[];
  note: string | null;
}

type ObjectWords = NonNullable<KnownInput["object"]>;

/** What pkcs11-tool's --type says for a class; it has no word for others. */
export const typeWords: Record<ObjectClass, string | null> = {
  certificate: "cert",
  publicKey: "pubkey",
  privateKey: "privkey",
  secretKey: "secrkey",
  data: "data",
  other: null,
};

const uriTypes: Record<ObjectClass, "cert" | "public" | "private" | "secret-key" | "data" | undefined> = {
  certificate: "cert",
  publicKey: "public",
  privateKey: "private",
  secretKey: "secret-key",
  data: "data",
  other: undefined,
};

/** A place that the user fills in, where the input does not say it yet. */
export const orBlank = (value: string | undefined, name: string): string => value || name;

export const pkcs11Tool = (module: ModuleWords, words: readonly string[]): string =>
  `${assignments(module.environment)}${commandLine(["pkcs11-tool", "--module", module.path, ...words])}`;

/** openssl with the module as pkcs11-provider's. @param words openssl's own, and in their place {@link withProvider} */
export const opensslOnToken = (module: ModuleWords, words: readonly string[]): string =>
  `${assignments({ ...module.environment, PKCS11_PROVIDER_MODULE: module.path })}${commandLine(["openssl", ...words])}`;

/** Beside the module's provider OpenSSL's own must be named too. */
export const withProvider = ["-provider", "pkcs11", "-provider", "default"];

export const onToken = (module: ModuleWords, input: KnownInput, words: readonly string[]): string =>
  pkcs11Tool(module, [...whichToken(module, input.token).pkcs11Tool, ...words]);

/** The same with a login; the tool asks for the PIN itself. */
export const loggedIn = (module: ModuleWords, input: KnownInput, words: readonly string[]): string =>
  onToken(module, input, ["--login", ...words]);

export const asSecurityOfficer = (module: ModuleWords, input: KnownInput, words: readonly string[]): string =>
  loggedIn(module, input, ["--login-type", "so", ...words]);

/** --type, --id, --label: which object. pkcs11-tool takes the first that fits. */
export const objectWords = ({ class: objectClass = "other", id, label }: ObjectWords): string[] => [
  "--type",
  typeWords[objectClass] ?? "TYPE",
  ...(id ? ["--id", id] : []),
  ...(label ? ["--label", label] : []),
];

export const labelAndId = ({ label, id }: { label?: string | undefined; id?: string | undefined }): string[] => [
  ...(label ? ["--label", label] : []),
  ...(id ? ["--id", id] : []),
];

/** RFC 7512, as far as the input tells. */
export const uriWords = (module: ModuleWords, { token }: KnownInput, object: ObjectWords): string => {
  const { uri } = whichToken(module, token);
  return objectUri(
    { ...uri, token: uri.label, manufacturer: "", model: "" },
    {
      ...(object.label ? { object: object.label } : {}),
      ...(object.id ? { id: Buffer.from(object.id, "hex") } : {}),
      type: uriTypes[object.class ?? "other"],
    },
  );
};

export const p11tool = (module: ModuleWords, words: readonly string[]): string =>
  `${assignments(module.environment)}${commandLine(["p11tool", "--provider", module.path, ...words])}`;

export const firstFits =
  "pkcs11-tool acts on the first object that fits type, CKA_ID and label; Tokenglass acts on the object that you see.";

/** @throws Failure INVALID_REQUEST for an object of another class, which the app would not sign with either */
export const needPrivateKey = (object: ObjectWords, where: string): void => {
  if (object.class === undefined || object.class === "privateKey") return;
  throw failure("INVALID_REQUEST", {
    where,
    message: "Only a private key can sign.",
    remedy: "Choose the private key.",
  });
};

/** Curves whose public keys pkcs11-tool 0.23 cannot read out ("cannot create EVP_PKEY"); p11tool knows few others. */
const unreadable: ReadonlySet<string> = new Set(["P-384", "Ed25519"]);

/** The command that gives a public key as PEM, on standard output unless a file is named. */
export const publicKeyPem = (module: ModuleWords, input: KnownInput, object: ObjectWords, file?: string): string => {
  const key = { ...object, class: "publicKey" as const };
  if (unreadable.has(object.curve ?? ""))
    return p11tool(module, ["--export", uriWords(module, input, key), ...(file ? ["--outfile", file] : [])]);
  const pkey = ["openssl", "pkey", "-pubin", "-inform", "DER", ...(file ? ["-out", file] : [])];
  return `${onToken(module, input, ["--read-object", ...objectWords(key)])} | ${commandLine(pkey)}`;
};
