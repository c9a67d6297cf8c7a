import { expect, test } from "vitest";
import { nameText } from "../objects/distinguished-name.ts";
import { nameFromText } from "./name.ts";

test.each([
  "CN=Ada",
  "CN=Ada Lovelace,O=Example,C=GB",
  "CN=Lovelace\\, Ada,OU=a+UID=b,O=Exämple ✓",
  'CN=\\#hash \\"quoted\\" \\<x\\>\\;\\\\,DC=example,DC=org',
  "emailAddress=ada@example.org,serialNumber=12345,CN=Ada",
  "1.2.3.4=value,CN=x",
])("%s comes back as it was written", (text) => {
  expect(nameText(nameFromText(text))).toBe(text);
});

test("the most specific part is last in DER, and countries are PrintableString", () => {
  // As openssl req -subj "/C=DE/CN=x" writes it.
  expect(nameFromText("CN=x,C=DE").toString("hex")).toBe("3019310b3009060355040613024445310a300806035504030c0178");
});

test("spellings that people use are read: blanks, small letters, quotes, escaped bytes", () => {
  expect(nameFromText(' cn = "Ada, the first" , o=x')).toEqual(nameFromText("CN=Ada\\, the first,O=x"));
  expect(nameFromText("CN=\\c3\\a4")).toEqual(nameFromText("CN=ä"));
  expect(nameFromText("CN=blank\\ ")).not.toEqual(nameFromText("CN=blank"));
});

test.each(["nonsense", "CN=", "XX=unknown type", "C=Germany", "CN=a,,O=b", "=x"])("%s is refused", (text) => {
  expect(() => nameFromText(text)).toThrow(/INVALID_REQUEST/);
});
