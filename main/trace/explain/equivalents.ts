import type { TraceCall, TraceField } from "../../../preload/contract/trace.ts";
import { commandLine } from "../../commands/shell-words.ts";
import { attributesOf, fieldOf, handlesOf, hasValue, mechanismOf, numberOf } from "../view/fields.ts";
import { attributeKnown, initOf, keyKnown, slotKnown, userOf } from "./known.ts";
import { lastOf, type Past } from "./past.ts";

/** What stands for a file or value that is not in the log. */
const input = "INPUT";
const output = "OUTPUT";

/** Object classes as pkcs11-tool's --type calls them. */
const types: readonly (readonly [RegExp, string])[] = [
  [/CKO_PRIVATE_KEY/, "privkey"],
  [/CKO_PUBLIC_KEY/, "pubkey"],
  [/CKO_SECRET_KEY/, "secrkey"],
  [/CKO_CERTIFICATE/, "cert"],
  [/CKO_DATA/, "data"],
];

type Attributes = ReadonlyMap<string, Pick<TraceField, "text" | "hex" | "masked">>;

const hexDigits = /^(?:0x)?((?:[0-9a-f]{2})+)$/i;
const idOf = (field: Pick<TraceField, "text" | "hex"> | undefined): string | null =>
  field === undefined ? null : (field.hex ?? hexDigits.exec(field.text.trim())?.[1] ?? null);

/** Options that name an object by what the log tells of it: --type, --id, --label. */
const named = (attributes: Attributes): string[] => {
  const type = types.find(([pattern]) => pattern.test(attributes.get("CKA_CLASS")?.text ?? ""))?.[1];
  const id = idOf(attributes.get("CKA_ID"));
  const label = attributes.get("CKA_LABEL");
  return [
    ...(type === undefined ? [] : ["--type", type]),
    ...(id === null || id === "" ? [] : ["--id", id]),
    ...(label === undefined || label.masked || label.text === "" || !hasValue(label as TraceField)
      ? []
      : ["--label", label.text]),
  ];
};

/** What the trace showed of an object before the call. */
const objectKnown = (handle: string | null, past: Past): Attributes => {
  if (handle === null) return new Map();
  // A search tells what its finds are like.
  const find = lastOf(past, ["C_FindObjects"], (call) => handlesOf(call, "out").includes(handle));
  const search =
    find === null ? null : initOf(find, { back: (names, limit) => before(past.back(names, limit), find.row) });
  const found = new Map(search === null ? [] : attributesOf(search, "in"));
  for (const name of ["CKA_CLASS", "CKA_ID", "CKA_LABEL"]) {
    const known = attributeKnown(handle, name, past);
    if (known !== null) found.set(name, known.field);
  }
  return found;
};

function* before(calls: Iterable<TraceCall>, row: number): Generator<TraceCall> {
  for (const call of calls) if (call.row < row) yield call;
}

/** The key of an operation, named without its class: pkcs11-tool takes the class from what it is to do. */
const keyOptions = (call: TraceCall, past: Past): string[] => {
  const options = named(new Map([...objectKnown(keyKnown(call, past), past)].filter(([name]) => name !== "CKA_CLASS")));
  return options.length > 0 ? options : ["--id", "ID"];
};

/** pkcs11-tool knows mechanisms by short names: SHA256-RSA-PKCS-PSS. */
const mechanismOptions = (call: TraceCall, past: Past): string[] => {
  const mechanism = mechanismOf(call) ?? mechanismOf(initOf(call, past) ?? call);
  return mechanism === null ? [] : ["--mechanism", mechanism.replace(/^CKM_/, "").replaceAll("_", "-")];
};

const withKey =
  (action: string, more: readonly string[] = ["--output-file", output]) =>
  (call: TraceCall, past: Past): string[] => [
    "--login",
    action,
    ...mechanismOptions(call, past),
    ...keyOptions(call, past),
    "--input-file",
    input,
    ...more,
  ];

const hash = (call: TraceCall, past: Past): string[] => [
  "--hash",
  ...mechanismOptions(call, past),
  "--input-file",
  input,
  "--output-file",
  output,
];

/** Curves by their DER-encoded object identifiers (RFC 5480, RFC 8410). */
const curves: ReadonlyMap<string, string> = new Map([
  ["06082a8648ce3d030107", "prime256v1"],
  ["06052b81040022", "secp384r1"],
  ["06052b81040023", "secp521r1"],
  ["06032b6570", "edwards25519"],
]);

