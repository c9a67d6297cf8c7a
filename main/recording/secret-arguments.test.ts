import { expect, test } from "vitest";
import { maskSecrets, maskText, secretWarning } from "./secret-arguments.ts";

const masked = (line: string) => maskSecrets(line.split(" ")).words.join(" ");

test.each([
  ["pkcs11-tool --login --pin 1234 -O", "pkcs11-tool --login --pin *** -O"],
  ["pkcs11-tool -l -p 1234 -O", "pkcs11-tool -l -p *** -O"],
  ["/usr/bin/pkcs11-tool --init-token --so-pin=12345678", "/usr/bin/pkcs11-tool --init-token --so-pin=***"],
  ["softhsm2-util --init-token --free --so-pin 1 --pin 2", "softhsm2-util --init-token --free --so-pin *** --pin ***"],
  ["p11tool --login --set-pin=1234 pkcs11:token=a", "p11tool --login --set-pin=*** pkcs11:token=a"],
  ["keytool -list -storepass 1234", "keytool -list -storepass ***"],
  ["openssl pkey -passin pass:1234", "openssl pkey -passin pass:***"],
  [
    "openssl s_client -key pkcs11:token=T;object=k?pin-value=1234&x=1",
    "openssl s_client -key pkcs11:token=T;object=k?pin-value=***&x=1",
  ],
  ["ssh-keygen -t ed25519 -N secret", "ssh-keygen -t ed25519 -N ***"],
  ["tpm2_ptool addtoken --userpin=1 --sopin=2", "tpm2_ptool addtoken --userpin=*** --sopin=***"],
])("the PIN in `%s` is not shown", (line, shown) => {
  expect(masked(line)).toBe(shown);
  expect(secretWarning(maskSecrets(line.split(" ")))).toContain("every user of this machine");
});

test.each([
  "pkcs11-tool --login -O",
  "pkcs11-tool --login --pin env:MY_PIN -O",
  "pkcs11-tool --change-pin",
  "openssl pkey -passin env:PIN",
  "keytool -list -storepass:env PIN",
  "ssh-keygen -D /usr/lib/opensc-pkcs11.so",
  "ssh -p 22 host",
  "mkdir -p folder",
  "certutil -L --pwfile pins.txt",
  "p11tool pkcs11:token=a?pin-source=file:/tmp/pin",
])("`%s` has no PIN in it", (line) => {
  expect(masked(line)).toBe(line);
  expect(secretWarning(maskSecrets(line.split(" ")))).toBeNull();
});

test("what a program prints is masked by the values of its own arguments", () => {
  const { secrets } = maskSecrets(["pkcs11-tool", "--pin", "very-secret"]);
  expect(maskText("PIN very-secret is wrong", secrets)).toBe("PIN *** is wrong");
});
