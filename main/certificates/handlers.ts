import type { DomainHandlers } from "../host/handlers.ts";
import { needLogin } from "../keys/login-needed.ts";
import { hashFor, sign } from "../keys/sign.ts";
import { publicKeyFor } from "../keys/token-key.ts";
import { tokenMechanisms } from "../keys/token-mechanisms.ts";
import { softwareKey, verifyInSoftware } from "../keys/verify.ts";
import { certificateFacts } from "../objects/certificate-facts.ts";
import { findObject, objectWords } from "../objects/find-object.ts";
import { openToken } from "../objects/open-token.ts";
import { failure } from "../pkcs11/failure.ts";
import { nameFromText } from "./name.ts";
import { certificateFrom, type SelfSigned, toBeSigned } from "./self-sign.ts";

/** Clocks of two machines differ; a certificate must be valid when it arrives at the other. */
const clockToleranceMilliseconds = 60_000;
const dayMilliseconds = 86_400_000;

export const certificateHandlers: DomainHandlers<"certificates"> = {
  selfSign: async ({ token: ref, key, subject, days, ca, contextPin, confirmation }, { library }) => {
    const name = nameFromText(subject);
    const { token, session: shared } = openToken(library, ref);
    if (key.class !== "privateKey")
      throw failure("INVALID_REQUEST", {
        where: objectWords(key),
        message: "A certificate is signed with a private key.",
        remedy: "Choose the private key.",
      });
    needLogin(library, token, "C_Sign");
    const { handle } = findObject(library, shared, key);
    const { publicKey } = publicKeyFor(library, shared, handle);
    const hash = hashFor(publicKey);
    const notBefore = new Date(Math.floor((Date.now() - clockToleranceMilliseconds) / 1000) * 1000);
    const notAfter = new Date(notBefore.getTime() + days * dayMilliseconds);
    const plan: SelfSigned = { publicKey, hash, name, notBefore, notAfter, ca };
    const signed = toBeSigned(plan);
    const { handle: session } = library.newSession(token);
    try {
      const mechanisms = tokenMechanisms(library, token);
      const signing = { session, key: handle, publicKey, hash, mechanisms, contextPin, confirmation };
      const { bytes } = await sign(library, signing, signed);
      const software = softwareKey(publicKey);
      if (software && !verifyInSoftware(software, hash, signed, bytes)) throw notThePair(objectWords(key));
      const certificate = certificateFrom(signed, bytes, plan);
      return {
        content: certificate.toString("base64"),
        subject: certificateFacts(certificate)?.subject ?? subject,
        notAfter: notAfter.toISOString(),
      };
    } finally {
      library.p11.C_CloseSession(session);
    }
  },
};

/** The public key came from an object with the same CKA_ID, which is only a claim. */
const notThePair = (where: string) =>
  failure("TEST_SIGNATURE_FAILED", {
    where,
    message:
      "The token's signature does not fit the public key with the same CKA_ID: they are not a pair. No certificate was made.",
    remedy: "Find the right public key, and give it the CKA_ID of the private key.",
  });
