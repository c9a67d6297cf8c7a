import { expect, test } from "vitest";
import { Failure } from "../pkcs11/failure.ts";
import { padLabel } from "./label.ts";

test("a label is padded with blanks to 32 bytes of UTF-8", () => {
  for (const label of ["a", "Nitrokey HSM 2", "Schlüssel", "钥匙", "é".repeat(16), "🔑".repeat(8), "x".repeat(32)]) {
    const padded = padLabel(label);
    expect(Buffer.byteLength(padded)).toBe(32);
    expect(padded.trimEnd()).toBe(label);
  }
});

const failureOf = (label: string) => {
  try {
    padLabel(label);
  } catch (thrown) {
    if (thrown instanceof Failure) return thrown.data;
  }
  throw new Error(`${JSON.stringify(label)} was taken`);
};

test.each(["x".repeat(33), "é".repeat(17), `${"🔑".repeat(8)}a`])(
  "%s is too long, and the error says by how much",
  (label) => {
    expect(failureOf(label)).toMatchObject({
      code: "INVALID_REQUEST",
      details: { bytes: Buffer.byteLength(label), most: 32 },
    });
  },
);

test.each(["", "   ", "ends ", "line\nbreak", "nul\0", "\ud800"])("%j could not be told from damage", (label) => {
  expect(failureOf(label).code).toBe("INVALID_REQUEST");
});
