import { createECDH, diffieHellman, generateKeyPairSync, randomBytes } from "node:crypto";
import type { Handle, Mechanism, Template } from "pkcs11js";
import pkcs11js from "pkcs11js";
import { Failure, failure, returnValueOf } from "../pkcs11/failure.ts";
import { handleText } from "../pkcs11/handles.ts";
import type { Library } from "../pkcs11/library.ts";
import { mechanismName } from "../pkcs11/names-tokens-mechanisms.ts";
import { fromSpki, type PublicKey, toSpki } from "./public-key.ts";
import type { TokenMechanism } from "./token-mechanisms.ts";
import type { Usage } from "./usage.ts";
import { encryptInSoftware, softwareKey } from "./verify.ts";

/** A key that cannot sign, to be tried in the way that it is meant for. */
export interface UseTest {
  library: Library;
  session: Handle;
  key: Handle;
  /** null for a secret key. */
  publicKey: PublicKey | null;
  usage: Usage[];
  mechanisms: Map<number, TokenMechanism>;
}

/**
 * Uses a new key once and compares with what software makes of it. Nothing stays on the token: what is derived or
 * unwrapped is a session object.
 * @returns whether it was tried, and in one sentence what was done, or why nothing could be tried
 * @throws Failure TEST_SIGNATURE_FAILED if the token's result is wrong
 */
export const tryUse = (test: UseTest): { tried: boolean; words: string } => {
  try {
    const words = useFor(test);
    return { tried: words !== notTried, words };
  } catch (thrown) {
    const rv = returnValueOf(thrown);
    if (rv === null || thrown instanceof Failure) throw thrown;
    return { tried: false, words: `Cannot sign, and a trial of its own use was refused by the module (${rv}).` };
  }
};

const useFor = (test: UseTest): string => {
  const { usage, publicKey } = test;
  if (publicKey?.type === "RSA")
    return usage.includes("decrypt") ? decryptRsa(test, publicKey) : unwrapRsa(test, publicKey);
  if (publicKey) return derive(test, publicKey);
  if (usage.includes("encrypt")) return encryptAes(test);
  return usage.includes("wrap") ? wrapAes(test) : hmac(test);
};

const wrong = ({ key }: UseTest, doing: string) =>
  failure("TEST_SIGNATURE_FAILED", {
    where: `${doing} with key ${handleText(key)}`,
    message: "The token's result is not what the software computed with the public key: the key does not work.",
    remedy: "The key is still on the token. Do not use it; delete it and generate another.",
    details: { key: handleText(key) },
  });

const same = (test: UseTest, doing: string, a: Buffer, b: Buffer): void => {
  if (!a.equals(b)) throw wrong(test, doing);
};

const rsaMechanism = ({ mechanisms }: UseTest, flag: number): { mechanism: Mechanism; padding: "pkcs1" | "oaep" } => {
  const pkcs1 = mechanisms.get(pkcs11js.CKM_RSA_PKCS);
  if (pkcs1 && (pkcs1.flags === null || pkcs1.flags & flag))
    return { mechanism: { mechanism: pkcs11js.CKM_RSA_PKCS }, padding: "pkcs1" };
  const parameter = {
    type: pkcs11js.CK_PARAMS_RSA_OAEP,
    hashAlg: pkcs11js.CKM_SHA_1,
    mgf: pkcs11js.CKG_MGF1_SHA1,
    source: 1,
  };
  return { mechanism: { mechanism: pkcs11js.CKM_RSA_PKCS_OAEP, parameter }, padding: "oaep" };
};

const decryptRsa = (test: UseTest, publicKey: PublicKey): string => {
  const software = softwareKey(publicKey);
  if (!software) return notTried;
  const { p11 } = test.library;
  const secret = randomBytes(32);
  const { mechanism, padding } = rsaMechanism(test, pkcs11js.CKF_DECRYPT);
  p11.C_DecryptInit(test.session, mechanism, test.key);
  const plain = p11.C_Decrypt(test.session, encryptInSoftware(software, secret, padding), Buffer.alloc(1024));
  same(test, "C_Decrypt", plain, secret);
  return `Cannot sign. Tried instead: 32 random bytes, encrypted in software, came back from C_Decrypt (${mechanismName(mechanism.mechanism)}).`;
};

/** A session key whose value can be read, so that it can be compared; it is gone with the session. */
const readableSecret = (length?: number): Template => [
  { type: pkcs11js.CKA_CLASS, value: pkcs11js.CKO_SECRET_KEY },
  { type: pkcs11js.CKA_KEY_TYPE, value: pkcs11js.CKK_GENERIC_SECRET },
  { type: pkcs11js.CKA_TOKEN, value: false },
  { type: pkcs11js.CKA_SENSITIVE, value: false },
  { type: pkcs11js.CKA_EXTRACTABLE, value: true },
  ...(length === undefined ? [] : [{ type: pkcs11js.CKA_VALUE_LEN, value: length }]),
];

const secretValue = ({ library, session }: UseTest, key: Handle): Buffer =>
  library.p11.C_GetAttributeValue(session, key, [{ type: pkcs11js.CKA_VALUE }])[0]?.value ?? Buffer.alloc(0);

