import { describe, expect, test } from "vitest";
import description from "../../../native/description/functions.json" with { type: "json" };
import { returnValues } from "../../pkcs11/return-values.ts";
import { functionText, functionTexts } from "./functions.ts";
import { instructionName, statusWord } from "./iso7816.ts";
import { openscCode, openscCodeIsHarmless, openscCodes } from "./opensc-codes.ts";

describe("what a function is for", () => {
  test("is told for all 104 functions of PKCS#11 3.2, each once", () => {
    expect(functionTexts).toHaveLength(104);
    expect(new Set(functionTexts.map(({ name }) => name)).size).toBe(104);
    expect(functionTexts.map(({ name }) => name).sort()).toEqual(description.functions.map(({ name }) => name).sort());
    for (const { name, purpose, source } of functionTexts) {
      expect(name).toMatch(/^C_[A-Z]/);
      expect(purpose, name).toMatch(/\.$/);
      expect(source, name).toMatch(/^PKCS#11 3\.[12], /);
    }
  });
  test("is found under the name that OpenSC's spy writes", () =>
    expect(functionText("SetOperationState")?.name).toBe("C_SetOperationState"));
  test("is not made up for other names", () => expect(functionText("C_MakeCoffee")).toBeNull());
});

test("every return value has a meaning", () =>
  expect(returnValues.filter(({ message }) => message === "")).toEqual([]));

describe("OpenSC's codes", () => {
  test("have a name and a meaning each", () => {
    expect(openscCodes.length).toBeGreaterThan(80);
    for (const { name, meaning } of openscCodes) expect(meaning, name).toMatch(/\.$/);
  });
  test("-1214 is a wrong PIN, -1212 a locked one", () => {
    expect(openscCode(-1214)?.name).toBe("SC_ERROR_PIN_CODE_INCORRECT");
    expect(openscCode(-1212)?.meaning).toContain("locked");
  });
  test("a driver that does not fit is no error", () => {
    expect(openscCodeIsHarmless(-1413)).toBe(true);
    expect(openscCodeIsHarmless(-1214)).toBe(false);
  });
});

describe("status words", () => {
  test("63C2 counts tries after a wrong PIN", () =>
    expect(statusWord("63C2")).toMatchObject({ triesLeft: 2, outcome: "error" }));
  test("63C3 to an empty VERIFY is an answer", () =>
    expect(statusWord("63c3", true)).toMatchObject({ triesLeft: 3, outcome: "expected" }));
  test("6983 is a locked PIN", () => expect(statusWord("6983")).toMatchObject({ triesLeft: 0, outcome: "error" }));
  test("61 and 6C tell a length", () => {
    expect(statusWord("6110")?.meaning).toContain("16 bytes");
    expect(statusWord("6C00")).toMatchObject({ outcome: "expected", meaning: expect.stringContaining("256") });
  });
  test.each(["6982", "6A82", "6A88", "6D00", "6E00"])("%s has words of its own", (word) =>
    expect(statusWord(word)?.meaning).not.toContain("card's own"),
  );
  test("anything else is none", () => expect(statusWord("900")).toBeNull());
  test("instructions are named", () => {
    expect(instructionName(0x20)).toBe("VERIFY");
    expect(instructionName(0x2c)).toBe("RESET RETRY COUNTER");
    expect(instructionName(0x99)).toBeNull();
  });
});
