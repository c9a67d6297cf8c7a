import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * A self-signed certificate made by OpenSSL, with a new key that is thrown away.
 * @param subject as OpenSSL's -subj wants it, or "CN=name"
 * @returns DER
 */
export const certificateFor = (subject: string, curve = "prime256v1"): Buffer => {
  const folder = mkdtempSync(join(tmpdir(), "tokenglass-cert-"));
  try {
    const file = join(folder, "c.der");
    execFileSync(
      "openssl",
      [
        ["req", "-x509", "-newkey", "ec", "-pkeyopt", `ec_paramgen_curve:${curve}`, "-nodes", "-utf8", "-days", "30"],
        ["-keyout", join(folder, "k.pem"), "-outform", "der", "-out", file, "-multivalue-rdn"],
        ["-subj", subject.startsWith("/") ? subject : `/${subject}`],
      ].flat(),
      { stdio: "ignore" },
    );
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
};
