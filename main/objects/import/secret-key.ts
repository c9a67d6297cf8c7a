import { createCipheriv, createHmac, randomBytes } from "node:crypto";
import type { Handle } from "pkcs11js";
import pkcs11js from "pkcs11js";
import { Failure, failure, returnValueOf } from "../../pkcs11/failure.ts";
import { handleText } from "../../pkcs11/handles.ts";
import type { FoundToken, Library } from "../../pkcs11/library.ts";

/**
 * Uses a secret key that was just written once on the token and once in software, so that wrong bytes show although
 * they cannot be read back.
 * @returns warnings: why it could not be tried
 * @throws Failure READ_BACK_DIFFERS
 */
export const checkSecretKey = (
  library: Library,
  token: FoundToken,
  key: Handle,
  keyType: "AES" | "generic",
  value: Buffer,
): string[] => {
  const { handle: session } = library.newSession(token);
  const data = randomBytes(16);
  try {
    const { actual, expected } =
      keyType === "AES"
        ? encrypted(library, session, key, value, data)
        : authenticated(library, session, key, value, data);
    if (actual.equals(expected)) return [];
    throw failure("READ_BACK_DIFFERS", {
      where: `secret key ${handleText(key)}`,
      message: "The key on the token gives another result than the bytes that were written. It was left there.",
      remedy: "Delete it. The module has not stored what it was given.",
      details: { handle: handleText(key) },
    });
  } catch (thrown) {
    const rv = returnValueOf(thrown);
    if (rv === null || thrown instanceof Failure) throw thrown;
    return [`The key could not be tried on the token (${rv}), so that its bytes are right is not proven.`];
  } finally {
    library.p11.C_CloseSession(session);
  }
};

interface Results {
  actual: Buffer;
  expected: Buffer;
}

const encrypted = ({ p11 }: Library, session: Handle, key: Handle, value: Buffer, data: Buffer): Results => {
  const cipher = createCipheriv(`aes-${value.length * 8}-ecb`, value, null).setAutoPadding(false);
  p11.C_EncryptInit(session, { mechanism: pkcs11js.CKM_AES_ECB }, key);
  return { actual: p11.C_Encrypt(session, data, Buffer.alloc(32)), expected: cipher.update(data) };
};

const authenticated = ({ p11 }: Library, session: Handle, key: Handle, value: Buffer, data: Buffer): Results => {
  p11.C_SignInit(session, { mechanism: pkcs11js.CKM_SHA256_HMAC }, key);
  return {
    actual: p11.C_Sign(session, data, Buffer.alloc(64)),
    expected: createHmac("sha256", value).update(data).digest(),
  };
};
