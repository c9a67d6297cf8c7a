import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { KeyType, Module, ObjectClass, type PublicKey } from "graphene-pk11";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Input, Output } from "../../preload/contract/index.ts";
import { initialisedToken, openTestApp, type TestApp, testPins } from "../harness/app.ts";

let app: TestApp;
let at: Awaited<ReturnType<typeof initialisedToken>>;
beforeAll(async () => {
  app = await openTestApp();
  at = await initialisedToken(app, "Keys");
});
afterAll(() => app.close());

type Spec = Input<"keys.generate">["spec"];
const generate = (spec: Spec): Promise<Output<"keys.generate">> => app.call("keys.generate", { ...at, spec });

/** Modulus, or EC point without the OCTET STRING around it, as graphene-pk11 reads it. */
const publicValueByGraphene = (id: string): Buffer => {
  process.env.SOFTHSM2_CONF = join(app.dataFolder, "softhsm", "softhsm2.conf");
  const module = Module.load("/usr/lib/softhsm/libsofthsm2.so");
  module.initialize();
  try {
    const slots = module.getSlots(true);
    const slot = [...Array(slots.length).keys()]
      .map((i) => slots.items(i))
      .find((one) => one.getToken().label === "Keys");
    const session = slot?.open();
    const found = session?.find({ class: ObjectClass.PUBLIC_KEY, id: Buffer.from(id, "hex") });
    const key = found?.items(0).toType<PublicKey>();
    if (!key) throw new Error("graphene does not see the key");
    const rsa = key.type === KeyType.RSA;
    const value = key.getAttribute(rsa ? "modulus" : "pointEC") as Buffer;
    return rsa ? value : value.subarray(value[1] === 0x81 ? 3 : 2);
  } finally {
    module.finalize();
  }
};

/** The public parts of the token as pkcs11-tool sees them; it needs no PIN for them. */
const pkcs11Tool = (...args: string[]): Buffer =>
  execFileSync("pkcs11-tool", ["--module", "/usr/lib/softhsm/libsofthsm2.so", "--token-label", "Keys", ...args], {
    env: { ...process.env, SOFTHSM2_CONF: join(app.dataFolder, "softhsm", "softhsm2.conf") },
    stdio: ["ignore", "pipe", "ignore"],
  });

test("SoftHSM is offered what its mechanism list has, and told why the rest is not", async () => {
  const { kinds, notOffered } = await app.call("keys.offer", at);
  expect(kinds.map(({ kind }) => kind).sort()).toEqual(["AES", "EC", "Ed25519", "RSA", "generic"]);
  const kind = (name: string) => kinds.find((offer) => offer.kind === name);
  expect(kind("RSA")?.sizes).toEqual([2048, 3072, 4096]);
  expect(kind("EC")?.curves).toEqual([
    "P-256",
    "P-384",
    "P-521",
    "brainpoolP256r1",
    "brainpoolP384r1",
    "brainpoolP512r1",
    "secp256k1",
  ]);
  expect(kind("RSA")?.presets.map(({ name }) => name)).toEqual(["sign", "tlsClient", "ca", "decrypt", "wrap"]);
  expect(kind("EC")?.presets.map(({ name }) => name)).toEqual(["sign", "tlsClient", "ca", "agree"]);
  expect(kind("AES")?.presets.map(({ name }) => name)).toEqual(["wrap", "secret"]);
  expect(notOffered).toEqual([
    { kind: "X25519", why: "The token's mechanism list has no CKM_EC_MONTGOMERY_KEY_PAIR_GEN." },
  ]);
});

const signers: Spec[] = [
  { kind: "RSA", size: 2048, preset: "sign", label: "rsa2048" },
  { kind: "RSA", size: 3072, preset: "ca", label: "rsa3072" },
  ...["P-256", "P-384", "P-521", "brainpoolP256r1", "brainpoolP384r1", "brainpoolP512r1", "secp256k1"].map(
    (curve): Spec => ({ kind: "EC", curve, preset: "sign", label: curve }),
  ),
  { kind: "Ed25519", preset: "tlsClient", label: "ed25519" },
];

