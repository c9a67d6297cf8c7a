import { execFileSync } from "node:child_process";
import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { opensshLine } from "./openssh.ts";

const fixed = createPublicKey(`-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
-----END PUBLIC KEY-----`);

test("an Ed25519 key is the line that OpenSSH writes (RFC 8709)", () => {
  expect(opensshLine(fixed, "me")).toBe(
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBm/RAlphM3+hUG6wWfcO5bIUIaqMLa2ywxcOK1wMWbh me\n",
  );
});

test("a comment cannot break the line", () => {
  expect(opensshLine(fixed, " a\nssh-rsa b\t\u202e\0c ")?.split("\n")).toHaveLength(2);
  expect(opensshLine(fixed, "")).toMatch(/^\S+ \S+\n$/);
});

test("curves that OpenSSH does not have give null", () => {
  expect(opensshLine(generateKeyPairSync("ec", { namedCurve: "secp256k1" }).publicKey, "x")).toBeNull();
  expect(opensshLine(generateKeyPairSync("ec", { namedCurve: "brainpoolP256r1" }).publicKey, "x")).toBeNull();
  expect(opensshLine(generateKeyPairSync("x25519").publicKey, "x")).toBeNull();
});

const hasSshKeygen = (() => {
  try {
    execFileSync("which", ["ssh-keygen"]);
    return true;
  } catch {
    return false;
  }
})();

test.runIf(hasSshKeygen)("ssh-keygen reads the lines back as the same keys", () => {
  const folder = mkdtempSync(join(tmpdir(), "tokenglass-ssh-"));
  try {
    for (const key of [
      generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey,
      ...["P-256", "P-384", "P-521"].map((namedCurve) => generateKeyPairSync("ec", { namedCurve }).publicKey),
    ]) {
      const file = join(folder, "key.pub");
      writeFileSync(file, opensshLine(key, "test") ?? "");
      const pem = execFileSync("ssh-keygen", ["-e", "-m", "PKCS8", "-f", file], { encoding: "utf8" });
      expect(createPublicKey(pem).equals(key)).toBe(true);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
