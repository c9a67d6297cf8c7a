import { expect, test } from "vitest";
import constants from "../../../native/description/constants.json" with { type: "json" };
import { mechanism, template, text } from "../../../test/harness/trace-calls.ts";
import { withTexts } from "./field-texts.ts";
import { mechanismText } from "./mechanism-texts.ts";

test("attributes are told by what they are for in an object of their class", () => {
  const [found] = withTexts([template({ CKA_CLASS: "CKO_CERTIFICATE", CKA_VALUE: "…", CKA_LABEL: "x" })]);
  expect(found?.fields?.map(({ about }) => about)).toEqual([
    "Class of the object.",
    "The certificate, BER-encoded.",
    "Name for people.",
  ]);
});
test("an attribute that means several things is not explained without a class", () => {
  const [found] = withTexts([template({ CKA_VALUE: "…" })]);
  expect(found?.fields?.[0]).not.toHaveProperty("about");
});
test("a mechanism is told by what it does, in an Init call as in an information call", () => {
  const [init, info] = withTexts([mechanism("CKM_SHA256_RSA_PKCS"), text("type", "CKM_ECDSA", "in", { kind: "name" })]);
  expect([init?.about, info?.about]).toEqual([
    "Hashes, then signs with RSA and PKCS#1 v1.5 padding.",
    "ECDSA signature of a digest that is made already.",
  ]);
});
test("a text of the log's own stays", () =>
  expect(withTexts([text("CKA_LABEL", "x", "in", { about: "own" })])[0]?.about).toBe("own"));
test("most mechanisms of the standard have a text, and none that is not one", () => {
  const names = JSON.stringify(constants).match(/CKM_[A-Z0-9_]+/g) ?? [];
  expect(names.length).toBeGreaterThan(300);
  const told = names.filter((name) => mechanismText(name) !== undefined);
  expect(told.length / names.length).toBeGreaterThan(0.7);
  expect(mechanismText("CKM_VENDOR_DEFINED")).toBeUndefined();
});
