import { X509Certificate } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { initialisedToken, openTestApp, type TestApp } from "../harness/app.ts";
import { type OpensslCa, opensslCa } from "../harness/openssl-ca.ts";

let app: TestApp;
let ca: OpensslCa;
let at: Awaited<ReturnType<typeof initialisedToken>>;
let number = 0;
beforeAll(async () => {
  app = await openTestApp();
  ca = opensslCa();
});
beforeEach(async () => {
  at = await initialisedToken(app, `Reply ${++number}`);
});
afterAll(async () => {
  ca.close();
  await app.close();
});

const generate = async (label = "web") => {
  const spec = { kind: "EC", curve: "P-256", preset: "sign", label } as const;
  const { id } = await app.call("keys.generate", { ...at, spec });
  const object = { class: "publicKey", label, id } as const;
  const { text } = await app.call("objects.read", { ...at, object, format: "pem" });
  return { id, label, publicKey: text ?? "" };
};
const given = (text: string | Buffer, fileName = "reply.pem") => ({
  ...at,
  fileName,
  content: Buffer.from(text).toString("base64"),
});
const preview = (text: string | Buffer) => app.call("certificates.replyPreview", given(text));
const certificatesOnToken = async () =>
  (await app.call("objects.list", at)).rows.filter((row) => row.class === "certificate");
const derOf = (pem: string): Buffer => new X509Certificate(pem).raw;
const base64Lines = (pem: string): string[] => pem.trim().split("\n").slice(1, -1);

