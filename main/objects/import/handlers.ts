import { randomBytes } from "node:crypto";
import type { ErrorData } from "../../../preload/contract/errors.ts";
import type { KeyUse } from "../../../preload/contract/shared.ts";
import type { DomainHandlers, HostContext, HostHandler } from "../../host/handlers.ts";
import { needLogin } from "../../keys/login-needed.ts";
import { objectsWith, refuseTaken } from "../../keys/taken.ts";
import { derOid } from "../../pkcs11/der-write.ts";
import { Failure, failure, toErrorData } from "../../pkcs11/failure.ts";
import type { FoundToken, Library } from "../../pkcs11/library.ts";
import { objectWords } from "../find-object.ts";
import { openToken } from "../open-token.ts";
import { readRow } from "../read-row.ts";
import { createObject, orRefused } from "./create-object.ts";
import { closeFile, fileOf } from "./opened-files.ts";
import { type PlannedItem, planItems } from "./plan-items.ts";
import { checkSecretKey } from "./secret-key.ts";
import { dataTemplate, secretKeyTemplate } from "./template.ts";
import { tokenKeys } from "./token-keys.ts";
import { checkUsage } from "./usage.ts";
import { checkItem, type WrittenObject, writeItem } from "./write-item.ts";
import type { Wanted } from "./writing.ts";

type ImportHandlers = Pick<
  DomainHandlers<"objects">,
  "importPreview" | "importClose" | "import" | "writeData" | "writeSecretKey"
>;

const importPreview: HostHandler<"objects.importPreview"> = ({ token: ref, keepOpen, ...given }, { library }) => {
  const { token, session } = openToken(library, ref);
  const atHand = fileOf(given);
  const { file } = atHand;
  try {
    const hidden = hiddenKeys(library, token);
    const onTokenNow = { keys: tokenKeys(library, session), privateSeen: hidden.length === 0 };
    const items = planItems(file.items, onTokenNow, given.fileName).map(({ shown }) => shown);
    const warnings = [...file.warnings, ...hidden];
    return { format: file.format, items, warnings, opened: keepOpen ? atHand.keepOpen() : null };
  } finally {
    atHand.done();
  }
};

const importClose: HostHandler<"objects.importClose"> = ({ opened }) => {
  closeFile(opened);
  return {};
};

/** A warning where private keys cannot be seen. */
export const hiddenKeys = (library: Library, token: FoundToken): string[] => {
  try {
    needLogin(library, token, "C_FindObjects");
    return [];
  } catch {
    return ["The user is not logged in: private keys are hidden, so a certificate's key may not have been found."];
  }
};

const importItems: HostHandler<"objects.import"> = async ({ token: ref, items, allowDuplicate, ...given }, context) => {
  const { fileName } = given;
  const { library, progress } = context;
  const { token, session } = openToken(library, ref);
  const atHand = fileOf(given);
  const { file } = atHand;
  const written: WrittenObject[] = [];
  try {
    const keys = tokenKeys(library, session);
    const planned = planItems(file.items, { keys, privateSeen: true }, fileName);
    const wanted = items.map((item) => asWanted(item, planned, fileName));
    if (wanted.some((one) => one.planned.item.kind === "privateKey")) needLogin(library, token, "C_CreateObject");
    const writing = { library, token, session, keys, allowDuplicate };
    const warnings = wanted.map((one) => checkItem(writing, one));
    for (const [i, one] of wanted.entries()) {
      progress({ done: i, of: wanted.length });
      const done = await writeItem(writing, one);
      written.push({ ...done, warnings: [...(warnings[i] ?? []), ...done.warnings] });
    }
    progress({ done: wanted.length, of: wanted.length });
    return { written };
  } catch (thrown) {
    throw stoppedAfter(toErrorData(thrown, `import of ${fileName}`), written, items.length);
  } finally {
    atHand.done();
    if (written.length > 0) changed(context, ref);
  }
};

