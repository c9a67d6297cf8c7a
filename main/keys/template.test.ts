import { expect, test } from "vitest";
import { keyKinds, keySpec, presetNames } from "../../preload/contract/keys.ts";
import { templatesFor } from "./template.ts";
import { presetUsage, usageOf } from "./usage.ts";

const id = Buffer.from("0102", "hex");
const spec = (more: object) => keySpec.parse({ kind: "RSA", size: 2048, preset: "sign", label: "ä key", ...more });
const values = (attributes: ReturnType<typeof templatesFor>["key"]) =>
  Object.fromEntries(
    attributes.map(({ name, value }) => [name, Buffer.isBuffer(value) ? value.toString("hex") : value]),
  );

test("a signing key is kept, private, sensitive, not extractable, and told of everything that it may not do", () => {
  const { key, publicKey } = templatesFor(spec({}), id);
  expect(values(key)).toEqual({
    CKA_TOKEN: true,
    CKA_PRIVATE: true,
    CKA_SENSITIVE: true,
    CKA_EXTRACTABLE: false,
    CKA_LABEL: Buffer.from("ä key").toString("hex"),
    CKA_ID: "0102",
    CKA_SIGN: true,
    CKA_DECRYPT: false,
    CKA_UNWRAP: false,
    CKA_DERIVE: false,
    CKA_SIGN_RECOVER: false,
  });
  expect(values(publicKey)).toMatchObject({
    CKA_TOKEN: true,
    CKA_VERIFY: true,
    CKA_ENCRYPT: false,
    CKA_MODULUS_BITS: 2048,
    CKA_PUBLIC_EXPONENT: "010001",
  });
});

const combinations = keyKinds.flatMap((kind) =>
  presetNames.filter((preset) => presetUsage[preset][kind]).map((preset) => [kind, preset] as const),
);

test.each(combinations)("%s for %s: what protects the key may never be left out of the template", (kind, preset) => {
  const { key, publicKey } = templatesFor(
    spec({ kind, preset, size: 256, curve: "P-256", alwaysAuthenticate: true }),
    id,
  );
  const protecting = key.filter(({ name }) => /TOKEN|PRIVATE|SENSITIVE|EXTRACTABLE|ALWAYS_AUTHENTICATE/.test(name));
  expect(protecting.map(({ name }) => name)).toEqual([
    "CKA_TOKEN",
    "CKA_PRIVATE",
    "CKA_SENSITIVE",
    "CKA_EXTRACTABLE",
    "CKA_ALWAYS_AUTHENTICATE",
  ]);
  expect(protecting.every(({ must }) => must)).toBe(true);
  // Only what is false may be spared.
  expect([...key, ...publicKey].filter(({ must }) => !must).every(({ value }) => value === false)).toBe(true);
  expect([...key, ...publicKey].every(({ why }) => why.length > 5)).toBe(true);
});

test("separate purposes stay separate: no key both signs and decrypts, wraps and decrypts", () => {
  for (const [kind, preset] of combinations) {
    const on = usageOf(preset, kind).key;
    expect(on.includes("sign") && on.includes("decrypt")).toBe(false);
    expect(on.includes("unwrap") && on.includes("decrypt")).toBe(false);
  }
});

test.each([
  [{ kind: "EC", preset: "decrypt", curve: "P-256" }, /decrypt does not go with EC/],
  [{ kind: "EC", preset: "sign", curve: "P-192" }, /P-192/],
  [{ kind: "EC", preset: "sign" }, /no curve/],
  [{ kind: "AES", preset: "secret", size: undefined }, /size/],
])("%j is refused", (more, message) => {
  expect(() => templatesFor(spec(more), id)).toThrow(message);
});