describe("a reply of a CA", () => {
  test("finds its key by the public key, and is written with that key's CKA_ID and label", async () => {
    await generate("other");
    const { id, publicKey } = await generate();
    const pem = ca.issue(publicKey, "/CN=quite another name");
    const { certificates } = await preview(pem);
    expect(certificates).toHaveLength(1);
    expect(certificates[0]).toMatchObject({
      role: "own",
      label: "web",
      id,
      key: { class: "privateKey", label: "web" },
      sameKey: [],
      refused: null,
    });
    const { written, replaced, failed } = await app.call("certificates.replyWrite", {
      ...given(pem),
      certificates: [{ index: 0 }],
    });
    expect([replaced, failed]).toEqual([[], null]);
    expect(written[0]?.compared).toContain("CKA_VALUE");
    const [on] = await certificatesOnToken();
    expect(on).toMatchObject({ id, label: "web", subject: "CN=quite another name" });
    const { content } = await app.call("objects.read", {
      ...at,
      object: { class: "certificate", label: "web", id },
      format: "der",
    });
    expect(Buffer.from(content, "base64")).toEqual(derOf(pem));
  });

  test("brings its chain, which is put in order and written under key identifiers of its own", async () => {
    const { publicKey, id } = await generate();
    const bundle = [ca.root, ca.issue(publicKey), ca.intermediate].join("\n");
    const { certificates, chain } = await preview(bundle);
    expect(certificates.map(({ role, subject }) => [role, subject])).toEqual([
      ["own", "CN=leaf"],
      ["issuer", "CN=Test Issuing CA,O=Test"],
      ["issuer", "CN=Test Root"],
    ]);
    expect(chain).toMatchObject({ complete: true, words: expect.stringContaining("up to the root CN=Test Root") });
    const identifier = ca
      .openssl(["x509", "-noout", "-ext", "subjectKeyIdentifier"], ca.root)
      .toString()
      .split("\n")[1]
      ?.trim();
    expect(certificates[2]?.id).toBe(identifier?.replaceAll(":", "").toLowerCase());
    await app.call("certificates.replyWrite", {
      ...given(bundle),
      certificates: [{ index: 0 }, { index: 1 }, { index: 2 }],
    });
    const rows = await certificatesOnToken();
    expect(rows.map(({ label }) => label).sort()).toEqual(["Test Issuing CA", "Test Root", "web"]);
    expect(new Set(rows.map((row) => row.id)).size).toBe(3);
    expect(rows.find(({ label }) => label === "web")?.id).toBe(id);
    const again = await preview(bundle);
    expect(again.certificates.map(({ refused }) => refused)).toEqual(Array(3).fill(expect.stringContaining("already")));
  });

  test("says what is missing of a chain", async () => {
    const { publicKey } = await generate();
    const { chain } = await preview(ca.issue(publicKey));
    expect(chain).toMatchObject({ complete: false, words: expect.stringContaining("CN=Test Issuing CA,O=Test") });
  });

  test("is read as PKCS#7, DER and PEM, with indefinite lengths too", async () => {
    const { publicKey } = await generate();
    writeFileSync(join(ca.folder, "all.pem"), [ca.issue(publicKey), ca.intermediate, ca.root].join(""));
    const p7 = ["crl2pkcs7", "-nocrl", "-certfile", "all.pem"];
    const der = ca.openssl([...p7, "-outform", "DER"]);
    for (const reply of [der, ca.openssl(p7), indefinite(der)]) {
      const { certificates } = await preview(reply);
      expect(certificates.map(({ role }) => role)).toEqual(["own", "issuer", "issuer"]);
    }
  });

  test("is read as PKCS#12 with modern and with legacy encryption", async () => {
    const { publicKey } = await generate();
    writeFileSync(join(ca.folder, "own.pem"), ca.issue(publicKey));
    const legacy = ["-legacy", "-certpbe", "PBE-SHA1-RC2-40"];
    for (const more of [[], legacy, ["-certpbe", "PBE-SHA1-3DES"]]) {
      const password = "reply-password";
      const args = ["pkcs12", "-export", "-nokeys", "-in", "own.pem", "-passout", `pass:${password}`, ...more];
      const file = given(ca.openssl(args), "reply.p12");
      expect(await app.fails("certificates.replyPreview", file)).toMatchObject({ code: "PASSWORD_NEEDED" });
      expect(await app.fails("certificates.replyPreview", { ...file, password: "wrong" })).toMatchObject({
        code: "PASSWORD_WRONG",
      });
      const { certificates, opened } = await app.call("certificates.replyPreview", {
        ...file,
        password,
        keepOpen: true,
      });
      expect(certificates[0]).toMatchObject({ role: "own" });
      expect(opened).not.toBeNull();
    }
  });

  test.each<[string, (pem: string) => string | Buffer]>([
    ["with prose around it", (pem) => `Dear customer,\n\nhere it is:\n\n${pem}\nKind regards\nYour CA -- always\n`],
    ["with CRLF", (pem) => pem.replaceAll("\n", "\r\n")],
    ["with all line breaks lost", (pem) => pem.replaceAll("\n", " ")],
    ["without any white space", (pem) => pem.replaceAll("\n", "")],
    ["with line breaks spelled out as in JSON", (pem) => JSON.stringify({ certificate: pem })],
    ["quoted in a mail", (pem) => pem.replace(/^/gm, "> > ")],
    ["as quoted-printable", (pem) => pem.replaceAll("=", "=3D")],
    ["as NEW CERTIFICATE", (pem) => pem.replaceAll("CERTIFICATE", "NEW CERTIFICATE")],
    ["with long dashes of a word processor", (pem) => pem.replaceAll("-----", "———")],
    [
      "with dashes and spaces",
      (pem) => pem.replaceAll(/-----(BEGIN|END) CERTIFICATE-----/g, "---- $1 CERTIFICATE ----"),
    ],
    ["with no-break and zero-width spaces", (pem) => pem.replaceAll("\n", "\u200b\u00a0\n")],
    ["in UTF-16 with a mark", (pem) => Buffer.from(`\ufeff${pem}`, "utf16le")],
    ["indented", (pem) => pem.replace(/^/gm, "\t    ")],
    ["as base64 alone", (pem) => base64Lines(pem).join("\n")],
    ["as base64 alone in prose", (pem) => `Your certificate:\n\n${base64Lines(pem).join("\r\n")}\n\nBest wishes`],
  ])("is read from pasted text: %s", async (_, mangled) => {
    const { publicKey } = await generate();
    const pem = ca.issue(publicKey);
    const { certificates } = await preview(mangled(pem));
    expect(certificates.map(({ role, sha256 }) => [role, sha256])).toEqual([
      ["own", new X509Certificate(pem).fingerprint256.replaceAll(":", "").toLowerCase()],
    ]);
  });
});

