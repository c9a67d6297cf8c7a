import { describe, expect, test } from "vitest";
import { putMasks } from "../dialects/dialect.ts";
import { starOut } from "./sanitise.ts";

const bytes = (text: string): Uint8Array => Buffer.from(text);
const text = (data: Uint8Array): string => Buffer.from(data).toString();

describe("masks", () => {
  test("that begin before a piece and end behind it go on where they should", () => {
    const piece = bytes("0123456789");
    putMasks(piece, 100, [
      { from: 97, to: 103, what: "PIN", fill: "abcdef" },
      { from: 108, to: 120, what: "PIN", fill: "** " },
    ]);
    expect(text(piece)).toBe("def34567**");
  });

  test("over unknown bytes leave blanks and line ends", () => {
    const piece = bytes("User PIN: 1234\r\n\n");
    expect(starOut(piece)).toBe(12);
    expect(text(piece)).toBe("**** **** ****\r\n\n");
  });
});
