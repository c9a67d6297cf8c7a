import { createPublicKey } from "node:crypto";
import { toSpki } from "../../keys/public-key.ts";
import { readOpenSsh } from "../../objects/import/openssh.ts";
import { opensshLine } from "../../objects/openssh.ts";
import { failure } from "../../pkcs11/failure.ts";
import type { FileStore, StoredEntry } from "../store-format.ts";

/** Lines of OpenSSH public keys (sshd(8), AUTHORIZED_KEYS FILE FORMAT). Comments and options of other lines are kept. */
export const sshStore: FileStore = {
  read: (bytes) => ({ entries: linesOf(bytes.toString("utf8")).flatMap(entriesOf), privateKeys: 0, warnings: [] }),
  change(old, { add, goes }) {
    const kept = (old === null ? [] : linesOf(old.toString("utf8"))).filter((line) => !entriesOf(line).some(goes));
    return Buffer.from([...kept.map((line) => `${line}\n`), ...add.map(newLine)].join(""), "utf8");
  },
};

const linesOf = (text: string): string[] => (text === "" ? [] : text.replace(/\r?\n$/, "").split(/\r?\n/));

const entriesOf = (line: string): StoredEntry[] => {
  if (line.trimStart().startsWith("#")) return [];
  return readOpenSsh(line).flatMap((item): StoredEntry[] =>
    item.kind === "publicKey"
      ? [{ alias: item.name ?? "", kind: "publicKey", der: toSpki(item.publicKey), trusted: true }]
      : [],
  );
};

const newLine = ({ alias, der }: StoredEntry): string => {
  const line = opensshLine(createPublicKey({ key: der, format: "der", type: "spki" }), alias);
  if (line !== null) return line;
  throw failure("REFUSED", {
    where: alias || "public key",
    message: "OpenSSH has no keys of this kind.",
    remedy: "Take an RSA key, a key on P-256, P-384 or P-521, or Ed25519.",
  });
};
