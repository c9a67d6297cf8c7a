import { randomBytes } from "node:crypto";
import type { Handle } from "pkcs11js";
import pkcs11js from "pkcs11js";
import type { z } from "zod";
import type { testSignature } from "../../preload/contract/keys.ts";
import { failure, toErrorData } from "../pkcs11/failure.ts";
import { handleText } from "../pkcs11/handles.ts";
import type { Library } from "../pkcs11/library.ts";
import { hashFor, type Signature, type Signing, sign } from "./sign.ts";
import { softwareKey, verifyInSoftware } from "./verify.ts";

export type TestSignature = z.infer<typeof testSignature>;

/**
 * Signs 64 random bytes on the token and checks the signature in software with `publicKey`: the only proof that a
 * private and a public key belong together. Where the software does not know the curve, the module's own C_Verify
 * with `publicHandle` decides, and `by` says so.
 * @throws Failure TEST_SIGNATURE_FAILED, PIN_NEEDED, NOT_OFFERED; PIN failures of the context-specific login
 */
export const makeTestSignature = async (
  library: Library,
  signing: Omit<Signing, "hash">,
  publicHandle: Handle | null,
): Promise<TestSignature & { by: "software" | "module" | "nobody" }> => {
  const hash = hashFor(signing.publicKey);
  const data = randomBytes(64);
  const signature = await sign(library, { ...signing, hash }, data);
  const { mechanism, milliseconds } = signature;
  const key = softwareKey(signing.publicKey);
  const by = key ? "software" : publicHandle ? "module" : "nobody";
  const verified = key
    ? verifyInSoftware(key, hash, data, signature.bytes)
    : publicHandle !== null && verifyByModule(library, signing.session, publicHandle, signature);
  if (!verified && by !== "nobody") throw doesNotVerify(signing.key, mechanism);
  return { mechanism, verified, milliseconds, by };
};

/** The module's own C_Verify with a public key object, for curves that no software here knows. */
export const verifyByModule = (library: Library, session: Handle, key: Handle, signature: Signature): boolean => {
  try {
    library.p11.C_VerifyInit(session, signature.used, key);
    return library.p11.C_Verify(session, signature.input, signature.bytes);
  } catch (thrown) {
    const { rv } = toErrorData(thrown, "C_Verify");
    if (rv === "CKR_SIGNATURE_INVALID" || rv === "CKR_SIGNATURE_LEN_RANGE") return false;
    throw thrown;
  }
};

const doesNotVerify = (key: Handle, mechanism: string) =>
  failure("TEST_SIGNATURE_FAILED", {
    where: `C_Sign with private key ${handleText(key)}`,
    message: `The signature that the token made (${mechanism}) does not fit the public key. The two are not a pair.`,
    remedy: "Do not use the key. Compare the public key with the certificate, and generate or write it anew.",
    details: { key: handleText(key) },
  });

/** CKF flags of mechanisms are of no help here: whether a key may sign is its CKA_SIGN. Unreadable counts as yes. */
export const maySign = (library: Library, session: Handle, key: Handle): boolean => {
  try {
    return library.p11.C_GetAttributeValue(session, key, [{ type: pkcs11js.CKA_SIGN }])[0]?.value[0] !== 0;
  } catch {
    return true;
  }
};
