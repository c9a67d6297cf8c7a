import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { connect, createServer, type SecureVersion, type TLSSocket } from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TlsView } from "../../preload/contract/x509.ts";
import { openTestApp, type TestApp } from "../harness/app.ts";

/** What the viewer says of TLS is tried: OpenSSL, as Node has it, makes the handshakes. */

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(() => app.close());

const kinds: Record<string, string[]> = {
  RSA: ["RSA", "rsa_keygen_bits:2048"],
  "RSA-PSS": ["RSA-PSS", "rsa_keygen_bits:2048"],
  "P-256": ["EC", "ec_paramgen_curve:P-256"],
  "P-384": ["EC", "ec_paramgen_curve:P-384"],
  "P-521": ["EC", "ec_paramgen_curve:P-521"],
  Ed25519: ["ED25519"],
};

interface Pair {
  key: Buffer;
  cert: Buffer;
  tls: TlsView;
}

const made = async (kind: string, usage = ""): Promise<Pair> => {
  const [algorithm = "", option] = kinds[kind] ?? [];
  const key = join(app.dataFolder, "tls.key");
  const cert = join(app.dataFolder, "tls.pem");
  const options = option ? ["-pkeyopt", option] : [];
  execFileSync("openssl", ["genpkey", "-algorithm", algorithm, ...options, "-out", key], { stdio: "pipe" });
  const extensions = usage ? ["-addext", `keyUsage=${usage}`] : [];
  execFileSync(
    "openssl",
    ["req", "-x509", "-new", "-key", key, "-subj", "/CN=localhost", "-out", cert, ...extensions],
    {
      stdio: "pipe",
    },
  );
  const { items } = await app.call("x509.view", { path: cert });
  const tls = items[0]?.tls;
  if (!tls) throw new Error(`no TLS view of ${kind}`);
  return { key: readFileSync(key), cert: readFileSync(cert), tls };
};

interface Handshake {
  version: SecureVersion;
  /** What the client offers. */
  sigalgs?: string;
  ciphers?: string;
}

/** @returns protocol and suite, or null if they came to no agreement */
const handshake = ({ key, cert }: Pair, { version, sigalgs, ciphers }: Handshake) =>
  new Promise<{ protocol: string | null; cipher: string } | null>((resolve) => {
    const common = { minVersion: version, maxVersion: version };
    // Level 0: keys and suites of every strength.
    const server = createServer({ key, cert, ...common, ciphers: "ALL:@SECLEVEL=0", dhparam: "auto" });
    server.on("tlsClientError", () => {});
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      const done = (result: { protocol: string | null; cipher: string } | null, socket?: TLSSocket) => {
        socket?.destroy();
        server.close(() => resolve(result));
      };
      try {
        const client = connect(
          {
            port,
            host: "127.0.0.1",
            rejectUnauthorized: false,
            ...common,
            ...(sigalgs ? { sigalgs } : {}),
            ciphers: `${ciphers ?? "ALL"}:@SECLEVEL=0`,
          },
          () => done({ protocol: client.getProtocol(), cipher: client.getCipher().name }, client),
        );
        client.on("error", () => done(null, client));
      } catch {
        done(null);
      }
    });
  });

test.each(Object.keys(kinds))(
  "%s: the list for the other side makes a handshake in the versions that are told, each scheme by itself",
  async (kind) => {
    const pair = await made(kind);
    const list = pair.tls.settings.find(({ program }) => program === "OpenSSL")?.value ?? "";
    for (const version of ["TLSv1.2", "TLSv1.3"] as const)
      expect((await handshake(pair, { version, sigalgs: list }))?.protocol, `${version} ${list}`).toBe(version);
    for (const { openssl, versions, name } of pair.tls.keySchemes)
      for (const version of ["1.2", "1.3"] as const) {
        const agreed = await handshake(pair, {
          version: `TLSv1.${version.slice(2)}` as SecureVersion,
          sigalgs: openssl ?? "",
        });
        expect(agreed !== null, `${name} in TLS ${version}`).toBe(versions.includes(version));
      }
  },
);

test.each(["RSA", "RSA-PSS", "P-256", "Ed25519"])(
  "%s serves in every suite of TLS 1.2 that is told, and in no other",
  async (kind) => {
    const pair = await made(kind);
    const told = new Set(pair.tls.server.suites.map(({ openssl }) => openssl));
    expect(told.size).toBeGreaterThan(5);
    const every = pair.tls.client.suites.map(({ openssl }) => openssl);
    for (const name of every) {
      const agreed = await handshake(pair, { version: "TLSv1.2", ciphers: name });
      expect(agreed?.cipher ?? null, name).toBe(told.has(name) ? name : null);
    }
  },
);

test("a key that may only decrypt serves in the suites in which the client encrypts for it, and not in TLS 1.3", async () => {
  const pair = await made("RSA", "keyEncipherment");
  expect(pair.tls.server.allowed).toBe(true);
  expect(pair.tls.server.suites.every(({ name }) => name.startsWith("TLS_RSA_"))).toBe(true);
  expect(pair.tls.client.allowed).toBe(false);
  expect((await handshake(pair, { version: "TLSv1.2", ciphers: "AES128-GCM-SHA256" }))?.cipher).toBe(
    "AES128-GCM-SHA256",
  );
});

test("suites have the names and code points that OpenSSL lists", async () => {
  const listed = execFileSync("openssl", ["ciphers", "-V", "ALL:@SECLEVEL=0"]).toString();
  const names = execFileSync("openssl", ["ciphers", "-stdname", "ALL:@SECLEVEL=0"]).toString();
  const { tls } = await made("RSA");
  for (const { code, name, openssl } of tls.client.suites) {
    const place = `0x${code.slice(0, 2).toUpperCase()},0x${code.slice(2).toUpperCase()} - ${openssl} `;
    expect(listed, openssl).toContain(place);
    expect(names).toMatch(new RegExp(`^${name} +- ${openssl} `, "m"));
  }
});

test("code points of key and signature are those of the registry", async () => {
  const codes = async (path: string) => {
    const { items } = await app.call("x509.view", {
      path: new URL(`../fixtures/certificates/${path}`, import.meta.url).pathname,
    });
    const tls = items[0]?.tls;
    return {
      key: tls?.keySchemes.map(({ code }) => code),
      signature: tls?.signatureScheme?.code,
      pairs: tls?.settings[0]?.value,
    };
  };
  expect(await codes("key-p521.pem")).toEqual({
    key: ["0603", "0403", "0503"],
    signature: "0403",
    pairs: "060304030503",
  });
  expect(await codes("key-rsa.pem")).toMatchObject({
    key: ["0804", "0805", "0806", "0401", "0501", "0601"],
    signature: "0401",
  });
  expect(await codes("key-rsa1024.pem")).toMatchObject({ key: ["0804", "0805", "0401", "0501", "0601"] });
  expect(await codes("pss-sha256.pem")).toMatchObject({ signature: "0804" });
  expect(await codes("key-pss.pem")).toMatchObject({ key: ["0809", "080a", "080b"], signature: "0809" });
  expect(await codes("key-ed25519.pem")).toMatchObject({ key: ["0807"], signature: "0807", pairs: "0807" });
  expect((await codes("key-brainpoolP256r1.pem")).key?.[0]).toBe("081a");
  // The CA's key is on P-384, and signed the leaf with SHA-256.
  expect(await codes("leaf.pem")).toMatchObject({ signature: "0403" });
});