/** pkcs11-tool's word for a kind of key: "rsa:2048", "EC:secp256r1", "AES:32". */
const keyType = (call: TraceCall): string => {
  const attributes = attributesOf(call, "in");
  const mechanism = mechanismOf(call) ?? "";
  const bits = numberOf(attributes.get("CKA_MODULUS_BITS"));
  const bytes = numberOf(attributes.get("CKA_VALUE_LEN"));
  if (/RSA/.test(mechanism)) return `rsa:${bits ?? 2048}`;
  const parameters = attributes.get("CKA_EC_PARAMS");
  if (/CKM_EC_/.test(mechanism)) return `EC:${curves.get(idOf(parameters)?.toLowerCase() ?? "") ?? "CURVE"}`;
  return `${mechanism.replace(/^CKM_/, "").replace(/_KEY_GEN$/, "")}:${bytes ?? 32}`;
};

/** What pkcs11-tool does by which calls (opensc, pkcs11-tool.c). Options in the order of its manual. */
const actions: Readonly<Record<string, (call: TraceCall, past: Past) => string[] | null>> = {
  C_GetInfo: () => ["--show-info"],
  C_GetSlotList: () => ["--list-slots"],
  C_GetSlotInfo: () => ["--list-slots"],
  C_GetTokenInfo: () => ["--list-token-slots"],
  C_GetMechanismList: () => ["--list-mechanisms"],
  C_GetMechanismInfo: () => ["--list-mechanisms"],
  C_InitToken: () => ["--init-token", "--label", "LABEL"],
  C_InitPIN: () => ["--login", "--login-type", "so", "--init-pin"],
  C_SetPIN: (call) => [...(userOf(call) === "SO" ? ["--login", "--login-type", "so"] : ["--login"]), "--change-pin"],
  C_Login: (call) => {
    const user = userOf(call);
    if (user === "context-specific") return null;
    return [...(user === "SO" ? ["--login", "--login-type", "so"] : ["--login"]), "--list-objects"];
  },
  C_FindObjectsInit: (call) => ["--list-objects", ...named(attributesOf(call, "in"))],
  C_GetAttributeValue: (call, past) => {
    const options = named(objectKnown(handlesOf(call, "in")[0] ?? null, past));
    return options.length === 0 ? ["--list-objects"] : ["--list-objects", ...options];
  },
  C_GenerateKeyPair: (call) => ["--login", "--keypairgen", "--key-type", keyType(call), ...keyNames(call)],
  C_GenerateKey: (call) => ["--login", "--keygen", "--key-type", keyType(call), ...keyNames(call)],
  C_CreateObject: (call) => ["--login", "--write-object", input, ...named(attributesOf(call, "in"))],
  C_DestroyObject: (call, past) => {
    const options = named(objectKnown(handlesOf(call, "in")[0] ?? null, past));
    return ["--login", "--delete-object", ...(options.length > 0 ? options : ["--type", "TYPE", "--id", "ID"])];
  },
  C_SignInit: withKey("--sign"),
  C_Sign: withKey("--sign"),
  C_SignFinal: withKey("--sign"),
  C_VerifyInit: withKey("--verify", ["--signature-file", "SIGNATURE"]),
  C_Verify: withKey("--verify", ["--signature-file", "SIGNATURE"]),
  C_DecryptInit: withKey("--decrypt"),
  C_Decrypt: withKey("--decrypt"),
  C_EncryptInit: withKey("--encrypt"),
  C_Encrypt: withKey("--encrypt"),
  C_DeriveKey: withKey("--derive"),
  C_DigestInit: hash,
  C_Digest: hash,
  C_GenerateRandom: (call) => {
    const length =
      numberOf(fieldOf(call, "ulRandomLen")) ??
      fieldOf(call, "RandomData")?.length ??
      fieldOf(call, "pRandomData")?.length;
    return ["--generate-random", String(length ?? 16), "--output-file", output];
  },
};

const keyNames = (call: TraceCall): string[] =>
  named(new Map([...attributesOf(call, "in")].filter(([name]) => name !== "CKA_CLASS")));

/**
 * Commands of pkcs11-tool that make the same call, so that a step can be tried again without the program. Names in
 * capitals stand for what the log does not have. No PIN: the tool asks for it.
 * @param module path of the library behind the log; null if the log does not tell it
 * @returns none for calls that no command makes by themselves
 */
export const equivalentsOf = (call: TraceCall, past: Past, module: string | null): string[] => {
  const options = call.kind === "call" ? (actions[call.name]?.(call, past) ?? null) : null;
  if (options === null) return [];
  const slot = slotKnown(call, past);
  const needsSlot = !/^--(show-info|list-slots|list-token-slots)$/.test(options[0] ?? "");
  const library = module === null ? "MODULE" : module.replace(/^\/\.\//, "/");
  const words = ["--module", library, ...(needsSlot && slot !== null ? ["--slot", slot] : []), ...options];
  return [`pkcs11-tool ${commandLine(words)}`];
};
