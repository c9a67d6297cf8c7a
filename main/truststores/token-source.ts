import type { Output } from "../../preload/contract/index.ts";
import type { StoreSource } from "../../preload/contract/truststores.ts";
import type { Modules } from "../modules/modules.ts";
import { Failure } from "../pkcs11/failure.ts";
import { type Gathered, privateKeyRefused } from "./collect.ts";
import type { StoredEntry } from "./store-format.ts";

type TokenSource = Extract<StoreSource, { kind: "token" }>;

const seconds = 60;

/** A certificate or public key of a token, and the token's other certificates, which may be its issuers. */
export const gatherToken = async (modules: Modules, { module, token, object }: TokenSource): Promise<Gathered> => {
  const origin = `token ${token.label || token.serial}, object ${object.label || object.id}`;
  if (object.class === "privateKey" || object.class === "secretKey")
    return { entries: [], beside: [], origin, fromHandshake: false, refused: [privateKeyRefused(origin, 1)] };
  const ask = async <T>(name: "objects.read" | "objects.list", input: object): Promise<T> => {
    const reply = await modules.call(module, name, { module, token, ...input }, seconds);
    if (reply.ok) return reply.value as T;
    throw new Failure(reply.error);
  };
  const read = async (one: TokenSource["object"]): Promise<StoredEntry> => {
    const { content } = await ask<Output<"objects.read">>("objects.read", { object: one, format: "der" });
    const kind = one.class === "publicKey" ? "publicKey" : "certificate";
    return { alias: one.label, kind, der: Buffer.from(content, "base64"), trusted: true };
  };
  const entry = await read(object);
  if (entry.kind === "publicKey") return { entries: [entry], beside: [], origin, fromHandshake: false, refused: [] };
  const { rows } = await ask<Output<"objects.list">>("objects.list", { stream: false });
  const beside: StoredEntry[] = [];
  for (const { handle, label, id } of issuersOf(rows, object))
    beside.push(await read({ handle, class: "certificate", label, id }));
  return { entries: [entry], beside, origin, fromHandshake: false, refused: [] };
};

type Row = Output<"objects.list">["rows"][number];

/** The token's certificates that may stand above one in its chain, by the words of their names. */
const issuersOf = (rows: readonly Row[], object: TokenSource["object"]): Row[] => {
  const certificates = rows.filter((row) => row.class === "certificate" && row.subject !== null);
  const open = certificates.filter(
    (row) => row.handle === object.handle || (row.label === object.label && row.id === object.id),
  );
  const found = new Set<Row>();
  for (let one = open.pop(); one; one = open.pop())
    for (const row of certificates)
      if (row.subject === one.issuer && row !== one && !found.has(row)) {
        found.add(row);
        open.push(row);
      }
  return [...found];
};
