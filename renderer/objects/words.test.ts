import { expect, test } from "vitest";
import { exampleRow } from "./example-row.ts";
import { badgesOf, classCounts, durationWords, expiryOf, fittingBadges, keyWords } from "./words.ts";

test("keys are called by type and size or curve", () => {
  expect(keyWords({ keyType: "RSA", size: 2048, curve: null })).toBe("RSA 2048");
  expect(keyWords({ keyType: "EC", size: 256, curve: "P-256" })).toBe("EC P-256");
  expect(keyWords({ keyType: "Ed25519", size: 256, curve: "Ed25519" })).toBe("Ed25519");
  expect(keyWords({ keyType: null, size: null, curve: null })).toBe("");
});

test("the end of a certificate is told in words", () => {
  const now = Date.parse("2026-06-01T12:00:00Z");
  const words = (notAfter: string, notBefore: string | null = null) => expiryOf({ notAfter, notBefore }, now);
  expect(words("2026-05-01T00:00:00Z")).toEqual({ state: "expired", words: "expired 2026-05-01" });
  expect(words("2026-06-01T13:00:00Z")).toEqual({ state: "soon", words: "within a day" });
  expect(words("2026-06-11T13:00:00Z")).toEqual({ state: "soon", words: "in 10 days" });
  expect(words("2027-06-11T13:00:00Z")).toEqual({ state: "valid", words: "2027-06-11" });
  expect(words("2027-06-11T13:00:00Z", "2026-07-01T00:00:00Z")).toEqual({ state: "not yet", words: "from 2026-07-01" });
});

test("a certificate that an issuer with a clock some seconds ahead has just made counts as valid", () => {
  const now = Date.parse("2026-06-01T12:00:00Z");
  const state = (notBefore: string) => expiryOf({ notAfter: "2027-06-11T13:00:00Z", notBefore }, now).state;
  expect(state("2026-06-01T12:00:05Z")).toBe("valid");
  expect(state("2026-06-01T12:01:00Z")).toBe("not yet");
});

test("the table shows badges whole: two if both are short, otherwise one", () => {
  const shown = (flags: string[]) =>
    fittingBadges(badgesOf(exampleRow({ class: "publicKey", flags }))).map(({ text }) => text);
  expect(shown(["verify", "encrypt", "wrap"])).toEqual(["verify", "encrypt"]);
  expect(shown(["always-authenticate", "extractable", "sign"])).toEqual(["extractable"]);
  expect(shown([])).toEqual([]);
});

test("times are told in a unit that says something", () => {
  expect([0.2, 8, 99, 140, 61_000].map(durationWords)).toEqual(["1 ms", "8 ms", "99 ms", "0.1 s", "61.0 s"]);
});

test("objects are counted in words", () => {
  expect(classCounts([exampleRow({ class: "data" }), exampleRow({ class: "data" })])).toBe("2 data objects");
  expect(classCounts([exampleRow({ class: "privateKey" }), exampleRow({ class: "other" })])).toBe(
    "1 private key, 1 other object",
  );
});
