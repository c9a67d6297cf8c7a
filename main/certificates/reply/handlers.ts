import type { Handle } from "pkcs11js";
import type { CheckedInput } from "../../../preload/contract/index.ts";
import type { DomainHandlers, HostContext } from "../../host/handlers.ts";
import { certificateKey } from "../../keys/certificate-parts.ts";
import { needLogin } from "../../keys/login-needed.ts";
import { badFile } from "../../objects/import/file-failures.ts";
import { hiddenKeys } from "../../objects/import/handlers.ts";
import { type FileAtHand, fileOf } from "../../objects/import/opened-files.ts";
import { tokenKeys } from "../../objects/import/token-keys.ts";
import { openToken } from "../../objects/open-token.ts";
import { readRow } from "../../objects/read-row.ts";
import { failure } from "../../pkcs11/failure.ts";
import { handleFrom } from "../../pkcs11/handles.ts";
import type { FoundToken, Library } from "../../pkcs11/library.ts";
import { deviceRules } from "../../tokens/device-class.ts";
import { mendReply } from "./mend-text.ts";
import {
  type KeyFound,
  keyByBytes,
  type PlannedCertificate,
  planReply,
  refusalOf,
  type TokenNow,
} from "./plan-reply.ts";
import { provenKey, untoldKeys } from "./prove-key.ts";
import { type WantedCertificate, writeReply } from "./write-reply.ts";

type ReplyHandlers = Pick<DomainHandlers<"certificates">, "replyPreview" | "replyWrite">;
type WriteInput = CheckedInput<"certificates.replyWrite">;
type Given = Pick<WriteInput, "fileName" | "content" | "opened" | "password">;

/** The largest text that is mended; a bundle of all public CAs has 0.2 MB. */
const maximumSize = 4 * 1024 * 1024;

interface Opened {
  atHand: FileAtHand;
  ders: Buffer[];
  warnings: string[];
}

/** @throws Failure BAD_FILE, PASSWORD_NEEDED, PASSWORD_WRONG */
const openReply = (given: Given): Opened => {
  const { fileName } = given;
  const mended = given.content === undefined ? null : mendWithin(fileName, Buffer.from(given.content, "base64"));
  const atHand = fileOf({ ...given, ...(mended ? { content: mended.content.toString("base64") } : {}) });
  const { items, warnings } = atHand.file;
  const ders = items.flatMap((item) => (item.kind === "certificate" ? [item.der] : []));
  if (ders.length === 0) {
    atHand.done();
    throw badFile(fileName, "There is no certificate in it.", "Choose the file that the CA sent back.");
  }
  const keys = items.some(({ kind }) => kind === "privateKey");
  const left =
    "A private key in it is left alone here: a reply for a key on the token has none. Import the file if you want it.";
  return { atHand, ders, warnings: [...(mended?.warnings ?? []), ...(keys ? [left] : warnings)] };
};

const mendWithin = (fileName: string, content: Buffer) => {
  if (content.length > maximumSize)
    throw badFile(
      fileName,
      `It has ${Math.round(content.length / 1e5) / 10} MB: no reply of a CA is that large.`,
      "Choose the file that the CA sent back.",
    );
  return mendReply(fileName, content);
};

interface At {
  library: Library;
  token: FoundToken;
  session: Handle;
}

const tokenNow = ({ library, token, session }: At): TokenNow => ({
  keys: tokenKeys(library, session),
  certificateReplacesPublicKey: deviceRules(token.info).certificateReplacesPublicKey,
});

/** The key of each certificate: by public key bytes; with `prove` also by a signature, which counts more. */
const findKeys = async (at: At, ders: Buffer[], now: TokenNow, prove: boolean): Promise<(KeyFound | null)[]> => {
  const found: (KeyFound | null)[] = [];
  for (const der of ders) {
    const publicKey = certificateKey(der);
    const byBytes = keyByBytes(publicKey, now.keys);
    found.push(byBytes);
    if (!prove || !publicKey || byBytes?.proof === "private key") continue;
    const known = byBytes?.key.ref.class === "privateKey" ? [byBytes.key] : [];
    const others = untoldKeys(now.keys).filter((key) => !known.includes(key));
    const proven = await provenKey(at.library, at.token, publicKey, [...known, ...others]);
    if (proven) found[found.length - 1] = { key: proven, proof: "signature" };
  }
  return found;
};

