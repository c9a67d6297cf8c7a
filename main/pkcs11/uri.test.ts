import { expect, test } from "vitest";
import { objectUri, percentEncode, tokenUri } from "./uri.ts";

const demo = { token: "Demo token", manufacturer: "SoftHSM project", model: "SoftHSM v2", serial: "46e5978954bd73d4" };

test("a token's URI names model, manufacturer, serial and label", () => {
  expect(tokenUri(demo)).toBe(
    "pkcs11:model=SoftHSM%20v2;manufacturer=SoftHSM%20project;serial=46e5978954bd73d4;token=Demo%20token",
  );
});

test("padding is taken off, and what is empty is left out", () => {
  expect(tokenUri({ token: "A   ", manufacturer: "  ", model: "", serial: "1\0\0" })).toBe("pkcs11:serial=1;token=A");
});

test("everything but unreserved characters is encoded, as bytes of UTF-8", () => {
  expect(percentEncode("aZ09-._~")).toBe("aZ09-._~");
  expect(percentEncode(";?&=/%#'()")).toBe("%3B%3F%26%3D%2F%25%23%27%28%29");
  expect(percentEncode("é🔑\n")).toBe("%C3%A9%F0%9F%94%91%0A");
});

test("a label whose bytes are not known is left out rather than guessed", () => {
  expect(tokenUri({ ...demo, token: "bad\ufffd" })).not.toContain("token=");
});

test("an object's URI has every byte of its CKA_ID encoded", () => {
  const uri = objectUri(demo, { object: "my key", id: Buffer.from("01ab7f", "hex"), type: "private" });
  expect(uri).toBe(`${tokenUri(demo)};id=%01%AB%7F;object=my%20key;type=private`);
  expect(objectUri(demo, { object: "", id: Buffer.alloc(0) })).toBe(tokenUri(demo));
});

test("no URI has a query, where a PIN could be", () => {
  expect(objectUri({ ...demo, token: "a?pin-value=1234" }, { object: "?pin-value=1" })).not.toMatch(/[?&]/);
});
