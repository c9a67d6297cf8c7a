import { expect, test } from "vitest";
import { flagOf, mechanismFlags } from "./flags.ts";

test("a flag has its PKCS#11 name and plain words", () => {
  expect(flagOf("ec f p")).toEqual({ name: "CKF_EC_F_P", words: "curves over prime fields" });
  expect(flagOf("ec f 2m").name).toBe("CKF_EC_F_2M");
  expect(flagOf("login required")).toEqual({ name: "CKF_LOGIN_REQUIRED", words: "some things need a login" });
  expect(flagOf("0x8")).toEqual({ name: "0x8", words: "not in the standard" });
});

test("what a mechanism is used for stands apart from what else its flags tell", () => {
  const { uses, properties } = mechanismFlags(["hw", "sign", "verify", "ec f p", "ec oid", "ec uncompress"]);
  expect(uses).toEqual(["sign", "verify"]);
  expect(properties.map(({ name }) => name)).toEqual(["CKF_HW", "CKF_EC_F_P", "CKF_EC_OID", "CKF_EC_UNCOMPRESS"]);
});
