import { expect, test } from "vitest";
import { fileNameFrom } from "./file-name.ts";

test.each([
  ["My key", "My-key.pem"],
  ["../../etc/passwd", "etc-passwd.pem"],
  [".hidden", "hidden.pem"],
  ["Schlüssel 漢", "Schlüssel-漢.pem"],
  ["a\\x00b\\nc", "a-b-c.pem"],
  ["", "key.pem"],
  ["///", "key.pem"],
  ["CON", "key-CON.pem"],
])("%j becomes %j", (label, expected) => {
  expect(fileNameFrom(label, "key", ".pem")).toBe(expected);
});