const changed = ({ emit, module }: Pick<HostContext, "emit" | "module">, token: { serial: string; label: string }) =>
  emit("objects.changed", { module, token });

const asWanted = (
  item: {
    index: number;
    label?: string | undefined;
    id?: string | undefined;
    sensitive: boolean;
    extractable: boolean;
    usage?: KeyUse[] | undefined;
  },
  planned: PlannedItem[],
  fileName: string,
): Wanted => {
  const found = planned[item.index];
  if (!found)
    throw failure("INVALID_REQUEST", {
      where: fileName,
      message: `The file has no item ${item.index}; it has ${planned.length}.`,
      remedy: "Look at the file with objects.importPreview first.",
    });
  const label = Buffer.from(item.label ?? found.shown.label, "utf8");
  const id = Buffer.from(item.id ?? found.shown.id, "hex");
  const usage = item.usage ?? found.shown.usage;
  checkUsage(found.shown, usage);
  return { planned: found, naming: { label, id }, usage, sensitive: item.sensitive, extractable: item.extractable };
};

/** Several items: what was written before the failure is on the token and is said. */
const stoppedAfter = (error: ErrorData, written: WrittenObject[], of: number): Failure => {
  if (of === 1) return new Failure(error);
  const names = written.map(({ object }) => objectWords({ ...object, id: "" })).join(", ");
  return new Failure({
    ...error,
    message: `${error.message} ${written.length} of ${of} items were written before${names ? `: ${names}` : ""}.`,
    details: { ...error.details, written: written.length, of },
  });
};

const writeData: HostHandler<"objects.writeData"> = (input, context) => {
  const { library } = context;
  const { token, session } = openToken(library, input.token);
  const where = `data object "${input.label}"`;
  if (input.private) needLogin(library, token, `C_CreateObject, ${where}`);
  if (!input.allowDuplicate) refuseTaken(objectsWith(library, session, ["data"], { label: input.label }), where);
  const template = dataTemplate(Buffer.from(input.content, "base64"), {
    label: Buffer.from(input.label, "utf8"),
    application: Buffer.from(input.application, "utf8"),
    objectId: input.objectId === "" ? null : derOid(input.objectId),
    isPrivate: input.private,
  });
  try {
    const { handle, ...result } = createObject(library, session, template, where);
    return { object: readRow(library, session, handle), ...result };
  } finally {
    changed(context, input.token);
  }
};

const writeSecretKey: HostHandler<"objects.writeSecretKey"> = (input, context) => {
  const { library } = context;
  const { token, session } = openToken(library, input.token);
  const where = `secret key "${input.label}"`;
  const value = Buffer.from(input.value, "hex");
  try {
    checkLength(input.keyType, value, where);
    needLogin(library, token, `C_CreateObject, ${where}`);
    const id = input.id === undefined ? randomBytes(20) : Buffer.from(input.id, "hex");
    if (!input.allowDuplicate)
      refuseTaken(objectsWith(library, session, ["secretKey"], { label: input.label, id }), where);
    const naming = { label: Buffer.from(input.label, "utf8"), id };
    const template = secretKeyTemplate(input.keyType, value, naming, input);
    const { handle, ...result } = orRefused(library, where, () => createObject(library, session, template, where));
    result.warnings.push(...checkSecretKey(library, token, handle, input.keyType, value));
    return { object: readRow(library, session, handle), ...result };
  } finally {
    value.fill(0);
    changed(context, input.token);
  }
};

const checkLength = (keyType: "AES" | "generic", value: Buffer, where: string): void => {
  if (keyType === "generic" || [16, 24, 32].includes(value.length)) return;
  throw failure("INVALID_REQUEST", {
    where,
    message: `An AES key has 16, 24 or 32 bytes, this one ${value.length}.`,
    remedy: "Give 32, 48 or 64 hexadecimal digits.",
  });
};

export const importHandlers: ImportHandlers = {
  importPreview,
  importClose,
  import: importItems,
  writeData,
  writeSecretKey,
};
