import { expect, test } from "vitest";
import type { ObjectRow } from "../../preload/contract/objects.ts";
import { filterRows, groupItems, sortRows } from "./rows.ts";

let nextHandle = 1;
const row = (some: Partial<ObjectRow>): ObjectRow => ({
  handle: `0x${(nextHandle++).toString(16)}`,
  class: "certificate",
  className: "CKO_CERTIFICATE",
  label: "",
  labelHex: null,
  id: "",
  keyType: null,
  size: null,
  curve: null,
  flags: [],
  subject: null,
  issuer: null,
  serialNumber: null,
  notBefore: null,
  notAfter: null,
  application: null,
  onToken: true,
  private: false,
  modifiable: true,
  devicesOwn: false,
  unreadable: [],
  uri: "pkcs11:",
  ...some,
});
const all = new Set<never>();
const labels = (rows: ObjectRow[]) => rows.map(({ label }) => label);

test("an object is found by its CKA_ID, with or without colons", () => {
  const rows = [row({ label: "a", id: "3c4d5e" }), row({ label: "b", id: "ff00" })];
  expect(labels(filterRows(rows, "3c:4d", all))).toEqual(["a"]);
  expect(labels(filterRows(rows, "4D5E", all))).toEqual(["a"]);
  expect(labels(filterRows(rows, "3c:4", all))).toEqual(["a"]);
});

test("every typed word must be in label, class, subject or key type", () => {
  const rows = [
    row({ label: "web", subject: "CN=Ada Lovelace", keyType: "RSA", size: 2048 }),
    row({ label: "mail", subject: "CN=Ada Lovelace", keyType: "EC", curve: "P-256", size: 256 }),
    row({ label: "web", class: "data" }),
  ];
  expect(labels(filterRows(rows, "ada rsa", all))).toEqual(["web"]);
  expect(filterRows(rows, "web", all)).toHaveLength(2);
  expect(filterRows(rows, "certificate ec p-256", all)).toHaveLength(1);
  expect(filterRows(rows, "web", new Set(["data" as const]))).toHaveLength(1);
});

test("numbers in labels sort by value, and empty cells come last both ways", () => {
  const rows = [row({ label: "key 10" }), row({ label: "key 9" }), row({ label: "" }), row({ label: "Key 1" })];
  expect(labels(sortRows(rows, { column: "label", descending: false }))).toEqual(["Key 1", "key 9", "key 10", ""]);
  expect(labels(sortRows(rows, { column: "label", descending: true }))).toEqual(["key 10", "key 9", "Key 1", ""]);
});

test("a group says what belongs together and what is missing", () => {
  const rows = [
    row({ id: "01", class: "certificate" }),
    row({ id: "", class: "data", label: "note" }),
    row({ id: "02", class: "certificate" }),
    row({ id: "01", class: "privateKey" }),
  ];
  const words = (privateIncluded: boolean) =>
    groupItems(rows, rows, privateIncluded).flatMap((item) =>
      item.kind === "group" ? [item.words] : [item.row.class],
    );
  expect(words(true)).toEqual([
    "private key and its certificate",
    "privateKey",
    "certificate",
    "certificate, no private key on this token",
    "certificate",
    "without CKA_ID: programs find these by label only",
    "data",
  ]);
  expect(words(false)).toContain("certificate, private key not visible before login");
});

test("a key that the filter hides is not called missing", () => {
  const rows = [
    row({ id: "01", class: "certificate", label: "web" }),
    row({ id: "01", class: "privateKey", label: "other" }),
  ];
  const [group] = groupItems(filterRows(rows, "web", all), rows, true);
  expect(group).toMatchObject({ words: "private key and its certificate", complete: true });
});
