import { expect, test } from "vitest";
import type { ObjectRow } from "../../preload/contract/objects.ts";
import { exampleRow } from "./example-row.ts";
import { filterRows, groupItems, sortRows } from "./rows.ts";

const all = new Set<never>();
const labels = (rows: ObjectRow[]) => rows.map(({ label }) => label);

test("an object is found by its CKA_ID, with or without colons", () => {
  const rows = [exampleRow({ label: "a", id: "3c4d5e" }), exampleRow({ label: "b", id: "ff00" })];
  expect(labels(filterRows(rows, "3c:4d", all))).toEqual(["a"]);
  expect(labels(filterRows(rows, "4D5E", all))).toEqual(["a"]);
  expect(labels(filterRows(rows, "3c:4", all))).toEqual(["a"]);
});

test("every typed word must be in label, class, subject or key type", () => {
  const rows = [
    exampleRow({ label: "web", subject: "CN=Ada Lovelace", keyType: "RSA", size: 2048 }),
    exampleRow({ label: "mail", subject: "CN=Ada Lovelace", keyType: "EC", curve: "P-256", size: 256 }),
    exampleRow({ label: "web", class: "data" }),
  ];
  expect(labels(filterRows(rows, "ada rsa", all))).toEqual(["web"]);
  expect(filterRows(rows, "web", all)).toHaveLength(2);
  expect(filterRows(rows, "certificate ec p-256", all)).toHaveLength(1);
  expect(filterRows(rows, "web", new Set(["data" as const]))).toHaveLength(1);
});

test("numbers in labels sort by value, and empty cells come last both ways", () => {
  const rows = [
    exampleRow({ label: "key 10" }),
    exampleRow({ label: "key 9" }),
    exampleRow({ label: "" }),
    exampleRow({ label: "Key 1" }),
  ];
  expect(labels(sortRows(rows, { column: "label", descending: false }))).toEqual(["Key 1", "key 9", "key 10", ""]);
  expect(labels(sortRows(rows, { column: "label", descending: true }))).toEqual(["key 10", "key 9", "Key 1", ""]);
});

test("a group says what belongs together and what is missing", () => {
  const rows = [
    exampleRow({ id: "01", class: "certificate" }),
    exampleRow({ id: "", class: "data", label: "note" }),
    exampleRow({ id: "02", class: "certificate" }),
    exampleRow({ id: "01", class: "privateKey" }),
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
    exampleRow({ id: "01", class: "certificate", label: "web" }),
    exampleRow({ id: "01", class: "privateKey", label: "other" }),
  ];
  const [group] = groupItems(filterRows(rows, "web", all), rows, true);
  expect(group).toMatchObject({ words: "private key and its certificate", complete: true });
});
