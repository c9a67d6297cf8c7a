import { spawnSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { describe, expect, test } from "vitest";
import { declarationOf, requestNames } from "../../preload/contract/index.ts";
import { certificateParts } from "../keys/certificate-parts.ts";
import { shortNames } from "../objects/distinguished-name.ts";
import { nameFromText } from "../x509/name.ts";
import { equivalentCommands } from "./equivalent.ts";
import { opensslSubject } from "./openssl-request.ts";
import { quote } from "./shell-words.ts";

const module = { path: "/usr/lib/lib hsm.so", environment: { CONF: "/a b" }, initString: null };
const token = { serial: "0123", label: "It's mine", slot: 7 };
const start = "CONF='/a b' pkcs11-tool --module '/usr/lib/lib hsm.so'";

const first = (request: string, input: object) =>
  equivalentCommands(request, { module: "m", token, ...input }, module).commands[0];

/** Those of the fields that a request has. */
const knownTo = (request: string, fields: object): Record<string, unknown> => {
  const { shape = {} } = (declarationOf(request)?.input ?? {}) as { shape?: object };
  return Object.fromEntries(Object.entries(fields).filter(([name]) => name in shape));
};

test.each([
  ["plain-1.2/x", "plain-1.2/x"],
  ["two words", "'two words'"],
  ["it's", "'it'\\''s'"],
  ["$(rm -rf ~)", "'$(rm -rf ~)'"],
  ["", "''"],
  ["a\nb", "'a\nb'"],
])("%j is quoted for a POSIX shell", (word, quoted) => {
  expect(quote(word)).toBe(quoted);
});

test("what an item of a file is comes from the preview, where there was one", () => {
  const command = first("objects.import", { fileName: "any.pem", items: [{ index: 0, kind: "privateKey", id: "01" }] });
  expect(command).toContain("--write-object any.pem --type privkey");
});

test("every request that reaches a token has a command, or a note that says why not", () => {
  const without = requestNames
    .filter((name) => declarationOf(name)?.runs === "host")
    .filter((name) => {
      const { commands, note } = equivalentCommands(name, knownTo(name, { token }), module);
      return commands.length === 0 && note === null;
    });
  expect(without).toEqual([]);
  expect(equivalentCommands("tokens.logout", {}, module).note).toContain("logs out at the end");
});

test("a request that does nothing on a token has none", () => {
  expect(equivalentCommands("app.settings", {}, null)).toMatchObject({ commands: [], note: expect.any(String) });
  expect(() => equivalentCommands("constructor.toString", {}, null)).toThrow("no request of that name");
});

describe("an input that the app itself would refuse gets no command, but the refusal", () => {
  test.each([
    ["keys.generate", { spec: { kind: "EC", curv: "P-384" } }, /spec: .*curv/],
    ["keys.generate", { spec: { kind: "EC", curve: "P-192" } }, /P-192/],
    ["keys.generate", { spec: { kind: "EC", preset: "decrypt" } }, /decrypt does not go with EC/],
    ["keys.generate", { spec: { kind: "AES", size: 100 } }, /whole number of bytes/],
    ["keys.generate", { spec: { kind: "RSA", size: "large" } }, /spec\.size/],
    ["keys.generate", { spek: {} }, /spek/],
    ["objects.import", { items: [{ index: 0, lable: "x" }] }, /items\.0: .*lable/],
    ["objects.set", { changes: [{ attribute: "CKA_ID", hex: "abc" }] }, /changes\.0\.hex/],
    ["tokens.initialise", { label: "more than thirty-two bytes of text" }, /34 bytes/],
    ["certificates.selfSign", { subject: "nonsense" }, /subject cannot be read/],
    ["certificates.selfSign", { subject: "CN=a,,O=b" }, /subject cannot be read/],
    ["certificates.selfSign", { key: { class: "certificate", label: "x", id: "" } }, /private key/],
    ["keys.testSignature", { object: { class: "publicKey", label: "x", id: "" } }, /private key/],
  ] as const)("%s %j", (request, input, message) => {
    expect(() => first(request, input)).toThrow(message);
  });

  test("what is not filled in yet is no fault", () => {
    expect(first("tokens.initialise", { label: "" })).toBeDefined();
    expect(first("objects.import", { fileName: "", items: [] })).toBeDefined();
    expect(first("keys.generate", { spec: { label: "", preset: "sign" } })).toBeDefined();
  });
});

test("a secret in the input never gets into a command", () => {
  const pin = "user-4826-canary";
  for (const name of requestNames) {
    const secrets = {
      pin,
      soPin: pin,
      newPin: pin,
      oldPin: pin,
      contextPin: pin,
      password: pin,
      value: pin,
      confirmation: pin,
    };
    const given = knownTo(name, { module: "m", token, ...secrets });
    expect(JSON.stringify(equivalentCommands(name, given, module))).not.toContain(pin);
  }
});

const bySlot = `${start} --slot 7`;
const others = (...refs: { serial: string; label: string; slot: number }[]) => ({
  ...module,
  tokens: [token, ...refs],
});
const listing = (where: typeof module & { tokens?: object[] }, wanted: object = token) =>
  equivalentCommands("objects.list", { module: "m", token: wanted }, where as never);

describe("which token", () => {
  test("a label that is known to fit no other token names it; otherwise its slot does", () => {
    expect(listing(others()).commands[0]).toBe(`${start} --token-label 'It'\\''s mine' --login --list-objects`);
    expect(listing(others({ serial: "9", label: "Other", slot: 1 })).commands[0]).toContain("--token-label");
    expect(listing(module).commands[0]).toBe(`${bySlot} --login --list-objects`);
    expect(listing(module).note).toContain("SoftHSM");
  });

  test("two with one label, or with one that begins as the other, are told by the slot", () => {
    expect(listing(others({ serial: "9", label: token.label, slot: 1 })).commands[0]).toContain("--slot 7 ");
    expect(listing(others({ serial: "9", label: `${token.label} too`, slot: 1 })).commands[0]).toContain("--slot 7 ");
  });

  test("the slot is that in which the token is now, not the one that it was in", () => {
    const moved = {
      ...module,
      tokens: [
        { ...token, slot: 12 },
        { serial: "9", label: token.label, slot: 7 },
      ],
    };
    expect(listing(moved).commands[0]).toContain("--slot 12 ");
  });

  test("SoftHSM has a token elsewhere in the slot that its serial number says", () => {
    const softHsm = { ...module, slotsBySerial: true };
    const made = { serial: "cb1f07ebf0307f27", label: "", slot: 1 };
    expect(listing(softHsm, made).commands[0]).toContain("--slot 1882226471 ");
    expect(listing(softHsm, { ...made, serial: "" }).commands[0]).toContain("--slot 1 ");
    expect(listing(module, made).commands[0]).toContain("--slot 1 ");
  });

  test("a token that cannot be told from another, or that is gone, gets no command", () => {
    const twin = others({ ...token, slot: 8 });
    expect(listing(twin, { serial: token.serial, label: token.label })).toMatchObject({
      commands: [],
      note: expect.stringContaining("Several tokens"),
    });
    expect(listing(twin).commands[0]).toContain("--slot 7 ");
    expect(listing(others(), { serial: "other", label: "other", slot: 7 })).toMatchObject({
      commands: [],
      note: expect.stringContaining("not there"),
    });
  });

  test("where nothing selects a token, the note says so", () => {
    expect(equivalentCommands("objects.list", {}, module).note).toContain("Nothing here selects a token");
    expect(listing(module, { serial: "0123", label: "x" }).note).toContain("label begins so");
  });

  test("a token without a label, or with one that cannot be shown as it is, is told by its slot", () => {
    for (const label of ["", "a\\x00b"])
      expect(listing({ ...module, tokens: [{ ...token, label }] }, { ...token, label }).commands[0]).toContain(
        "--slot 7 ",
      );
  });

  test("a URI has the serial number, and the slot only where serial and label do not tell tokens apart", () => {
    const uri = (where: object) =>
      /pkcs11:[^']*/.exec(
        equivalentCommands(
          "objects.attributes",
          { token, object: { class: "data", label: "d", id: "" } },
          where as never,
        ).commands[1] ?? "",
      )?.[0];
    expect(uri(others({ serial: "9", label: token.label, slot: 1 }))).toBe(
      "pkcs11:serial=0123;token=It%27s%20mine;object=d;type=data",
    );
    expect(uri(others({ ...token, slot: 8 }))).toBe(
      "pkcs11:serial=0123;token=It%27s%20mine;slot-id=7;object=d;type=data",
    );
  });
});

test("a token is initialised by its slot, never by its label, and not at all without the slot", () => {
  for (const where of [module, others(), others({ serial: "9", label: token.label, slot: 1 })]) {
    const { commands, note } = equivalentCommands("tokens.initialise", { token, label: "New" }, where as never);
    expect(commands[1]).toBe(`${bySlot} --init-token --label New`);
    expect(note).toMatch(/serial 0123.*SoftHSM does at every initialisation/);
  }
  for (const wanted of [undefined, { serial: "0123", label: "It's mine" }]) {
    const { commands, note } = equivalentCommands("tokens.initialise", { token: wanted, label: "New" }, module);
    expect(commands).toEqual([]);
    expect(note).toMatch(wanted ? /could reach another one/ : /slot is not known/);
  }
});

test.each([
  [{ kind: "RSA", size: 4096, preset: "decrypt" }, "--keypairgen --key-type rsa:4096 --usage-decrypt --sensitive"],
  [
    { kind: "EC", curve: "P-384", preset: "sign", id: "0a" },
    "--keypairgen --key-type EC:secp384r1 --id 0a --usage-sign --sensitive",
  ],
  [
    { kind: "EC", curve: "brainpoolP256r1", preset: "agree" },
    "--keypairgen --key-type EC:brainpoolP256r1 --usage-derive --sensitive",
  ],
  [
    { kind: "Ed25519", preset: "sign", label: "Ed" },
    "--keypairgen --key-type EC:edwards25519 --label Ed --usage-sign --sensitive",
  ],
  [
    { kind: "AES", size: 256, preset: "wrap", extractable: true, sensitive: false },
    "--keygen --key-type AES:32 --usage-wrap --extractable",
  ],
])("generating %j", (spec, words) => {
  expect(first("keys.generate", { spec })).toBe(`${bySlot} --login ${words}`);
});

test("a label is set with p11tool, a CKA_ID with pkcs11-tool, and other attributes with nothing", () => {
  const { commands, note } = equivalentCommands(
    "objects.set",
    {
      token,
      object: { class: "certificate", label: "old", id: "0c" },
      changes: [
        { attribute: "CKA_LABEL", hex: Buffer.from("new name").toString("hex") },
        { attribute: "CKA_ID", hex: "0d" },
        { attribute: "CKA_TRUSTED", hex: "01" },
      ],
    },
    module,
  );
  expect(commands).toEqual([
    "CONF='/a b' p11tool --provider '/usr/lib/lib hsm.so' --login --set-label 'new name' 'pkcs11:serial=0123;token=It%27s%20mine;id=%0C;object=old;type=cert'",
    `${bySlot} --login --set-id 0d --type cert --id 0c --label old`,
  ]);
  expect(note).toContain("CKA_TRUSTED");
});

describe("a test signature is made with the mechanism of that key", () => {
  const commands = (facts: object) => {
    const object = { class: "privateKey", label: "k", id: "01", ...facts };
    return equivalentCommands("keys.testSignature", { token, object }, module).commands.join("\n");
  };
  test.each([
    [{ keyType: "RSA" }, "--mechanism SHA256-RSA-PKCS", "-sha256 -verify"],
    [{ keyType: "EC", curve: "P-256" }, "--mechanism ECDSA --signature-format openssl", "-sha256 -verify"],
    [{ keyType: "EC", curve: "P-384" }, "--mechanism ECDSA --signature-format openssl", "-sha384 -verify"],
    [{ keyType: "Ed25519", curve: "Ed25519" }, "--mechanism EDDSA", "pkeyutl -verify"],
  ])("%j", (facts, mechanism, check) => {
    expect(commands(facts)).toContain(mechanism);
    expect(commands(facts)).toContain(check);
    expect(commands(facts).match(/--mechanism/g)).toHaveLength(1);
  });

  test("a key that does not sign, or of which nothing is known, gets none", () => {
    expect(commands({ keyType: "X25519" })).toBe("");
    expect(commands({})).toBe("");
  });
});

/** The subject that openssl makes of a -subj, as DER. */
const byOpenssl = (subject: string): string => {
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "/dev/null"];
  const { stdout, stderr } = spawnSync("openssl", ["req", "-new", "-x509", ...key, "-utf8", "-subj", subject]);
  if (stdout.length === 0) throw new Error(stderr.toString());
  return certificateParts(new X509Certificate(stdout).raw).subject.toString("hex");
};