test.each(signers)(
  "$label: made, named by the SHA-1 of its public key, signature verified in software",
  async (spec) => {
    const made = await generate(spec);
    expect(made.test).toMatchObject({ verified: true });
    expect(made.testNote).toBe("Signed on the token, verified in software with the public key read from the token.");
    expect(made.warnings).toEqual([]);
    expect(made.key).toMatchObject({
      class: "privateKey",
      label: spec.label,
      id: made.id,
      onToken: true,
      private: true,
    });
    expect(made.publicKey).toMatchObject({
      class: "publicKey",
      label: spec.label,
      id: made.id,
      onToken: true,
      private: false,
    });
    expect(made.key.flags).toEqual(expect.arrayContaining(["sensitive", "sign"]));
    for (const flag of ["extractable", "decrypt", "unwrap", "derive", "sign recover"])
      expect(made.key.flags).not.toContain(flag);

    // Independent: graphene reads the same token, and the rule is applied to what it sees.
    expect(made.id).toBe(createHash("sha1").update(publicValueByGraphene(made.id)).digest("hex"));
  },
);

test("pkcs11-tool and OpenSSL read the public key that was made", async () => {
  const made = await generate({ kind: "RSA", size: 2048, preset: "sign", label: "read by others" });
  const spki = pkcs11Tool("--read-object", "--type", "pubkey", "--id", made.id);
  const text = execFileSync("openssl", ["rsa", "-pubin", "-inform", "DER", "-noout", "-modulus"], { input: spki });
  const modulus = Buffer.from(text.toString().trim().replace("Modulus=", ""), "hex");
  expect(made.id).toBe(createHash("sha1").update(modulus).digest("hex"));
});

test("a decryption key decrypts what software encrypted, and cannot sign", async () => {
  const made = await generate({ kind: "RSA", size: 2048, preset: "decrypt", label: "decryption" });
  expect(made.test).toBeNull();
  expect(made.testNote).toContain("came back from C_Decrypt");
  expect(made.key.flags).toContain("decrypt");
  expect(made.key.flags).not.toContain("sign");
});

test.each([
  [
    "a wrapping RSA key unwraps",
    { kind: "RSA", size: 2048, preset: "wrap", label: "wrapping" },
    "was unwrapped by the token",
  ],
  [
    "an agreement key derives what software derives",
    { kind: "EC", curve: "P-256", preset: "agree", label: "agree" },
    "derived the same secret",
  ],
  [
    "an AES key encrypts and decrypts",
    { kind: "AES", size: 256, preset: "secret", label: "aes" },
    "encrypted and decrypted",
  ],
  [
    "an AES key wraps and unwraps",
    { kind: "AES", size: 128, preset: "wrap", label: "aes wrap" },
    "wrapped and unwrapped",
  ],
  [
    "a generic secret makes MACs",
    { kind: "generic", size: 256, preset: "secret", label: "hmac" },
    "a MAC made and checked",
  ],
] satisfies [string, Spec, string][])("%s", async (_, spec, note) => {
  const made = await generate(spec);
  expect(made.test).toBeNull();
  expect(made.testNote).toContain(note);
  expect(made.key.size).toBe(spec.kind === "EC" ? 256 : spec.size);
  expect(made.id).toHaveLength(40);
});

test("the templates are shown with reasons before anything is made, and nothing is made", async () => {
  const before = await app.call("objects.list", at);
  const plan = await app.call("keys.plan", {
    ...at,
    spec: { kind: "RSA", size: 2048, preset: "ca", label: "rsa2048", extractable: true },
  });
  expect(plan.mechanism).toBe("CKM_RSA_PKCS_KEY_PAIR_GEN");
  expect(plan.privateTemplate).toContainEqual({
    name: "CKA_SENSITIVE",
    value: "true",
    why: "Its value can never be read in the clear.",
  });
  expect(plan.publicTemplate.map(({ name }) => name)).toContain("CKA_MODULUS_BITS");
  expect(plan.taken.map(({ class: objectClass, label }) => [objectClass, label])).toEqual([
    ["privateKey", "rsa2048"],
    ["publicKey", "rsa2048"],
  ]);
  expect(plan.warnings.join(" ")).toMatch(/Extractable.*RSA 2048/s);
  expect((await app.call("objects.list", at)).count).toBe(before.count);
});