describe("a certificate for the same key is there already", () => {
  const withOld = async () => {
    const key = await generate();
    const old = ca.issue(key.publicKey, "/CN=old", 10);
    await app.call("certificates.replyWrite", { ...given(old), certificates: [{ index: 0 }] });
    const fresh = ca.issue(key.publicKey, "/CN=new", 300);
    const { certificates } = await preview(fresh);
    expect(certificates[0]?.sameKey.map(({ subject }) => subject)).toEqual(["CN=old"]);
    const [shown] = certificates[0]?.sameKey ?? [];
    if (!shown) throw new Error("the old certificate is not shown");
    const { handle, label, id } = shown;
    return { old, fresh, ref: { handle, class: "certificate" as const, label, id } };
  };
  const subjects = async () => (await certificatesOnToken()).map(({ subject }) => subject).sort();

  test("nothing is written without a word about it", async () => {
    const { fresh } = await withOld();
    const error = await app.fails("certificates.replyWrite", { ...given(fresh), certificates: [{ index: 0 }] });
    expect(error).toMatchObject({ code: "ALREADY_USED", message: expect.stringContaining("Nothing was written") });
    expect(await subjects()).toEqual(["CN=old"]);
  });

  test("both are kept if that is wanted", async () => {
    const { fresh } = await withOld();
    await app.call("certificates.replyWrite", { ...given(fresh), certificates: [{ index: 0, existing: "add" }] });
    expect(await subjects()).toEqual(["CN=new", "CN=old"]);
  });

  test("the old one is replaced, and its bytes come back", async () => {
    const { old, fresh, ref } = await withOld();
    const { replaced, failed } = await app.call("certificates.replyWrite", {
      ...given(fresh),
      certificates: [{ index: 0, existing: "replace", replaces: [ref] }],
    });
    expect(await subjects()).toEqual(["CN=new"]);
    expect(failed).toBeNull();
    expect(replaced.map(({ content }) => content)).toEqual([derOf(old).toString("base64")]);
  });

  test("only a certificate of the same key can be replaced", async () => {
    const { fresh, ref } = await withOld();
    const other = await generate("other");
    await app.call("certificates.replyWrite", { ...given(ca.issue(other.publicKey)), certificates: [{ index: 0 }] });
    const foreign = (await certificatesOnToken()).find(({ label }) => label === "other");
    const replaces = [{ ...ref, handle: foreign?.handle ?? "", label: "other", id: other.id }];
    const input = { ...given(fresh), certificates: [{ index: 0, existing: "replace" as const, replaces }] };
    expect(await app.fails("certificates.replyWrite", input)).toMatchObject({ code: "OBJECT_CHANGED" });
    expect(await subjects()).toEqual(["CN=leaf", "CN=old"]);
  });
});

test("a certificate is never written under the CKA_ID of another key", async () => {
  const mine = await generate("mine");
  const other = await generate("other");
  const input = { ...given(ca.issue(mine.publicKey)), certificates: [{ index: 0, id: other.id }] };
  expect(await app.fails("certificates.replyWrite", input)).toMatchObject({
    code: "ALREADY_USED",
    message: expect.stringContaining("belongs to another key"),
  });
  expect(await certificatesOnToken()).toEqual([]);
});

test("a key without any public key on the token is found by a signature", async () => {
  await generate("decoy");
  const { publicKey, id, label } = await generate("bare");
  const object = { class: "publicKey", label, id } as const;
  await app.call("objects.delete", { ...at, objects: [object] });
  const pem = ca.issue(publicKey);
  const { certificates, untold } = await preview(pem);
  expect(certificates[0]).toMatchObject({ key: null });
  expect(untold.map((key) => key.label)).toContain("bare");
  const proven = await app.call("certificates.replyPreview", { ...given(pem), prove: true });
  expect(proven.certificates[0]).toMatchObject({ role: "own", id, label: "bare", proof: "signature" });
  await app.call("certificates.replyWrite", { ...given(pem), prove: true, certificates: [{ index: 0 }] });
  expect((await certificatesOnToken()).map((row) => [row.id, row.label])).toEqual([[id, "bare"]]);
});