test.each([
  "CN=Ada,O=Example",
  "CN=Lovelace\\, Ada,C=GB",
  'CN="Lovelace, Ada",O=x',
  'CN="a/b+c, \\"d\\"",O=y',
  "CN=a\\\\b,OU=a+UID=b,O=Ex\u00e4mple",
  "CN=\\c3\\a4\\ ,DC=example,DC=org",
  `${Object.values(shortNames)
    .filter((name) => !/^(C|jurisdictionC)$/.test(name))
    .map((name) => `${name}=v`)
    .join(",")},C=DE`,
])("openssl is told the subject %s that the app would write", (subject) => {
  expect(byOpenssl(String(opensslSubject(subject)))).toBe(nameFromText(subject).toString("hex"));
});

test("a subject that openssl has no way to be told gets no command", () => {
  for (const subject of ["1.2.3.4=x,CN=y", "CN=#0c0161"])
    expect(equivalentCommands("certificates.selfSign", { token, subject }, module)).toMatchObject({
      commands: [],
      note: expect.stringContaining("-subj"),
    });
});

test("a self-signed certificate is for a CA only if that is wanted", () => {
  expect(first("certificates.selfSign", { subject: "CN=x" })).toContain("basicConstraints=critical,CA:FALSE");
  expect(first("certificates.selfSign", { subject: "CN=x", ca: true })).toContain("basicConstraints=critical,CA:TRUE");
});
