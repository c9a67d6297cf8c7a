import { curveByName } from "../keys/curves.ts";
import type { CommandTable } from "./equivalent.ts";
import type { KnownInput } from "./known-input.ts";
import { commandLine } from "./shell-words.ts";
import { type Equivalent, labelAndId, loggedIn, type ModuleWords, objectWords, onToken } from "./tools.ts";

type Spec = NonNullable<KnownInput["spec"]>;

/** pkcs11-tool's --key-type: bits for RSA, a curve, bytes for secret keys. */
const keyType = ({ kind, size, curve }: Spec): string => {
  if (kind === "RSA") return `rsa:${size ?? 3072}`;
  if (kind === "Ed25519") return "EC:edwards25519";
  if (kind === "X25519") return "EC:curve25519";
  if (kind === "AES") return `AES:${(size ?? 256) / 8}`;
  if (kind === "generic") return `GENERIC:${(size ?? 256) / 8}`;
  return `EC:${curveByName(curve ?? "P-256")?.openssl ?? curve}`;
};

/** --usage-* for a preset; the words set the flags of both halves. */
const usage: Record<NonNullable<Spec["preset"]>, string[]> = {
  sign: ["--usage-sign"],
  tlsClient: ["--usage-sign"],
  ca: ["--usage-sign"],
  decrypt: ["--usage-decrypt"],
  wrap: ["--usage-wrap"],
  agree: ["--usage-derive"],
  secret: ["--usage-decrypt"],
};

const generate = (module: ModuleWords, input: KnownInput): Equivalent => {
  const spec = input.spec ?? {};
  const secret = spec.kind === "AES" || spec.kind === "generic";
  const words = [
    secret ? "--keygen" : "--keypairgen",
    "--key-type",
    keyType(spec),
    ...labelAndId(spec),
    ...(spec.preset ? usage[spec.preset] : []),
    ...(spec.sensitive === false ? [] : ["--sensitive"]),
    ...(spec.extractable === true ? ["--extractable"] : []),
    ...(spec.alwaysAuthenticate === true ? ["--always-auth"] : []),
  ];
  const notes = [
    ...(spec.id
      ? []
      : ["pkcs11-tool does not derive the CKA_ID from the key; set it afterwards with --set-id, on both halves."]),
    "Usages that pkcs11-tool does not name are left to the module, and several allow them all.",
  ];
  return { commands: [loggedIn(module, input, words)], note: notes.join(" ") };
};

export const keyCommands: CommandTable<"keys"> = {
  offer: (module, input) => ({ commands: [onToken(module, input, ["--list-mechanisms"])], note: null }),
  plan: (module, input) => {
    const { commands, note } = generate(module, input);
    return { commands, note: `pkcs11-tool has no trial run: this generates the key. ${note ?? ""}`.trim() };
  },
  generate,
  testSignature: (module, input) => {
    const [, , ...which] = objectWords({ class: "privateKey", ...input.object });
    const sign = (mechanism: string, signature: readonly string[]) =>
      loggedIn(module, input, [
        "--sign",
        "--mechanism",
        mechanism,
        ...which,
        "--input-file",
        "message",
        "--output-file",
        "signature",
        ...signature,
      ]);
    return {
      commands: [
        commandLine(["openssl", "rand", "-out", "message", "32"]),
        sign("SHA256-RSA-PKCS", []),
        sign("ECDSA-SHA256", ["--signature-format", "openssl"]),
        `${onToken(module, input, ["--read-object", "--type", "pubkey", ...which])} | openssl pkey -pubin -inform DER -out public.pem`,
        commandLine(["openssl", "dgst", "-sha256", "-verify", "public.pem", "-signature", "signature", "message"]),
      ],
      note: "The second command is for RSA keys, the third for EC keys.",
    };
  },
};