const unwrapRsa = (test: UseTest, publicKey: PublicKey): string => {
  const software = softwareKey(publicKey);
  if (!software) return notTried;
  const secret = randomBytes(32);
  const { mechanism, padding } = rsaMechanism(test, pkcs11js.CKF_UNWRAP);
  const wrapped = encryptInSoftware(software, secret, padding);
  const key = test.library.p11.C_UnwrapKey(test.session, mechanism, test.key, wrapped, readableSecret());
  same(test, "C_UnwrapKey", secretValue(test, key), secret);
  return `Cannot sign. Tried instead: a random key, wrapped in software, was unwrapped by the token (${mechanismName(mechanism.mechanism)}).`;
};

const derive = (test: UseTest, publicKey: PublicKey): string => {
  const software = softwareKey(publicKey);
  if (!software || publicKey.type === "RSA") return notTried;
  const { publicData, secret } = publicKey.type === "X25519" ? montgomery(publicKey) : weierstrass(publicKey);
  const parameter = { type: pkcs11js.CK_PARAMS_EC_DH, kdf: pkcs11js.CKD_NULL, publicData };
  const mechanism = { mechanism: pkcs11js.CKM_ECDH1_DERIVE, parameter };
  const key = test.library.p11.C_DeriveKey(test.session, mechanism, test.key, readableSecret(secret.length));
  same(test, "C_DeriveKey", secretValue(test, key), secret);
  return "Cannot sign. Tried instead: token and software derived the same secret from each other's public keys (CKM_ECDH1_DERIVE).";
};

/** The other party of a key agreement: its public key, and the secret it computes with the token's. */
interface Party {
  publicData: Buffer;
  secret: Buffer;
}

const weierstrass = (publicKey: Exclude<PublicKey, { type: "RSA" }>): Party => {
  const party = createECDH(publicKey.curve.openssl);
  return { publicData: party.generateKeys(), secret: party.computeSecret(publicKey.point) };
};

const montgomery = (publicKey: PublicKey): Party => {
  const party = generateKeyPairSync("x25519");
  const other = softwareKey(fromSpki(toSpki(publicKey)));
  const point = fromSpki(party.publicKey.export({ format: "der", type: "spki" }));
  if (!other || point.type === "RSA") throw new Error("no X25519");
  return { publicData: point.point, secret: diffieHellman({ privateKey: party.privateKey, publicKey: other }) };
};

const encryptAes = (test: UseTest): string => {
  const { p11 } = test.library;
  const data = randomBytes(32);
  const type = [pkcs11js.CKM_AES_CBC, pkcs11js.CKM_AES_ECB].find((mechanism) => test.mechanisms.has(mechanism));
  if (type === undefined) return notTried;
  const mechanism =
    type === pkcs11js.CKM_AES_CBC ? { mechanism: type, parameter: randomBytes(16) } : { mechanism: type };
  p11.C_EncryptInit(test.session, mechanism, test.key);
  const hidden = Buffer.from(p11.C_Encrypt(test.session, data, Buffer.alloc(64)));
  if (hidden.equals(data)) throw wrong(test, "C_Encrypt");
  p11.C_DecryptInit(test.session, mechanism, test.key);
  same(test, "C_Decrypt", p11.C_Decrypt(test.session, hidden, Buffer.alloc(64)), data);
  return `A secret key has no public half to check a signature with. Tried instead: random bytes encrypted and decrypted by the token (${mechanismName(type)}).`;
};

const wrapAes = (test: UseTest): string => {
  const { p11 } = test.library;
  const type = pkcs11js.CKM_AES_KEY_WRAP;
  if (!test.mechanisms.has(type)) return notTried;
  const value = randomBytes(32);
  const secret = p11.C_CreateObject(test.session, [...readableSecret(), { type: pkcs11js.CKA_VALUE, value }]);
  const wrapped = Buffer.from(p11.C_WrapKey(test.session, { mechanism: type }, test.key, secret, Buffer.alloc(256)));
  const back = p11.C_UnwrapKey(test.session, { mechanism: type }, test.key, wrapped, readableSecret());
  same(test, "C_UnwrapKey", secretValue(test, back), value);
  return "A secret key has no public half to check a signature with. Tried instead: a random key wrapped and unwrapped by the token (CKM_AES_KEY_WRAP).";
};

const hmac = (test: UseTest): string => {
  const { p11 } = test.library;
  const data = randomBytes(32);
  const type = pkcs11js.CKM_SHA256_HMAC;
  if (!test.mechanisms.has(type)) return notTried;
  p11.C_SignInit(test.session, { mechanism: type }, test.key);
  const mac = Buffer.from(p11.C_Sign(test.session, data, Buffer.alloc(64)));
  p11.C_VerifyInit(test.session, { mechanism: type }, test.key);
  if (!p11.C_Verify(test.session, data, mac)) throw wrong(test, "C_Verify");
  return "A secret key has no public half to check a signature with. Tried instead: a MAC made and checked by the token (CKM_SHA256_HMAC).";
};

const notTried =
  "Cannot sign, and its own use could not be tried with what the software and the token's mechanisms offer.";
