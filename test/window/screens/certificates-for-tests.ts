import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Runs openssl in a folder of its own, which holds the given files. @returns what it prints */
export const openssl = (args: string[], files: Record<string, string | Buffer> = {}): string =>
  inFolder(files, (folder) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" }).toString());

const inFolder = <T>(files: Record<string, string | Buffer>, work: (folder: string) => T): T => {
  const folder = mkdtempSync(join(tmpdir(), "tokenglass-openssl-"));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

/** A certificate that a fresh CA issues for a public key. @param publicKey PEM @returns PEM */
export const issuedFor = (publicKey: string, subject: string, days = 400): string =>
  inFolder({ "key.pem": publicKey }, (folder) => {
    const run = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
    run("req", "-x509", ...newKey, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Test CA", "-days", "800");
    run("req", "-new", ...newKey, "-keyout", "any.key", "-out", "any.csr", "-subj", subject);
    const ca = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"];
    run("x509", "-req", "-in", "any.csr", "-force_pubkey", "key.pem", ...ca, "-days", String(days), "-out", "out.pem");
    return readFileSync(join(folder, "out.pem"), "utf8");
  });

/** A self-signed certificate with its private key. @returns both as PEM, and as PKCS#12 under the password */
export const selfMade = (subject: string, password: string, days = 400) =>
  inFolder({ "password.txt": password }, (folder) => {
    const run = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
    run("req", "-x509", ...newKey, "-keyout", "key.pem", "-out", "out.pem", "-subj", subject, "-days", String(days));
    const pass = ["-passout", "file:password.txt"];
    run("pkcs12", "-export", "-inkey", "key.pem", "-in", "out.pem", "-name", "from file", "-out", "out.p12", ...pass);
    const read = (name: string) => readFileSync(join(folder, name));
    return { certificate: read("out.pem").toString(), key: read("key.pem").toString(), pkcs12: read("out.p12") };
  });
