import { expect, test } from "vitest";
import { ecKey } from "./public-key.ts";
import { hashFor } from "./sign.ts";

test("the hash is never longer than the curve's order, which a token would have to cut", () => {
  const point = (bits: number) => Buffer.alloc(1 + 2 * Math.ceil(bits / 8), 4);
  expect(hashFor(ecKey("1.2.840.10045.3.1.7", point(256)))).toBe("sha256");
  expect(hashFor(ecKey("1.3.132.0.34", point(384)))).toBe("sha384");
  expect(hashFor(ecKey("1.3.36.3.3.2.8.1.1.13", point(512)))).toBe("sha512");
  expect(hashFor(ecKey("1.3.132.0.35", point(521)))).toBe("sha512");
});
