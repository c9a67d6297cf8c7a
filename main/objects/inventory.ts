import type { ObjectRow } from "../../preload/contract/objects.ts";
import type { TokenRef } from "../../preload/contract/shared.ts";
import { csv } from "./csv.ts";

type Column = readonly [title: string, text: (row: ObjectRow) => string];

const columns: readonly Column[] = [
  ["class", (row) => row.className],
  ["label", (row) => row.label],
  ["id", (row) => row.id],
  ["key type", (row) => row.keyType ?? ""],
  ["bits", (row) => (row.size === null ? "" : String(row.size))],
  ["curve", (row) => row.curve ?? ""],
  ["flags", (row) => row.flags.join(" ")],
  ["subject", (row) => row.subject ?? ""],
  ["issuer", (row) => row.issuer ?? ""],
  ["serial number", (row) => row.serialNumber ?? ""],
  ["not before", (row) => row.notBefore ?? ""],
  ["not after", (row) => row.notAfter ?? ""],
  ["application", (row) => row.application ?? ""],
  ["on token", (row) => (row.onToken ? "yes" : "no")],
  ["private", (row) => (row.private ? "yes" : "no")],
  ["modifiable", (row) => (row.modifiable ? "yes" : "no")],
  ["device's own", (row) => (row.devicesOwn ? "yes" : "no")],
  ["not readable", (row) => row.unreadable.map(({ attribute, rv }) => `${attribute} ${rv}`).join("; ")],
  ["uri", (row) => row.uri],
];

export const inventoryCsv = (rows: readonly ObjectRow[]): string =>
  csv(
    columns.map(([title]) => title),
    rows.map((row) => columns.map(([, text]) => text(row))),
  );

/** @param privateIncluded says in the file itself whether private objects could be seen */
export const inventoryJson = (token: TokenRef, privateIncluded: boolean, rows: readonly ObjectRow[]): string =>
  `${JSON.stringify({ token: { label: token.label, serial: token.serial }, privateIncluded, count: rows.length, objects: rows }, null, 2)}\n`;
