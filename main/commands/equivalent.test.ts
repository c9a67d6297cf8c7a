import { expect, test } from "vitest";
import { declarationOf, requestNames } from "../../preload/contract/index.ts";
import { opensslSubject } from "./certificates.ts";
import { equivalentCommands } from "./equivalent.ts";
import { quote } from "./shell-words.ts";

const module = { path: "/usr/lib/lib hsm.so", environment: { CONF: "/a b" }, initString: null };
const token = { serial: "0123", label: "It's mine", slot: 7 };
const start = "CONF='/a b' pkcs11-tool --module '/usr/lib/lib hsm.so'";

const first = (request: string, input: object) =>
  equivalentCommands(request, { module: "m", token, ...input }, module).commands[0];

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
      const { commands, note } = equivalentCommands(name, { token, object: { class: "data" }, objects: [{}] }, module);
      return commands.length === 0 && note === null;
    });
  expect(without).toEqual([]);
  expect(equivalentCommands("tokens.logout", {}, module).note).toContain("logs out at the end");
});

test("a request that does nothing on a token has none", () => {
  expect(equivalentCommands("app.settings", {}, null)).toMatchObject({ commands: [], note: expect.any(String) });
  expect(equivalentCommands("constructor.toString", {}, null).commands).toEqual([]);
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
    expect(JSON.stringify(equivalentCommands(name, { module: "m", token, ...secrets }, module))).not.toContain(pin);
  }
});

test("a token is addressed by its label, one without label by its slot", () => {
  expect(first("tokens.mechanisms", {})).toBe(`${start} --token-label 'It'\\''s mine' --list-mechanisms`);
  expect(first("tokens.mechanisms", { token: { serial: "", label: "", slot: 7 } })).toBe(
    `${start} --slot 7 --list-mechanisms`,
  );
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
  expect(first("keys.generate", { spec })).toBe(`${start} --token-label 'It'\\''s mine' --login ${words}`);
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
    `${start} --token-label 'It'\\''s mine' --login --set-id 0d --type cert --id 0c --label old`,
  ]);
  expect(note).toContain("CKA_TRUSTED");
});

test.each([
  ["CN=Ada,O=Example", "/O=Example/CN=Ada"],
  ["CN=Lovelace\\, Ada,C=GB", "/C=GB/CN=Lovelace, Ada"],
  ["CN=a/b", "/CN=a\\/b"],
])("the subject %s is %s for openssl", (subject, wanted) => {
  expect(opensslSubject(subject)).toBe(wanted);
});
