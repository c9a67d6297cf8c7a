import { expect, test } from "vitest";
import type { ImportItem } from "../../preload/contract/objects.ts";
import { freshFile, type ImportFile, looked, planOf, unopenedWords } from "./import-files.ts";

const item = (some: Partial<ImportItem> = {}): ImportItem => ({
  index: 0,
  kind: "certificate",
  summary: "Certificate of CN=a (EC P-256)",
  keyType: "EC",
  size: 256,
  curve: "P-256",
  subject: "CN=a",
  issuer: "CN=a",
  notAfter: null,
  sha256: null,
  label: "a",
  id: "01",
  matches: null,
  matchWords: "",
  alreadyThere: null,
  idTaken: [],
  uses: [],
  usage: [],
  usageWhy: "",
  warnings: [],
  offered: true,
  notOfferedWhy: null,
  ...some,
});
const reply = (items: ImportItem[]) => ({ format: "PEM", items, warnings: [], opened: null });
const opened = (items: ImportItem[]): ImportFile => {
  const file = freshFile("a 0", "a.pem", "");
  return { ...file, ...looked(file, reply(items)) };
};

test("what was typed for a file stays when it is looked into again, but what is on the token by then is not written again", () => {
  const before = opened([item(), item({ index: 1, summary: "Certificate of CN=b" })]);
  const [first, second] = [before.chosen[0], before.chosen[1]];
  if (!first || !second) throw new Error("two items were expected");
  const typed = { ...before, chosen: { 0: { ...first, label: "typed" }, 1: { ...second, label: "too" } } };
  const there = { class: "certificate", label: "a", id: "01" } as const;
  const again = looked(
    typed,
    reply([item({ offered: false, alreadyThere: there }), item({ index: 1, summary: "Certificate of CN=b" })]),
  );
  expect(again.chosen?.[0]).toMatchObject({ wanted: false, label: "typed" });
  expect(again.chosen?.[1]).toMatchObject({ wanted: true, label: "too" });
});

test("files that are not opened are told apart from those in which nothing is chosen", () => {
  const locked: ImportFile = { ...freshFile("b 1", "b.p12", ""), state: "locked" };
  const idle = opened([item({ offered: false })]);
  const plan = planOf([opened([item()]), locked, idle]);
  expect(plan).toMatchObject({ count: 1, unopened: [locked], idle: [idle], written: [] });
});

test("what is not opened is counted in words", () => {
  expect(unopenedWords(2, 5)).toBe("2 of 5 files are not opened and will not be written");
  expect(unopenedWords(1, 5)).toBe("1 of 5 files is not opened and will not be written");
});
