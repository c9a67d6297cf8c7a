import type { AttributeRow, ObjectRow } from "../../preload/contract/objects.ts";
import type { TokenRef } from "../../preload/contract/shared.ts";

/** Module and token that a request is for. */
export interface Address {
  module: string;
  token: TokenRef;
}

/** What the user is doing with objects: one dialog each. */
export type ObjectTask =
  | { kind: "rename"; row: ObjectRow }
  | { kind: "id"; row: ObjectRow }
  | { kind: "attribute"; row: ObjectRow; attribute: AttributeRow }
  | { kind: "copy"; row: ObjectRow }
  | { kind: "delete"; rows: ObjectRow[] }
  | { kind: "save"; rows: ObjectRow[] }
  | { kind: "inventory" }
  | { kind: "testSignature"; row: ObjectRow }
  | { kind: "selfSign"; row: ObjectRow }
  | { kind: "issue"; row: ObjectRow }
  | { kind: "request"; row: ObjectRow }
  | { kind: "generate" }
  | { kind: "import"; files: File[] }
  | { kind: "reply"; files: File[]; text?: string }
  | { kind: "writeData" }
  | { kind: "writeSecretKey" };

/** Tasks that a token does for its user only. */
export const needsUser = ({ kind }: ObjectTask): boolean =>
  ["generate", "testSignature", "selfSign", "request", "issue", "writeSecretKey"].includes(kind);

/** Classes whose content may be written to a file. */
export const canSave = ({ class: name }: ObjectRow): boolean =>
  name === "certificate" || name === "publicKey" || name === "data";

export const canSign = (row: ObjectRow): boolean => row.class === "privateKey" && row.flags.includes("sign");

/** Rows that a certificate can be asked for: a private key, or a public key whose CKA_ID leads to one. */
export const canRequest = (row: ObjectRow): boolean => canSign(row) || (row.class === "publicKey" && row.id !== "");

/** The private key that signs for a row: itself, or the one with the same CKA_ID. @returns null if none is to be seen */
export const signerFor = (row: ObjectRow, rows: readonly ObjectRow[]): ObjectRow | null =>
  row.class === "privateKey" ? row : (rows.find((other) => canSign(other) && other.id === row.id) ?? null);