describe("what is no reply is refused in words, and nothing is written", () => {
  const fixture = (name: string) => readFileSync(new URL(`../fixtures/keys/${name}`, import.meta.url));
  const certificate = () => derOf(ca.root);
  const nested = (depth: number, tag: number): Buffer => {
    let inner = Buffer.from([tag, 0]);
    for (let i = 0; i < depth; i++) {
      const head =
        inner.length < 0x80
          ? Buffer.from([tag, inner.length])
          : Buffer.from([tag, 0x83, inner.length >> 16, (inner.length >> 8) & 0xff, inner.length & 0xff]);
      inner = Buffer.concat([head, inner]);
    }
    return inner;
  };
  const cases: [string, () => string | Buffer, string, RegExp][] = [
    ["empty", () => "", "BAD_FILE", /empty/],
    ["prose", () => "Dear customer, your request was refused.", "BAD_FILE", /no PEM, DER/],
    ["a web page", () => "<!doctype html><html><body>Log in</body></html>", "BAD_FILE", /web page/],
    ["a truncated certificate", () => certificate().subarray(0, 200), "BAD_FILE", /cut off/],
    ["PEM without its end", () => ca.root.slice(0, 300), "BAD_FILE", /has no end/],
    [
      "PEM with a missing letter",
      () => ca.root.replace(/\n(.)/, "\n"),
      "BAD_FILE",
      /cut off|damaged|cannot be read|ASN/,
    ],
    ["PEM with a strange letter", () => ca.root.replace(/\nM/, "\nM§"), "BAD_FILE", /U\+00A7/],
    ["a request", () => readFileSync(join(ca.folder, "sub.csr")), "BAD_FILE", /CERTIFICATE REQUEST/],
    ["a private key", () => fixture("rsa.pkcs8.pem"), "BAD_FILE", /private key in it/],
    ["wrong tags", () => Buffer.from(certificate()).fill(0x31, 4, 5), "BAD_FILE", /./],
    ["10 MB", () => Buffer.alloc(10_000_000, 0x4d), "BAD_FILE", /10 MB/],
    ["deeply nested", () => nested(20_000, 0x30), "BAD_FILE", /./],
    [
      "deeply nested with indefinite lengths",
      () => Buffer.alloc(60_000, Buffer.from([0x30, 0x80])),
      "BAD_FILE",
      /nested deeper/,
    ],
    ["an indefinite length without end", () => Buffer.from("3080020101", "hex"), "BAD_FILE", /./],
  ];
  test.each(cases)("%s", async (_, content, code, message) => {
    await generate();
    const error = await app.fails("certificates.replyPreview", given(content()));
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(error.code).not.toBe("INTERNAL");
    expect(await certificatesOnToken()).toEqual([]);
  });

  test("a certificate whose dates cannot be read, or whose algorithm is unknown, is shown as that", async () => {
    const { publicKey } = await generate();
    const der = derOf(ca.issue(publicKey));
    const bad = Buffer.from(der);
    const time = bad.indexOf(Buffer.from([0x17, 0x0d]));
    bad.write("999999999999Z", time + 2, "latin1");
    const { certificates } = await preview(bad);
    expect(certificates[0]).toMatchObject({ role: "own", warnings: [expect.stringContaining("dates cannot be read")] });
    const ecPublicKey = Buffer.from("06072a8648ce3d0201", "hex");
    const unknown = Buffer.from(der);
    unknown[unknown.indexOf(ecPublicKey) + ecPublicKey.length - 1] = 0x7f;
    const other = await preview(unknown);
    expect(other.certificates[0]).toMatchObject({ role: "other", keyWords: "key of another kind" });
  });
});

/** The outermost SEQUENCE of DER with an indefinite length (X.690 8.1.3.6). */
const indefinite = (der: Buffer): Buffer => {
  const start = (der[1] ?? 0) < 0x80 ? 2 : 2 + ((der[1] ?? 0) & 0x7f);
  return Buffer.concat([Buffer.from([0x30, 0x80]), der.subarray(start), Buffer.from([0, 0])]);
};
