import pkcs11js from "pkcs11js";
import { expect, test } from "vitest";
import { toErrorData } from "./failure.ts";
import { explainReturnValue, returnValueName, returnValueNumber, returnValues } from "./return-values.ts";

test("each return value that pkcs11js knows has the same number and name here", () => {
  const known = Object.entries(pkcs11js).filter(([name]) => /^CKR_(?!VENDOR_DEFINED)/.test(name));
  expect(known.length).toBeGreaterThan(80);
  for (const [name, value] of known) {
    expect(returnValueName(value as number)).toBe(name);
    expect(returnValueNumber(name)).toBe(value);
  }
});

test("numbers and names are unique, and every entry says what it means and what to do", () => {
  expect(new Set(returnValues.map(({ value }) => value)).size).toBe(returnValues.length);
  expect(new Set(returnValues.map(({ name }) => name)).size).toBe(returnValues.length);
  for (const { message, remedy } of returnValues) {
    expect(message).toMatch(/^[A-Z].*\.$/);
    expect(remedy).toMatch(/^[A-Z].*[.]$/);
  }
});

test("a vendor's own value and an unknown one keep their number", () => {
  expect(returnValueName(0x80000123)).toBe("CKR_VENDOR_DEFINED+0x123");
  expect(returnValueNumber("CKR_VENDOR_DEFINED+0x123")).toBe(0x80000123);
  expect(explainReturnValue("CKR_VENDOR_DEFINED+0x123", "C_Sign").message).toContain("0x80000123");
  expect(returnValueName(0x4711)).toBe("0x4711");
  expect(explainReturnValue("0x4711", "C_Sign").message).toContain("0x4711");
});

test("the same value is explained by what was being done", () => {
  const message = (rv: string, where: string) => explainReturnValue(rv, where).message;
  expect(message("CKR_PIN_INCORRECT", "C_Login as user")).toBe("The PIN is wrong.");
  expect(message("CKR_PIN_INCORRECT", "C_Login as SO")).toBe("The SO PIN is wrong.");
  expect(message("CKR_PIN_INCORRECT", "C_InitToken")).toContain("initialised with");
  expect(message("CKR_FUNCTION_NOT_SUPPORTED", "C_InitToken")).toContain("cannot initialise");
  expect(message("CKR_FUNCTION_NOT_SUPPORTED", "C_GenerateKey")).toContain("secret keys");
  expect(message("CKR_FUNCTION_NOT_SUPPORTED", "C_GenerateKeyPair")).toBe("The module cannot do this.");
  expect(message("CKR_USER_NOT_LOGGED_IN", "C_Sign")).toContain("key cannot be used");
  expect(message("CKR_USER_NOT_LOGGED_IN", "objects.list")).toBe("This needs a login.");
});

test("what pkcs11js throws becomes error data with the right name, also for values that it does not know", () => {
  const thrown = (value: number, name: string) => new pkcs11js.Pkcs11Error(`${name}:${value}`, value, "C_SignInit");
  expect(toErrorData(thrown(0x1b, "CKR_VENDOR_DEFINED"), "token A")).toMatchObject({
    code: "PKCS11",
    rv: "CKR_ACTION_PROHIBITED",
    where: "C_SignInit, token A",
  });
  expect(toErrorData(thrown(0x101, "CKR_USER_NOT_LOGGED_IN"), "token A").message).toContain("key cannot be used");
  expect(toErrorData(thrown(0x80000001, "CKR_VENDOR_DEFINED"), "x").rv).toBe("CKR_VENDOR_DEFINED+0x1");
});