const planned = async (at: At, { ders }: Opened, prove: boolean) => {
  if (prove) needLogin(at.library, at.token, "C_Sign");
  const now = tokenNow(at);
  const found = await findKeys(at, ders, now, prove);
  return { now, ...planReply(ders, found, now, new Date()) };
};

export const replyPreview: ReplyHandlers["replyPreview"] = async (
  { token: ref, keepOpen, prove, ...given },
  { library },
) => {
  const { token, session } = openToken(library, ref);
  const opened = openReply(given);
  try {
    const { certificates, chain, now } = await planned({ library, token, session }, opened, prove);
    const keyless = certificates.every(({ shown }) => shown.key === null);
    return {
      format: opened.atHand.file.format,
      opened: keepOpen ? opened.atHand.keepOpen() : null,
      certificates: certificates.map(({ shown }) => ({ ...shown, sameKey: rowsOf(library, session, shown.sameKey) })),
      chain,
      untold: keyless ? untoldKeys(now.keys).map((key) => key.ref) : [],
      warnings: [...opened.warnings, ...hiddenKeys(library, token)],
    };
  } finally {
    opened.atHand.done();
  }
};

/** Newest first: by the end of their validity. */
const rowsOf = (library: Library, session: Handle, keys: TokenNow["keys"]) =>
  keys
    .map(({ ref }) => readRow(library, session, handleFrom(ref.handle ?? "")))
    .sort((a, b) => (b.notAfter ?? "").localeCompare(a.notAfter ?? ""));

export const replyWrite: ReplyHandlers["replyWrite"] = async ({ token: ref, prove, ...input }, context) => {
  const { library, progress } = context;
  const { token, session } = openToken(library, ref);
  const opened = openReply(input);
  try {
    const plan = await planned({ library, token, session }, opened, prove);
    const wanted = input.certificates.map((one) => asWanted(one, plan, input.fileName));
    try {
      return writeReply(library, session, wanted, plan.now.keys, (done, of) => progress({ done, of }));
    } finally {
      changed(context, ref);
    }
  } finally {
    opened.atHand.done();
  }
};

const changed = ({ emit, module }: Pick<HostContext, "emit" | "module">, token: WriteInput["token"]) =>
  emit("objects.changed", { module, token });

/** @throws Failure INVALID_REQUEST, ALREADY_USED, OBJECT_CHANGED: before anything is written */
const asWanted = (
  one: WriteInput["certificates"][number],
  { certificates, now }: { certificates: PlannedCertificate[]; now: TokenNow },
  fileName: string,
): WantedCertificate => {
  const certificate = certificates[one.index];
  if (!certificate)
    throw failure("INVALID_REQUEST", {
      where: fileName,
      message: `The reply has no certificate ${one.index}; it has ${certificates.length}.`,
      remedy: "Look at it with certificates.replyPreview first.",
    });
  const { shown, der, identity, found } = certificate;
  const id = one.id ?? shown.id;
  const where = `certificate of ${shown.subject || "no name"}`;
  const refused = refusalOf(shown.alreadyThere, { identity, found, id }, now);
  if (refused) throw taken(where, refused, "Use the proposed CKA_ID, or leave this certificate out.");
  if (one.existing === "refuse" && shown.sameKey.length > 0)
    throw taken(
      where,
      `The token has ${shown.sameKey.map(({ ref }) => `"${ref.label}"`).join(", ")} for the same key.`,
      "Say what becomes of it: replace it, or add the new one beside it.",
    );
  return {
    der,
    label: one.label === undefined || one.label === shown.label ? certificate.labelBytes : Buffer.from(one.label),
    id: Buffer.from(id, "hex"),
    where: `${where}, label "${one.label ?? shown.label}"`,
    replaces: one.existing === "replace" ? one.replaces.map((old) => seenOld(old, shown.sameKey, where)) : [],
  };
};

const seenOld = (
  old: WriteInput["certificates"][number]["replaces"][number],
  sameKey: TokenNow["keys"],
  where: string,
): TokenNow["keys"][number] => {
  const found = sameKey.find(({ ref }) => ref.handle === old.handle && ref.label === old.label && ref.id === old.id);
  if (found) return found;
  throw failure("OBJECT_CHANGED", {
    where,
    message: `What it would replace, "${old.label}", is not a certificate of the same key on the token now. Nothing was written.`,
    remedy: "Look at the reply again.",
  });
};

const taken = (where: string, message: string, remedy: string) =>
  failure("ALREADY_USED", { where, message: `${message} Nothing was written.`, remedy });
