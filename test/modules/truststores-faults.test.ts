import { execFileSync, spawnSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { children, readAll } from "../../main/keys/ber.ts";
import { der, derUnsigned } from "../../main/pkcs11/der-write.ts";
import { pem } from "../../main/x509/pem.ts";
import type { StoreFormat } from "../../preload/contract/truststores.ts";
import { openTestApp, type TestApp } from "../harness/app.ts";
import { certificateOf, entryOf, fingerprint, fixtureKey, publicKeyOf } from "../harness/trust-certificates.ts";

const password = "fault-canary-6190";
const folder = mkdtempSync(join(tmpdir(), "truststores-faults-"));
const at = (name: string) => join(folder, name);
const [one, two, three] = ["One", "Two", "Three"].map((name) => certificateOf(name)) as [Buffer, Buffer, Buffer];
const key = publicKeyOf();

let app: TestApp;
beforeAll(async () => {
  app = await openTestApp();
});
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

const secret = (format: StoreFormat) => (format === "pkcs12" || format === "jks" ? { password } : {});
const write = (format: StoreFormat, path: string, ders = [one], mode: "new" | "add" = "new") =>
  app.call("truststores.write", {
    format,
    path,
    ...secret(format),
    mode,
    entries: ders.map((der, i) => entryOf(`entry ${i}`, der, format.startsWith("ssh") ? "publicKey" : "certificate")),
  });
const adding = (format: StoreFormat, path: string, der = two, more: object = {}) =>
  app.fails("truststores.write", {
    format,
    path,
    ...secret(format),
    ...more,
    mode: "add",
    entries: [
      entryOf("added", format.startsWith("ssh") ? key : der, format.startsWith("ssh") ? "publicKey" : "certificate"),
    ],
  });
/** Everything below a folder, with its bytes. */
const contents = (path: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(path)
      .sort()
      .map((name) => [name, readFileSync(join(path, name)).toString("hex")]),
  );

describe("a file that is no such store, or cut off, is left byte for byte as it is", () => {
  const inFile = ["pem", "der", "pkcs7Der", "pkcs7Pem", "pkcs12", "jks", "gskit", "racf", "sst"] as const;

  test.each(inFile)("%s", async (format) => {
    const path = at(`${format}-cut`);
    await write(format, path);
    const whole = readFileSync(path);
    const foreign = Buffer.from("%PDF-1.7 this is something else altogether\n".repeat(30));
    // The last line of PEM may lack its end.
    for (const bytes of [whole.subarray(0, whole.length - 20), whole.subarray(0, whole.length >> 1), foreign]) {
      writeFileSync(path, bytes);
      const { code, where, message, remedy } = await adding(format, path);
      expect(code).toMatch(/BAD_FILE|PASSWORD_WRONG|FILE_FAILED|REFUSED/);
      for (const text of [where, message, remedy]) expect(text).not.toBe("");
      expect(readFileSync(path)).toEqual(bytes);
    }
    expect(readdirSync(folder).filter((name) => name.startsWith(`${format}-cut.`) || name.endsWith(".new"))).toEqual(
      [],
    );
  });

  test("nss", async () => {
    const path = at("nss-cut");
    await write("nss", path);
    const database = join(path, "cert9.db");
    for (const bytes of [readFileSync(database).subarray(0, 5000), Buffer.from("no database ".repeat(400))]) {
      writeFileSync(database, bytes);
      const before = contents(path);
      expect((await adding("nss", path)).code).toMatch(/BAD_FILE|FILE_FAILED/);
      expect(contents(path)).toEqual(before);
    }
  });
});

test.each(["pkcs12", "jks"] as const)(
  "%s: a wrong password is told as one, none is asked for, the file stays",
  async (format) => {
    const path = at(`${format}-password`);
    await write(format, path);
    const before = readFileSync(path);
    expect((await adding(format, path, two, { password: "another" })).code).toBe("PASSWORD_WRONG");
    expect((await adding(format, path, two, { password: undefined })).code).toBe("PASSWORD_NEEDED");
    expect((await app.fails("truststores.read", { path, password: "another" })).code).toBe("PASSWORD_WRONG");
    expect(readFileSync(path)).toEqual(before);
  },
);

test("an NSS database with a password: trust is written with it, and nothing without", async () => {
  const path = at("nss-password");
  mkdirSync(path);
  writeFileSync(at("nss-pw"), `${password}\n`);
  execFileSync("certutil", ["-N", "-d", `sql:${path}`, "-f", at("nss-pw")]);
  const before = contents(path);
  expect((await adding("nss", path)).code).toBe("PASSWORD_NEEDED");
  expect((await adding("nss", path, two, { password: "another" })).code).toBe("PASSWORD_WRONG");
  expect(contents(path)).toEqual(before);
  const entries = [entryOf("with \"quotes' in it", one), entryOf("plain", two)];
  const written = await app.call("truststores.write", { format: "nss", path, password, mode: "add", entries });
  expect(written.outcome).toBe("written");
  const listed = execFileSync("certutil", ["-L", "-d", `sql:${path}`], { encoding: "utf8" });
  expect(listed).toMatch(/with "quotes' in it\s+CT,,/);
  expect(listed).toMatch(/plain\s+CT,,/);
});

test("in a read-only folder nothing is written, and the old file is as it was", async () => {
  const locked = at("locked");
  mkdirSync(locked);
  const path = join(locked, "trusted.pem");
  await write("pem", path);
  const before = readFileSync(path);
  const writes = `import("${new URL("../harness/write-store-once.mjs", import.meta.url).pathname}")`;
  chmodSync(locked, 0o555);
  try {
    const { stdout } = once(writes, { format: "pem", path, mode: "add" });
    expect(stdout).toMatch(/FILE_FAILED.*may not write there/);
  } finally {
    chmodSync(locked, 0o755);
  }
  expect(readFileSync(path)).toEqual(before);
  expect(readdirSync(locked)).toEqual(["trusted.pem"]);
});

describe("a disk that is full", () => {
  const small = at("small disk");
  let mounted = false;
  beforeAll(() => {
    mkdirSync(small);
    mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", small]).status === 0;
  });
  afterAll(() => {
    if (mounted) spawnSync("umount", [small]);
  });

  test.for(["pem", "pkcs12", "opensslDirectory", "nss"] as const)(
    "%s: the old store is intact, and nothing is left over",
    async (format, { skip }) => {
      skip(!mounted, "no small disk can be mounted here: it takes root's rights");
      const path = join(small, format);
      const many = Array.from({ length: 150 }, (_, i) => certificateOf(`Fills ${i}`));
      if (format === "nss") {
        const there = at("nss-small");
        await write("nss", there);
        mkdirSync(path);
        for (const name of readdirSync(there)) copyFileSync(join(there, name), join(path, name));
      } else await write(format, path);
      const before = format === "pem" || format === "pkcs12" ? readFileSync(path).toString("hex") : contents(path);
      fill(join(small, "filler"), 16_384);
      const error = await app.fails("truststores.write", {
        format,
        path,
        ...secret(format),
        mode: "add",
        entries: many.map((der, i) => entryOf(`fills ${i}`, der)),
      });
      expect(error.code).toBe("FILE_FAILED");
      expect(error.message).toMatch(/full|ENOSPC|no space/i);
      expect(format === "pem" || format === "pkcs12" ? readFileSync(path).toString("hex") : contents(path)).toEqual(
        before,
      );
      rmSync(join(small, "filler"));
      expect(readdirSync(small)).toEqual([format]);
      rmSync(path, { recursive: true });
    },
  );
});

test("a private key in a key store stays in it, and a chain is not marked as trusted", async () => {
  const both = at("key.pem");
  writeFileSync(both, fixtureKey + pem("CERTIFICATE", one));
  const path = at("keystore.p12");
  execFileSync("openssl", ["pkcs12", "-export", "-name", "mine", "-in", both, "-out", path, "-passout", "stdin"], {
    input: password,
  });
  const jks = at("keystore.jks");
  execFileSync(
    "keytool",
    [
      "-importkeystore",
      "-srckeystore",
      path,
      "-srcstoretype",
      "PKCS12",
      "-destkeystore",
      jks,
      "-deststoretype",
      "JKS",
      "-noprompt",
    ],
    { input: `${password}\n${password}\n${password}\n`, stdio: ["pipe", "ignore", "ignore"] },
  );
  for (const [format, store, type] of [
    ["pkcs12", path, "PKCS12"],
    ["jks", jks, "JKS"],
  ] as const) {
    expect((await write(format, store, [two], "add")).outcome).toBe("written");
    const { privateKeys, entries } = await app.call("truststores.read", { path: store, password });
    expect(privateKeys).toBe(1);
    expect(entries.map(({ sha256 }) => sha256)).toEqual([fingerprint(two)]);
    const listed = execFileSync("keytool", ["-list", "-storetype", type, "-keystore", store], {
      input: `${password}\n`,
      stdio: ["pipe", "pipe", "ignore"],
    });
    expect(listed.toString()).toMatch(/mine, .*PrivateKeyEntry/);
    expect(listed.toString().match(/trustedCertEntry/g)).toHaveLength(1);
  }
  const keys = execFileSync("openssl", ["pkcs12", "-in", path, "-nocerts", "-nodes", "-passin", "stdin"], {
    input: password,
  });
  expect(keys.toString()).toContain("PRIVATE KEY");
});

test("a private key among the entries is refused, whatever it calls itself", async () => {
  const der = execFileSync("openssl", ["pkey", "-outform", "DER"], { input: fixtureKey });
  for (const kind of ["certificate", "publicKey"] as const) {
    const format = kind === "certificate" ? "pem" : "sshPublicKeys";
    const error = await app.fails("truststores.write", {
      format,
      path: at(`refused-${kind}`),
      entries: [entryOf("key", der, kind)],
    });
    expect(error.code).toMatch(/BAD_FILE|REFUSED/);
    expect(existsSync(at(`refused-${kind}`))).toBe(false);
  }
});

describe("names and places", () => {
  test("a name is never a way out of the folder, nor an option", async () => {
    const names = ["../../outside", "-rf", "a\0b", "/etc/passwd", "..", "", "CA\nline", "中".repeat(300)];
    const ders = names.map((_, i) => certificateOf(`Name ${i}`));
    const path = at("names");
    const { outcome } = await app.call("truststores.write", {
      format: "debianAnchors",
      path,
      entries: ders.map((der, i) => entryOf(names[i] ?? "", der)),
    });
    expect(outcome).toBe("written");
    const files = readdirSync(path);
    expect(files).toHaveLength(names.length);
    for (const name of files) expect(name).toMatch(/^[^-./\0][^/\0]*\.crt$/);
  });

  test("a link stays a link; a folder's links do not lead a change out of it", async () => {
    await write("pem", at("real.pem"));
    symlinkSync("real.pem", at("link.pem"));
    await write("pem", at("link.pem"), [two], "add");
    expect(readlinkSync(at("link.pem"))).toBe("real.pem");
    expect((await app.call("truststores.read", { path: at("real.pem") })).entries).toHaveLength(2);
    await write("opensslDirectory", at("hashed"), [one, two]);
    const [name = ""] = readdirSync(at("hashed"));
    copyFileSync(join(at("hashed"), name), at("outside.pem"));
    rmSync(join(at("hashed"), name));
    symlinkSync("../outside.pem", join(at("hashed"), name));
    const outside = readFileSync(at("outside.pem"));
    await app.call("truststores.write", {
      format: "opensslDirectory",
      path: at("hashed"),
      mode: "replace",
      entries: [entryOf("3", three)],
    });
    expect(readFileSync(at("outside.pem"))).toEqual(outside);
    expect(readdirSync(at("hashed"))).toHaveLength(1);
  });

  test("rights of a file that was there are those of the new one", async () => {
    const path = at("rights.p12");
    await write("pkcs12", path);
    chmodSync(path, 0o600);
    await write("pkcs12", path, [two], "add");
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test("a pipe, a device and a folder are no files", async () => {
    execFileSync("mkfifo", [at("pipe")]);
    for (const path of [at("pipe"), "/dev/zero"]) {
      expect((await adding("pem", path)).code).toBe("FILE_FAILED");
      expect((await app.fails("truststores.read", { path })).code).toBe("FILE_FAILED");
    }
    expect(lstatSync(at("pipe")).isFIFO()).toBe(true);
    expect((await adding("pem", folder)).code).toBe("FILE_FAILED");
    expect((await adding("opensslDirectory", at("real.pem"))).code).toBe("FILE_FAILED");
    expect((await adding("pem", "/no/such/folder/x.pem")).code).toBe("FOLDER_MISSING");
  });
});

test("a .p12 of ours is read by openssl, keytool, GnuTLS's certtool and NSS's pk12util", async () => {
  const path = at("everybody.p12");
  await write("pkcs12", path, [one, two]);
  const ask = (program: string, words: string[], input = "") =>
    execFileSync(program, words, { input, encoding: "utf8", stdio: ["pipe", "pipe", "ignore"] });
  writeFileSync(at("pw"), password);
  expect(
    ask("openssl", ["pkcs12", "-in", path, "-nokeys", "-passin", "stdin"], password).match(/BEGIN CERT/g),
  ).toHaveLength(2);
  expect(ask("keytool", ["-list", "-keystore", path], `${password}\n`).match(/trustedCertEntry/g)).toHaveLength(2);
  expect(
    ask("certtool", ["--p12-info", "--inder", "--infile", path, "--password", password]).match(/BEGIN CERT/g),
  ).toHaveLength(2);
  expect(ask("pk12util", ["-l", path, "-w", at("pw"), "-d", `sql:${folder}`]).match(/^Certificate/gm)).toHaveLength(2);
});

const byKeytool = (type: string) => (path: string, cert: string) =>
  execFileSync(
    "keytool",
    // An alias with what keytool's own list divides its columns by.
    ["-importcert", "-noprompt", "-alias", "a, b", "-storetype", type, "-keystore", path, "-file", cert],
    { input: `${password}\n${password}\n`, stdio: ["pipe", "ignore", "ignore"] },
  );
const byGnutls = (path: string, cert: string) =>
  execFileSync(
    "certtool",
    [
      ...["--to-p12", "--load-certificate", cert, "--p12-name", "x", "--outder"],
      ...["--password", password, "--outfile", path],
    ],
    { stdio: "ignore" },
  );

test.for([
  ["pkcs12", "keytool", byKeytool("PKCS12")],
  ["jks", "keytool", byKeytool("JKS")],
  ["pkcs12", "GnuTLS", byGnutls],
] as const)("%s: a store made by %s is read, and takes another certificate", async ([format, maker, make]) => {
  const path = at(`${maker}.${format}`);
  const cert = `${path}.pem`;
  writeFileSync(cert, pem("CERTIFICATE", one));
  make(path, cert);
  const before = await app.call("truststores.read", { path, password });
  expect(before.entries.map(({ sha256 }) => sha256)).toEqual([fingerprint(one)]);
  // Written means that every reader has seen both.
  const { outcome, views } = await write(format, path, [two], "add");
  expect(outcome).toBe("written");
  expect(views[0]?.entries.map(({ sha256 }) => sha256).sort()).toEqual([one, two].map(fingerprint).sort());
});

test("a .p12 that asks for more rounds of key derivation than anyone needs is refused at once", async () => {
  const path = at("rounds.p12");
  await write("pkcs12", path);
  const [version, safe, checksum] = children(readAll(readFileSync(path)));
  const [digest, salt] = checksum ? children(checksum) : [];
  const rounds = derUnsigned(Buffer.from("7fffffff", "hex"));
  const raw = [version, safe, digest, salt].map((node) => node?.raw ?? Buffer.alloc(0)) as [
    Buffer,
    Buffer,
    Buffer,
    Buffer,
  ];
  writeFileSync(path, der(0x30, raw[0], raw[1], der(0x30, raw[2], raw[3], rounds)));
  const { code, message } = await app.fails("truststores.read", { path, password });
  expect(code).toBe("BAD_FILE");
  expect(message).toContain("2147483647 rounds");
});

/** Takes all room of a disk but this. */
const fill = (path: string, left: number): void => {
  writeFileSync(path, "");
  for (;;)
    try {
      appendFileSync(path, Buffer.alloc(4096));
    } catch {
      truncateSync(path, Math.max(statSync(path).size - left, 0));
      return;
    }
};

/** One change in a process for which the modes of files and folders count. */
const once = (program: string, input: object) => {
  const node = [process.execPath, "--input-type=module", "-e", program];
  // Root writes wherever it likes by a capability; without it the mode of a folder counts, and all can still be read.
  const [command = "", ...words] =
    process.getuid?.() === 0 ? ["setpriv", "--bounding-set", "-dac_override", ...node] : node;
  const entries = [entryOf("two", two)];
  return spawnSync(command, words, { input: JSON.stringify({ ...input, entries }), encoding: "utf8" });
};
