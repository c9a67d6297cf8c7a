import { describe, expect, test } from "vitest";
import { Pseudonyms } from "./pseudonyms.ts";

describe("stand-ins for names", () => {
  const pseudonyms = new Pseudonyms();

  test("have the length of the name and are the same for the same name, padded or not", () => {
    const standIn = pseudonyms.text("My Token 7");
    expect(standIn).toHaveLength(10);
    expect(standIn).not.toContain("Token");
    expect(pseudonyms.text("My Token 7      ")).toBe(`${standIn}      `);
    expect(pseudonyms.text("")).toBe("");
  });

  test("differ for different names, as long as there are enough", () => {
    const made = Array.from({ length: 200 }, (_, n) => pseudonyms.text(`key ${n}`.padEnd(7, "x")));
    expect(new Set(made).size).toBe(200);
    expect(pseudonyms.bytes(Buffer.from([1]))).not.toEqual(pseudonyms.bytes(Buffer.from([2])));
  });

  test("are others in another export", () => {
    expect(new Pseudonyms().text("a name of some length")).not.toBe(pseudonyms.text("a name of some length"));
  });

  test("keep line ends, separators of paths and file endings", () => {
    expect(pseudonyms.text("two\nlines")).toMatch(/^[a-z]{3}\n[a-z]{5}$/);
    expect(pseudonyms.path("/home/anna/lib.so")).toMatch(/^\/[a-z]{4}\/[a-z]{4}\/[a-z]{3}\.so$/);
    expect(pseudonyms.path("C:\\Users\\Anna")).toMatch(/^C:\\[A-Z][a-z]{4}\\[A-Z][a-z]{3}$/);
  });
});

describe("stand-ins for slot IDs", () => {
  const pseudonyms = new Pseudonyms();

  test("have as many digits in decimal and in hexadecimal, and are one number in both", () => {
    for (const slot of [1558493735n, 522900840n, 0x7fffffffn, 1000n, 256n, 4294967294n]) {
      const standIn = pseudonyms.slot(slot);
      expect(standIn.toString()).toHaveLength(slot.toString().length);
      expect(standIn.toString(16)).toHaveLength(slot.toString(16).length);
      expect(pseudonyms.slotText(slot.toString())).toBe(standIn.toString());
      expect(pseudonyms.slotText(`0x${slot.toString(16)}`)).toBe(`0x${standIn.toString(16)}`);
    }
    expect(pseudonyms.slot(1558493735n)).not.toBe(1558493735n);
  });

  test("leave small numbers, which are counted from 0, and what is no slot", () => {
    for (const text of ["0", "1", "0x2", "18446744073709551615", "4294967295", "(nil)", ""])
      expect(pseudonyms.slotText(text)).toBe(text);
  });
});
