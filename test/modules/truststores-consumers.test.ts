import { execFile } from "node:child_process";
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer, type Server } from "node:tls";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { StoreFormat } from "../../preload/contract/truststores.ts";
import { openTestApp, type TestApp } from "../harness/app.ts";
import { type OpensslCa, opensslCa } from "../harness/openssl-ca.ts";
import { certificateOf, entryOf, fixtureKey } from "../harness/trust-certificates.ts";

const run = promisify(execFile);
const password = "proof-canary-8842";

let app: TestApp;
let ca: OpensslCa;
let server: Server;
let folder: string;
let url: string;
let port: number;
let trusted: Buffer;
/** A root that has not signed the server. */
const stranger = certificateOf("Somebody else's root");

beforeAll(async () => {
  app = await openTestApp();
  ca = opensslCa();
  folder = await mkdtemp(join(tmpdir(), "truststores-proof-"));
  await writeFile(join(ca.folder, "server.key"), fixtureKey);
  await writeFile(join(ca.folder, "names.cnf"), "subjectAltName=DNS:localhost,IP:127.0.0.1\n");
  ca.openssl(["req", "-new", "-key", "server.key", "-subj", "/CN=localhost", "-out", "server.csr"]);
  ca.openssl([
    ...["x509", "-req", "-in", "server.csr", "-CA", "sub.pem", "-CAkey", "sub.key", "-days", "5"],
    ...["-extfile", "names.cnf", "-out", "server.pem"],
  ]);
  trusted = ca.openssl(["x509", "-in", "root.pem", "-outform", "DER"]);
  server = createServer(
    { key: fixtureKey, cert: (await readFile(join(ca.folder, "server.pem"), "utf8")) + ca.intermediate },
    (socket) => {
      socket.on("error", () => {});
      socket.end("HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello");
    },
  );
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ({ port } = server.address() as AddressInfo);
  url = `https://localhost:${port}/`;
});

afterAll(async () => {
  server.close();
  ca.close();
  await app.close();
  await rm(folder, { recursive: true, force: true });
});

/** A store that trusts one root only. @returns its path */
const storeWith = async (format: StoreFormat, der: Buffer, name: string): Promise<string> => {
  const path = join(folder, name);
  const written = await app.call("truststores.write", {
    format,
    path,
    ...(format === "jks" || format === "pkcs12" ? { password } : {}),
    entries: [entryOf("the root", der)],
  });
  expect(written.outcome).toBe("written");
  return path;
};

const outcome = (program: string, words: string[], input = "") => {
  const running = run(program, words, { timeout: 30_000 });
  running.child.stdin?.end(input);
  return running.then(
    ({ stdout, stderr }) => ({ good: true, text: stdout + stderr }),
    (failed: { stdout: string; stderr: string }) => ({ good: false, text: failed.stdout + failed.stderr }),
  );
};

const connect = `
import java.io.*;
import java.security.KeyStore;
import javax.net.ssl.*;

public class Connect {
  public static void main(String[] words) throws Exception {
    String password = new BufferedReader(new InputStreamReader(System.in)).readLine();
    KeyStore store = KeyStore.getInstance(words[0]);
    try (InputStream file = new FileInputStream(words[1])) { store.load(file, password.toCharArray()); }
    System.out.println("entries " + store.size());
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("localhost", Integer.parseInt(words[2]))) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      System.out.println("connected");
    }
  }
}
`;

/** A JVM's client, which trusts this store only. */
const java = async (type: "JKS" | "PKCS12", path: string) => {
  const source = join(folder, "Connect.java");
  await writeFile(source, connect);
  return outcome("java", ["-XX:TieredStopAtLevel=1", source, type, path, String(port)], `${password}\n`);
};

test.each([
  ["jks", "JKS"],
  ["pkcs12", "PKCS12"],
] as const)(
  "a JVM connects to a TLS server with our %s alone, and not with one that trusts another root",
  async (format, type) => {
    expect((await java(type, await storeWith(format, trusted, `good.${format}`))).text).toContain("connected");
    const { good, text } = await java(type, await storeWith(format, stranger, `other.${format}`));
    expect(good).toBe(false);
    expect(text).toMatch(/unable to find valid certification path|SSLHandshakeException/);
  },
);

