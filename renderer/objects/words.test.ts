import { expect, test } from "vitest";
import { expiryOf, keyWords } from "./words.ts";

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
