import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { children, readAll } from "../../keys/ber.ts";
import { der, derOid, derUnsigned } from "../../pkcs11/der-write.ts";
import { pem } from "../../x509/pem.ts";
import type { FileStore, StoredEntry } from "../store-format.ts";
import { jksStore } from "./jks.ts";
import { pemStore } from "./pem.ts";
import { pkcs7DerStore, pkcs7PemStore } from "./pkcs7.ts";
import { markTrusted, pkcs12Store } from "./pkcs12.ts";
import { sshStore } from "./ssh.ts";
import { sstStore } from "./sst.ts";

const folder = mkdtempSync(join(tmpdir(), "stores-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** @param input taken where the words say IN: node's pipes are sockets, which openssl cannot open by a path */
const openssl = (input: Buffer | null, ...words: string[]): Buffer => {
  const path = join(folder, "in");
  if (input) writeFileSync(path, input);
  return execFileSync(
    "openssl",
    words.map((word) => (word === "IN" ? path : word)),
    { stdio: ["ignore", "pipe", "ignore"] },
  );
};

const key = openssl(null, "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256");
const spki = openssl(key, "pkey", "-in", "IN", "-pubout", "-outform", "DER");
const certificate = (name: string): Buffer =>
  openssl(key, "req", "-x509", "-key", "IN", "-outform", "DER", "-days", "2", "-subj", `/CN=${name}`);
const ders = ["One", "Two", "Three"].map(certificate);
const password = "store-canary-7731";

const entry = (alias: string, der: Buffer, kind: StoredEntry["kind"] = "certificate"): StoredEntry => ({
  alias,
  kind,
  der,
  trusted: true,
});
const never = () => false;
const sorted = (store: FileStore, bytes: Buffer) =>
  store
    .read(bytes, password)
    .entries.map(({ der }) => der.toString("hex"))
    .sort();
const hexes = (...indexes: number[]) => indexes.map((i) => ders[i]?.toString("hex")).sort();

const stores: [string, FileStore][] = [
  ["PEM", pemStore],
  ["PKCS#7", pkcs7DerStore],
  ["PKCS#7 in PEM", pkcs7PemStore],
  ["PKCS#12", pkcs12Store],
  ["JKS", jksStore],
  ["SST", sstStore],
];

test.each(stores)("%s: what is written is read; adding and removing leaves the others", (_, store) => {
  const [one, two, three] = ders as [Buffer, Buffer, Buffer];
  const first = store.change(null, { add: [entry("Größe 😀", one), entry("two", two)], goes: never }, password);
  expect(sorted(store, first)).toEqual(hexes(0, 1));
  const second = store.change(first, { add: [entry("two", three)], goes: ({ der }) => der.equals(one) }, password);
  expect(sorted(store, second)).toEqual(hexes(1, 2));
  expect(store.read(second, password).entries.every(({ trusted }) => trusted)).toBe(true);
});

test.each(stores)("%s: cut off anywhere it is an error, never a smaller store", (name, store) => {
  const whole = store.change(null, { add: ders.map((der, i) => entry(`${i}`, der)), goes: never }, password);
  const sizes = name.includes("PEM") ? [40, whole.length - 5] : [1, 7, 40, whole.length >> 1, whole.length - 1];
  for (const size of sizes) expect(() => store.read(whole.subarray(0, size), password), `${size} bytes`).toThrow();
});

test.each([
  ["PKCS#12", pkcs12Store],
  ["JKS", jksStore],
])("%s: a wrong password is told as one; one is needed for writing", (_, store) => {
  const bytes = store.change(null, { add: [entry("a", ders[0] as Buffer)], goes: never }, password);
  expect(() => store.read(bytes, "another")).toThrow("does not open");
  expect(() => store.change(bytes, { add: [], goes: never }, "another")).toThrow("does not open");
  expect(() => store.change(bytes, { add: [], goes: never }, null)).toThrow("has a password");
});

test("names that Java would fold into one stay apart", () => {
  const add = ders.map((der) => entry("CA", der));
  expect(pkcs12Store.read(pkcs12Store.change(null, { add, goes: never }, password), password).entries).toMatchObject([
    { alias: "CA" },
    { alias: "CA (2)" },
    { alias: "CA (3)" },
  ]);
  expect(jksStore.read(jksStore.change(null, { add, goes: never }, password), password).entries).toMatchObject([
    { alias: "ca" },
    { alias: "ca (2)" },
    { alias: "ca (3)" },
  ]);
});

test("a certificate that plain openssl wrote is not trusted in PKCS#12, and is once it is marked", () => {
  const text = openssl(ders[0] as Buffer, "x509", "-inform", "DER", "-in", "IN");
  const plain = openssl(text, "pkcs12", "-export", "-nokeys", "-in", "IN", "-passout", `pass:${password}`);
  expect(pkcs12Store.read(plain, password).entries).toMatchObject([{ trusted: false }]);
  const marked = markTrusted(plain, password);
  expect(marked && pkcs12Store.read(marked, password).entries).toMatchObject([{ trusted: true }]);
  expect(marked && markTrusted(marked, password)).toBeNull();
});

test("a key in PKCS#12 is counted, kept as it is, and its chain is not taken for trusted", () => {
  const both = Buffer.concat([key, openssl(ders[0] as Buffer, "x509", "-inform", "DER", "-in", "IN")]);
  const store = openssl(both, "pkcs12", "-export", "-in", "IN", "-passout", `pass:${password}`);
  const changed = pkcs12Store.change(store, { add: [entry("ca", ders[1] as Buffer)], goes: never }, password);
  expect(pkcs12Store.read(changed, password)).toMatchObject({ privateKeys: 1, entries: [{ alias: "ca" }] });
  expect(markTrusted(store, password)).toBeNull();
  const keys = openssl(changed, "pkcs12", "-nocerts", "-nodes", "-in", "IN", "-passin", `pass:${password}`);
  expect(openssl(keys, "pkey", "-in", "IN", "-outform", "DER")).toEqual(
    openssl(key, "pkey", "-in", "IN", "-outform", "DER"),
  );
});

test("what stands around the certificates of a PEM file stays", () => {
  const [one, two] = ders.map((der) => openssl(der, "x509", "-inform", "DER", "-in", "IN").toString()) as [
    string,
    string,
  ];
  const text = `# first\r\n${one}\n# between\n${two}# last`;
  const kept = pemStore.change(Buffer.from(text), { add: [], goes: ({ der }) => der.equals(ders[0] as Buffer) }, null);
  expect(kept.toString()).toBe(`# first\r\n\n# between\n${two}# last`);
});

test("lines of authorized_keys that are not ours stay, options and comments too", () => {
  const file = Buffer.from(
    '# team\ncommand="ls",no-pty ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAA bad\n'.replace(
      "AAAAIAAA",
      `AAAAI${"A".repeat(43)}`,
    ),
  );
  const added = sshStore.change(file, { add: [entry("ada\nls", spki, "publicKey")], goes: never }, null);
  expect(added.toString()).toMatch(
    /^# team\ncommand="ls",no-pty ssh-ed25519 \S+ bad\necdsa-sha2-nistp256 \S+ ada ls\n$/,
  );
  const removed = sshStore.change(added, { add: [], goes: ({ der }) => der.equals(spki) }, null);
  expect(removed).toEqual(file);
});

test("a .p12 of GnuTLS, which marks its lone certificate as a key's, is read; its many rounds of key derivation stay", () => {
  const [one, two] = ders as [Buffer, Buffer];
  const at = (name: string) => join(folder, name);
  writeFileSync(at("one.pem"), pem("CERTIFICATE", one));
  execFileSync(
    "certtool",
    [
      ...["--to-p12", "--load-certificate", at("one.pem"), "--p12-name", "x", "--outder"],
      ...["--password", password, "--outfile", at("gnutls.p12")],
    ],
    { stdio: "ignore" },
  );
  const file = readFileSync(at("gnutls.p12"));
  const rounds = (bytes: Buffer) => {
    writeFileSync(at("asked.p12"), bytes);
    const words = ["pkcs12", "-info", "-noout", "-in", at("asked.p12"), "-passin", `pass:${password}`];
    return /MAC: sha256, Iteration (\d+)/.exec(spawnSync("openssl", words, { encoding: "utf8" }).stderr)?.[1];
  };
  expect(pkcs12Store.read(file, password)).toMatchObject({ privateKeys: 0, entries: [{ alias: "x", trusted: false }] });
  const changed = pkcs12Store.change(file, { add: [entry("two", two)], goes: never }, password);
  expect(sorted(pkcs12Store, changed)).toEqual(hexes(0, 1));
  expect(Number(rounds(changed))).toBeGreaterThanOrEqual(10_000);
  expect(rounds(changed)).toBe(rounds(file));
  expect(markTrusted(file, password)).not.toBeNull();
}, 30_000);

test("a .p12 whose checksum is of an unknown kind is not changed with more rounds than anyone needs", () => {
  const store = pkcs12Store.change(null, { add: [entry("one", ders[0] as Buffer)], goes: never }, password);
  const [version, safe, checksum] = children(readAll(store));
  const [, salt] = checksum ? children(checksum) : [];
  const unknown = der(0x30, der(0x30, derOid("1.2.3.4")), der(0x04, Buffer.alloc(32)));
  const raw = (node: typeof version) => node?.raw ?? Buffer.alloc(0);
  const rounds = derUnsigned(Buffer.from("7fffffff", "hex"));
  const file = der(0x30, raw(version), raw(safe), der(0x30, unknown, raw(salt), rounds));
  expect(pkcs12Store.read(file, password).warnings).toMatchObject([expect.stringContaining("not checked")]);
  expect(() => pkcs12Store.change(file, { add: [], goes: never }, password)).toThrow("2147483647 rounds");
});
