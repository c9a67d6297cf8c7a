import type { CommandTable } from "./equivalent.ts";
import { type FileKind, kindsInFile, typeOfKind } from "./file-kinds.ts";
import type { KnownInput } from "./known-input.ts";
import { commandLine } from "./shell-words.ts";
import {
  type Equivalent,
  firstFits,
  labelAndId,
  loggedIn,
  type ModuleWords,
  objectWords,
  onToken,
  orBlank,
  p11tool,
  publicKeyPem,
  uriWords,
} from "./tools.ts";
import { othersLeftToModule, usageOptions } from "./usage-options.ts";

const read = (module: ModuleWords, input: KnownInput): Equivalent => {
  const object = input.object ?? {};
  const words = ["--read-object", ...objectWords(object)];
  const get = object.class === "data" ? loggedIn(module, input, words) : onToken(module, input, words);
  if (object.class === "data" || input.format === "raw" || input.format === "der")
    return {
      commands: [`${get} --output-file ${object.class === "data" ? "object.bin" : "object.der"}`],
      note: firstFits,
    };
  if (object.class === "certificate")
    return { commands: [`${get} | ${commandLine(["openssl", "x509", "-inform", "DER"])}`], note: firstFits };
  if (input.format !== "openssh") return { commands: [publicKeyPem(module, input, object)], note: firstFits };
  return {
    commands: [
      publicKeyPem(module, input, object, "public.pem"),
      commandLine(["ssh-keygen", "-i", "-m", "PKCS8", "-f", "public.pem"]),
    ],
    note: firstFits,
  };
};

const set = (module: ModuleWords, input: KnownInput): Equivalent => {
  const object = input.object ?? {};
  const commands: string[] = [];
  const without: string[] = [];
  if (!input.changes?.length)
    return { commands: [], note: "pkcs11-tool sets a CKA_ID, p11tool a label; nothing is changed yet." };
  for (const { attribute, hex } of input.changes ?? []) {
    if (attribute === "CKA_ID") commands.push(loggedIn(module, input, ["--set-id", hex, ...objectWords(object)]));
    else if (attribute === "CKA_LABEL") {
      const label = Buffer.from(hex, "hex").toString("utf8");
      commands.push(p11tool(module, ["--login", "--set-label", label, uriWords(module, input, object)]));
    } else without.push(attribute);
  }
  const notes = [
    ...(without.length > 0 ? [`No command line tool at hand sets ${without.join(", ")}.`] : []),
    ...(commands.some((command) => command.includes("p11tool"))
      ? ["pkcs11-tool cannot set a label; p11tool (GnuTLS) can, and asks for the PIN."]
      : []),
  ];
  return { commands, note: notes.join(" ") || null };
};

const importFile = (module: ModuleWords, input: KnownInput): Equivalent => {
  const fileName = orBlank(input.fileName, "FILE");
  const { kinds, prepare, note } = kindsInFile(fileName, input.content);
  const items = input.items?.length ? input.items : [{ index: 0 } as ImportItem];
  let keys = false;
  const writes = items.map((item) => {
    const { kind, path } = item.kind
      ? (kinds.find((one) => one.kind === item.kind) ?? { kind: item.kind, path: fileName })
      : (kinds[item.index] ?? kinds[0] ?? { kind: "certificate" as const, path: fileName });
    if (kind !== "certificate") keys = true;
    return loggedIn(module, input, ["--write-object", path, "--type", typeOfKind[kind], ...itemWords(item, kind)]);
  });
  const notes = [note, keys ? othersLeftToModule : null];
  return { commands: [...new Set([...prepare, ...writes])], note: notes.filter(Boolean).join(" ") || null };
};

type ImportItem = NonNullable<KnownInput["items"]>[number];

const itemWords = (item: ImportItem, kind: FileKind): string[] => [
  ...labelAndId(item),
  ...(kind === "certificate" ? [] : usageOptions(item.usage ?? [])),
  ...(kind !== "privateKey" || item.sensitive === false ? [] : ["--sensitive"]),
  ...(kind === "privateKey" && item.extractable === true ? ["--extractable"] : []),
];

export const objectCommands: CommandTable<"objects"> = {
  list: (module, input) => ({
    commands: [loggedIn(module, input, ["--list-objects"])],
    note: "Without --login only public objects are listed.",
  }),
  attributes: (module, input) => ({
    commands: [
      loggedIn(module, input, ["--list-objects", ...objectWords(input.object ?? {}).slice(0, 2)]),
      p11tool(module, ["--login", "--info", uriWords(module, input, input.object ?? {})]),
    ],
    note: "Both show some attributes only; neither says which ones are not readable.",
  }),
  set,
  copy: (module, input) => ({
    commands: [
      onToken(module, input, ["--read-object", ...objectWords(input.object ?? {}), "--output-file", "object.der"]),
      loggedIn(module, input, [
        "--write-object",
        "object.der",
        ...objectWords(input.object ?? {}).slice(0, 2),
        ...labelAndId(input),
      ]),
    ],
    note: "pkcs11-tool has no C_CopyObject. Reading out and writing again does for certificates, public keys and data only.",
  }),
  deletePreview: (module, input) => ({
    commands: [loggedIn(module, input, ["--list-objects"])],
    note: "Lists the objects; compare before deleting.",
  }),
  delete: (module, input) => ({
    commands: (input.objects ?? []).map((object) =>
      loggedIn(module, input, ["--delete-object", ...objectWords(object)]),
    ),
    note: firstFits,
  }),
  importPreview: (module, input) => {
    const { prepare, look } = kindsInFile(orBlank(input.fileName, "FILE"), input.content);
    return { commands: [...prepare, ...look, loggedIn(module, input, ["--list-objects"])], note: null };
  },
  importClose: () => ({ commands: [], note: "Other tools keep no file open between two commands." }),
  import: importFile,
  writeData: (module, input) => ({
    commands: [
      loggedIn(module, input, [
        "--write-object",
        "FILE",
        "--type",
        "data",
        "--label",
        orBlank(input.label, "LABEL"),
        ...(input.application ? ["--application-label", input.application] : []),
        ...(input.objectId ? ["--application-id", input.objectId] : []),
        ...(input.private === false ? [] : ["--private"]),
      ]),
    ],
    note: "FILE holds the content.",
  }),
  writeSecretKey: (module, input) => ({
    commands: [
      loggedIn(module, input, [
        "--write-object",
        "FILE",
        "--type",
        "secrkey",
        "--key-type",
        `${input.keyType === "generic" ? "GENERIC" : "AES"}:32`,
        ...labelAndId(input),
        ...(input.sensitive === false ? [] : ["--sensitive"]),
        ...(input.extractable === true ? ["--extractable"] : []),
      ]),
    ],
    note: "FILE holds the key's bytes (here 32), in the clear: remove it afterwards.",
  }),
  read,
  inventory: (module, input) => ({
    commands: [loggedIn(module, input, ["--list-objects"])],
    note: "A text for people; pkcs11-tool writes neither CSV nor JSON.",
  }),
};
