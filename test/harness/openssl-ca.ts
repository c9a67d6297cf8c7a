import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface OpensslCa {
  folder: string;
  /** PEM texts. */
  root: string;
  intermediate: string;
  /** A certificate for a public key (PEM), signed by the intermediate CA. @returns PEM */
  issue(publicKey: string, subject?: string, days?: number): string;
  openssl(args: string[], input?: string | Buffer): Buffer;
  close(): void;
}

/** A root and an intermediate CA of OpenSSL, in a folder of their own. */
export const opensslCa = (): OpensslCa => {
  const folder = mkdtempSync(join(tmpdir(), "tokenglass-ca-"));
  const at = (name: string) => join(folder, name);
  const openssl = (args: string[], input: string | Buffer = ""): Buffer =>
    execFileSync("openssl", args, { cwd: folder, input, stdio: ["pipe", "pipe", "pipe"] });
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const ca = ["-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign"];
  openssl(
    [
      "req",
      "-x509",
      newKey,
      "-keyout",
      "root.key",
      "-out",
      "root.pem",
      "-subj",
      "/CN=Test Root",
      "-days",
      "3650",
    ].flat(),
  );
  openssl(["req", newKey, "-keyout", "sub.key", "-out", "sub.csr", "-subj", "/O=Test/CN=Test Issuing CA", ca].flat());
  openssl([
    ...["x509", "-req", "-in", "sub.csr", "-CA", "root.pem", "-CAkey", "root.key", "-days", "1000"],
    ...["-copy_extensions", "copy", "-out", "sub.pem"],
  ]);
  const text = (name: string) => readFileSync(at(name), "utf8");
  return {
    folder,
    root: text("root.pem"),
    intermediate: text("sub.pem"),
    issue: (publicKey, subject = "/CN=leaf", days = 90) => {
      writeFileSync(at("public.pem"), publicKey);
      return openssl([
        ...["x509", "-new", "-force_pubkey", "public.pem", "-subj", subject, "-days", String(days)],
        ...["-CA", "sub.pem", "-CAkey", "sub.key"],
      ]).toString();
    },
    openssl,
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
};
