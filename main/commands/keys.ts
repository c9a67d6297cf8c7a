import { curveByName, hashForBits } from "../keys/curves.ts";
import { curveToGenerate, presetUsage, type Usage, unfit, usageOf } from "../keys/usage.ts";
import type { CommandTable } from "./equivalent.ts";
import type { KnownInput } from "./known-input.ts";
import { commandLine } from "./shell-words.ts";
import {
  type Equivalent,
  firstFits,
  labelAndId,
  loggedIn,
  type ModuleWords,
  needPrivateKey,
  objectWords,
  onToken,
  publicKeyPem,
} from "./tools.ts";
import { othersLeftToModule, usageOptions } from "./usage-options.ts";

type Spec = NonNullable<KnownInput["spec"]>;

/** pkcs11-tool's --key-type: bits for RSA, a curve, bytes for secret keys. */
const keyType = ({ kind, size, curve }: Spec): string => {
  if ((kind === "AES" || kind === "generic") && size !== undefined && size % 8 !== 0)
    throw unfit("a secret key has a whole number of bytes", "Choose one of the offered sizes.");
  if (kind === "RSA") return `rsa:${size ?? 3072}`;
  if (kind === "Ed25519") return "EC:edwards25519";
  if (kind === "X25519") return "EC:curve25519";
  if (kind === "AES") return `AES:${(size ?? 256) / 8}`;
  if (kind === "generic") return `GENERIC:${(size ?? 256) / 8}`;
  return `EC:${curveToGenerate(curve ?? "P-256").openssl}`;
};

/** Without a kind the preset's flags are those of the first kind that it goes with; they hardly differ. */
const usageOfSpec = ({ preset, kind }: Spec): Usage[] => {
  if (!preset) return [];
  return kind ? usageOf(preset, kind).key : (Object.values(presetUsage[preset])[0]?.key ?? []);
};

const generate = (module: ModuleWords, input: KnownInput): Equivalent => {
  const spec = input.spec ?? {};
  const secret = spec.kind === "AES" || spec.kind === "generic";
  const words = [
    secret ? "--keygen" : "--keypairgen",
    "--key-type",
    keyType(spec),
    ...labelAndId(spec),
    ...usageOptions(usageOfSpec(spec)),
    ...(spec.sensitive === false ? [] : ["--sensitive"]),
    ...(spec.extractable === true ? ["--extractable"] : []),
    ...(spec.alwaysAuthenticate === true ? ["--always-auth"] : []),
  ];
  const notes = [
    ...(spec.id
      ? []
      : ["pkcs11-tool does not derive the CKA_ID from the key; set it afterwards with --set-id, on both halves."]),
    othersLeftToModule,
  ];
  return { commands: [loggedIn(module, input, words)], note: notes.join(" ") };
};

/** The mechanism and what it is given, as the app signs with a key of a type (see keys/sign.ts). */
const signatures: Record<string, string[]> = {
  RSA: ["--mechanism", "SHA256-RSA-PKCS"],
  EC: ["--mechanism", "ECDSA", "--signature-format", "openssl"],
  Ed25519: ["--mechanism", "EDDSA"],
};

/** @throws Failure INVALID_REQUEST for an object that is no private key */
const testSignature = (module: ModuleWords, input: KnownInput): Equivalent => {
  const object = input.object ?? {};
  needPrivateKey(object, "C_Sign");
  const type = object.keyType ?? null;
  if (type !== null && !Object.hasOwn(signatures, type))
    return { commands: [], note: `${type} keys do not sign, so there is nothing to test this way.` };
  if (type === null)
    return {
      commands: [],
      note: "The mechanism depends on the type of the key, which is not known here: give the object with its keyType and curve, as objects.list has it.",
    };
  return signatureWith(module, input, type, object.curve ?? null);
};

const signatureWith = (module: ModuleWords, input: KnownInput, type: string, curve: string | null): Equivalent => {
  const [, , ...which] = objectWords({ class: "privateKey", ...input.object });
  const words = signatures[type] ?? [];
  // Bare CKM_ECDSA is given the hash.
  const hashes = type === "EC";
  const hash = type === "EC" ? hashForBits(curveByName(curve ?? "")?.bits ?? 256) : "sha256";
  const files = ["--input-file", hashes ? "hash" : "message", "--output-file", "signature"];
  const verify =
    type === "Ed25519"
      ? ["pkeyutl", "-verify", "-pubin", "-inkey", "public.pem", "-rawin", "-in", "message", "-sigfile", "signature"]
      : ["dgst", `-${hash}`, "-verify", "public.pem", "-signature", "signature", "message"];
  return {
    commands: [
      commandLine(["openssl", "rand", "-out", "message", "64"]),
      ...(hashes ? [commandLine(["openssl", "dgst", `-${hash}`, "-binary", "-out", "hash", "message"])] : []),
      loggedIn(module, input, ["--sign", ...words, ...which, ...files]),
      publicKeyPem(module, input, input.object ?? {}, "public.pem"),
      commandLine(["openssl", ...verify]),
    ],
    note: firstFits,
  };
};

export const keyCommands: CommandTable<"keys"> = {
  offer: (module, input) => ({ commands: [onToken(module, input, ["--list-mechanisms"])], note: null }),
  plan: (module, input) => {
    const { commands, note } = generate(module, input);
    return { commands, note: `pkcs11-tool has no trial run: this generates the key. ${note ?? ""}`.trim() };
  },
  generate,
  testSignature,
};
