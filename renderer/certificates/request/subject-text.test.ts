import { expect, test } from "vitest";
import { partsOfSubject, subjectOfParts, withPart } from "./subject-text.ts";

test.each([
  "CN=Ada Lovelace,O=Example,C=GB",
  'CN=Lovelace\\, Ada,O=a\\+b \\"c\\" \\\\ d',
  "CN=\\#x,OU=\\ blank\\ ,DC=example,DC=org",
  "CN=Bücher ✓,title=Dr.,1.2.3.4=v",
])("%s is shown in fields and written again as it was", (text) => {
  expect(subjectOfParts(partsOfSubject(text) ?? [])).toBe(text);
});

test("spellings that people use come in one", () => {
  expect(partsOfSubject(' cn = "Ada, the first" , e=a@b')).toEqual([
    { type: "CN", value: "Ada, the first" },
    { type: "emailAddress", value: "a@b" },
  ]);
  expect(partsOfSubject("CN=\\c3\\a4")).toEqual([{ type: "CN", value: "ä" }]);
  expect(partsOfSubject("")).toEqual([]);
});

test.each(["CN=a+UID=b", "CN=#0c0161", "nonsense", "CN=", "CN=a,,O=b", "CN=\\c3"])(
  "%s is left to the text: fields would lose something",
  (text) => {
    expect(partsOfSubject(text)).toBeNull();
  },
);

test("a field sets, adds and takes out its own part alone", () => {
  const parts = partsOfSubject("CN=Ada,DC=example,DC=org,title=x") ?? [];
  expect(subjectOfParts(withPart(parts, "CN", 0, "Bob"))).toBe("CN=Bob,DC=example,DC=org,title=x");
  expect(subjectOfParts(withPart(parts, "DC", 1, "net"))).toBe("CN=Ada,DC=example,DC=net,title=x");
  expect(subjectOfParts(withPart(parts, "O", 0, "Ex, Ltd"))).toBe("CN=Ada,O=Ex\\, Ltd,DC=example,DC=org,title=x");
  expect(subjectOfParts(withPart(parts, "DC", 2, "uk"))).toBe("CN=Ada,DC=example,DC=org,DC=uk,title=x");
  expect(subjectOfParts(withPart(parts, "CN", 0, ""))).toBe("DC=example,DC=org,title=x");
  expect(subjectOfParts(withPart([], "C", 0, "GB"))).toBe("C=GB");
});