test("a .p12 of plain openssl shows Java 0 entries; reading it says so and offers the repair, after which Java connects", async () => {
  const path = join(folder, "plain.p12");
  ca.openssl(["pkcs12", "-export", "-nokeys", "-in", "root.pem", "-out", path, "-passout", `pass:${password}`]);
  const before = await java("PKCS12", path);
  expect(before.text).toContain("entries 0");
  expect(before.text).toContain("the trustAnchors parameter must be non-empty");
  const seen = await app.call("truststores.read", { path, password });
  expect(seen.repair).toContain("Java sees no trusted entry");
  expect(seen.views.find(({ reader }) => reader === "javaTrustManager")?.verdict).toBe("notSeen");
  const original = await readFile(path);
  const repaired = await app.call("truststores.repair", { path, password });
  expect(repaired.outcome).toBe("written");
  expect(await readFile(repaired.copy ?? "")).toEqual(original);
  const after = await java("PKCS12", path);
  expect(after.text).toContain("entries 1");
  expect(after.text).toContain("connected");
  expect((await app.call("truststores.read", { path, password })).repair).toBeNull();
  expect((await app.fails("truststores.repair", { path, password })).code).toBe("REFUSED");
});

test.each([
  ["pem", "--cacert"],
  ["opensslDirectory", "--capath"],
] as const)("curl trusts the server by our %s (%s), and not by one with another root", async (format, option) => {
  const ask = (path: string) => outcome("curl", ["-sS", "--noproxy", "*", option, path, url]);
  const good = await storeWith(format, trusted, `curl-good-${format}`);
  const bad = await storeWith(format, stranger, `curl-bad-${format}`);
  expect((await ask(good)).text).toContain("hello");
  expect((await ask(bad)).text).toMatch(/unable to get local issuer certificate|self-signed certificate/);
});

test("NSS (certutil -V) takes the server's certificate for valid with our database only", async () => {
  const verify = async (path: string) => {
    for (const [name, file] of [
      ["server", "server.pem"],
      ["issuing", "sub.pem"],
    ] as const)
      await run("certutil", ["-A", "-d", `sql:${path}`, "-n", name, "-t", ",,", "-i", join(ca.folder, file)]);
    return outcome("certutil", ["-V", "-u", "V", "-d", `sql:${path}`, "-n", "server"]);
  };
  expect((await verify(await storeWith("nss", trusted, "nss-good"))).text).toContain("certificate is valid");
  const bad = await verify(await storeWith("nss", stranger, "nss-bad"));
  expect(bad.good).toBe(false);
  expect(bad.text).toMatch(/issuer/i);
});

/** A folder as p11-kit wants it, with a copy of our anchors in it. */
const p11kitSource = async (format: "p11kitAnchors" | "redHatAnchors"): Promise<string> => {
  const path = await storeWith(format, trusted, `${format}-store`);
  const source = join(folder, `${format}-source`);
  await mkdir(source);
  await cp(path, join(source, "anchors"), { recursive: true });
  await chmod(folder, 0o755);
  return source;
};

test("p11tool lists our anchors as trusted, through p11-kit's trust module", async () => {
  const source = await p11kitSource("p11kitAnchors");
  const provider = ["--provider", "p11-kit-trust.so", "--provider-opts", `p11-kit: paths=${source}`];
  const { text } = await outcome("p11tool", [...provider, "--list-all-certs"]);
  expect(text).toContain("Label: Test Root");
  expect(text).toContain("CKA_TRUSTED");
  expect(text.match(/^\s*Label:/gm)).toHaveLength(1);
});

test("trust list shows our anchors, and nothing else, as anchors", async () => {
  const source = await p11kitSource("redHatAnchors");
  const home = join(folder, "home");
  await mkdir(join(home, "pkcs11", "modules"), { recursive: true });
  await writeFile(join(home, "pkcs11", "pkcs11.conf"), "user-config: only\n");
  await writeFile(
    join(home, "pkcs11", "modules", "own-trust.module"),
    `module: p11-kit-trust.so\nx-init-reserved: paths='${source}'\ntrust-policy: yes\n`,
  );
  // p11-kit does not look into root's own configuration.
  const user = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  const env = { ...process.env, HOME: home, XDG_CONFIG_HOME: home };
  const { stdout } = await run("trust", ["list", "--filter=ca-anchors"], { ...user, env, timeout: 30_000 });
  expect(stdout).toMatch(/label: Test Root\n\s*trust: anchor/);
  expect(stdout.match(/label:/g)).toHaveLength(1);
});