test("a label or CKA_ID that is used is refused unless it is wanted twice", async () => {
  const own = { kind: "EC", curve: "P-256", preset: "sign", label: "own id", id: "a1b2c3" } satisfies Spec;
  const made = await generate(own);
  expect([made.id, made.key.id, made.publicKey?.id]).toEqual(["a1b2c3", "a1b2c3", "a1b2c3"]);
  const sameLabel = await app.fails("keys.generate", { ...at, spec: { ...own, id: "ff" } });
  expect(sameLabel).toMatchObject({ code: "ALREADY_USED" });
  expect(sameLabel.message).toContain('private key "own id"');
  expect(await app.fails("keys.generate", { ...at, spec: { ...own, label: "other" } })).toMatchObject({
    code: "ALREADY_USED",
  });
  const twice = await generate({ ...own, allowDuplicate: true });
  expect(twice.key.handle).not.toBe(made.key.handle);
});

test("while a key is generated, its login cannot be taken away, and the error says so", async () => {
  const work = app.call("keys.generate", {
    ...at,
    spec: { kind: "RSA", size: 4096, preset: "sign", label: "kept login" },
  });
  const error = await app.fails("tokens.logout", at);
  expect(error).toMatchObject({ code: "REFUSED" });
  expect(error.message).toContain('"kept login" is being generated');
  expect((await work).test?.verified).toBe(true);
});

test("other requests are answered while RSA 4096 is generated, and time goes by on screen", async () => {
  const progress: { step: string; seconds: number }[] = [];
  let done = false;
  const work = app
    .call("keys.generate", { ...at, spec: { kind: "RSA", size: 4096, preset: "sign", label: "rsa4096" } }, (value) =>
      progress.push(value as { step: string; seconds: number }),
    )
    .finally(() => {
      done = true;
    });
  while (progress.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const { count } = await app.call("objects.list", at);
  expect(done).toBe(false);
  expect(count).toBeGreaterThan(0);
  const made = await work;
  expect(made.key.size).toBe(4096);
  expect(progress[0]).toEqual({ step: "generating", seconds: 0 });
  expect(progress.map(({ step }) => step)).toEqual(expect.arrayContaining(["checking", "testing"]));
});

test("an always-authenticate key needs the PIN for each signature", async () => {
  const made = await generate({
    kind: "EC",
    curve: "P-256",
    preset: "sign",
    label: "always",
    alwaysAuthenticate: true,
  });
  expect(made.test).toBeNull();
  const object = { class: "privateKey", label: "always", id: made.id, handle: made.key.handle } as const;
  expect(await app.fails("keys.testSignature", { ...at, object })).toMatchObject({ code: "PIN_NEEDED" });
  expect(await app.call("keys.testSignature", { ...at, object, contextPin: testPins.user })).toMatchObject({
    verified: true,
  });
  expect(await app.fails("keys.testSignature", { ...at, object, contextPin: "wrong-pin" })).toMatchObject({
    rv: "CKR_PIN_INCORRECT",
  });
  expect(await app.call("keys.testSignature", { ...at, object, contextPin: testPins.user })).toMatchObject({
    verified: true,
  });
});

test("a public key that is not the pair's other half is found out by the test signature", async () => {
  const a = await generate({ kind: "EC", curve: "P-256", preset: "sign", label: "pair a" });
  const b = await generate({ kind: "EC", curve: "P-256", preset: "sign", label: "pair b" });
  const { handle } = b.key;
  await app.call("objects.set", {
    ...at,
    object: { class: "privateKey", label: "pair b", id: b.id, handle },
    changes: [{ attribute: "CKA_ID", hex: a.id }],
    allowDuplicate: true,
  });
  const error = await app.fails("keys.testSignature", {
    ...at,
    object: { class: "privateKey", label: "pair b", id: a.id, handle },
  });
  expect(error).toMatchObject({ code: "TEST_SIGNATURE_FAILED" });
});

test("without login nothing is generated", async () => {
  await app.call("tokens.logout", at);
  const spec = { kind: "EC", curve: "P-256", preset: "sign", label: "late" } as const;
  expect(await app.fails("keys.generate", { ...at, spec })).toMatchObject({
    code: "LOGIN_NEEDED",
    rv: "CKR_USER_NOT_LOGGED_IN",
  });
  await app.call("tokens.login", { ...at, who: "user", pin: testPins.user });
});

test("no PIN is in anything that was written beside the token", async () => {
  const conf = await readFile(join(app.dataFolder, "softhsm", "softhsm2.conf"), "utf8");
  expect(conf).not.toContain("canary");
  expect(JSON.stringify(app.events)).not.toContain("canary");
});
