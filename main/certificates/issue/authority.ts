import { createHash } from "node:crypto";
import type { Handle } from "pkcs11js";
import type { AuthorityFacts } from "../../../preload/contract/certificate-issuing.ts";
import type { ObjectRef } from "../../../preload/contract/shared.ts";
import type { HostHandler } from "../../host/handlers.ts";
import { isTrue, readAll, sequence, smallInteger, tags } from "../../keys/ber.ts";
import { certificateKey, certificateParts, extensionOf } from "../../keys/certificate-parts.ts";
import { keyUsage } from "../../keys/certificate-usage.ts";
import { readNamed } from "../../keys/read-named.ts";
import { certificateFacts } from "../../objects/certificate-facts.ts";
import { findObject, objectWords } from "../../objects/find-object.ts";
import { openToken } from "../../objects/open-token.ts";
import { CKA } from "../../pkcs11/attributes.ts";
import { failure } from "../../pkcs11/failure.ts";
import type { Library } from "../../pkcs11/library.ts";
import { extensionOids } from "../../x509/extension-oids.ts";
import { keyIdentifierOf } from "../reply/key-identifier.ts";

/** A CA's certificate with what signing needs of it. */
export interface Authority {
  der: Buffer;
  /** DER of its name, byte for byte. */
  name: Buffer;
  /** Its subjectKeyIdentifier, whatever rule it was made by. */
  keyIdentifier: Buffer;
  facts: AuthorityFacts;
}

/** certificates.authority */
export const authority: HostHandler<"certificates.authority"> = ({ token, issuer }, { library }) =>
  readAuthority(library, openToken(library, token).session, issuer).facts;

/**
 * Reads the certificate of a CA from the token.
 * @throws Failure INVALID_REQUEST, BAD_FILE, OBJECT_GONE
 */
export const readAuthority = (library: Library, session: Handle, issuer: ObjectRef): Authority => {
  const where = objectWords(issuer);
  if (issuer.class !== "certificate")
    throw failure("INVALID_REQUEST", {
      where,
      message: "A CA is told by its certificate.",
      remedy: "Choose the certificate of the CA.",
    });
  const { handle } = findObject(library, session, issuer);
  const { value: der } = readNamed(library, session, handle, { value: CKA.VALUE });
  const facts = der && certificateFacts(der);
  if (!der || !facts || !certificateKey(der) || facts.notAfter === null)
    throw failure("BAD_FILE", {
      where,
      message: "The CA's certificate cannot be read.",
      remedy: "Look at it in the viewer.",
    });
  const { subject, spki } = certificateParts(der);
  return { der, name: subject, keyIdentifier: keyIdentifierOf(der), facts: authorityFacts(der, subject, spki, facts) };
};

const authorityFacts = (
  der: Buffer,
  subject: Buffer,
  spki: Buffer,
  facts: NonNullable<ReturnType<typeof certificateFacts>>,
): AuthorityFacts => {
  const constraints = basicConstraints(der);
  const usage = keyUsage(der);
  const notAfter = facts.notAfter ?? "";
  const now = Date.now();
  return {
    id: createHash("sha256").update(subject).update(spki).digest("hex").slice(0, 32),
    subject: facts.subject,
    certificate: der.toString("base64"),
    notAfter,
    pathLength: constraints.pathLength,
    // RFC 5280 4.2.1.9 and 4.2.1.3: without keyUsage nothing is denied.
    signsCertificates: constraints.ca && (usage === null || usage.includes("keyCertSign")),
    signsLists: usage === null || usage.includes("cRLSign"),
    warnings: [
      ...(Date.parse(notAfter) < now ? [`The CA's certificate expired on ${notAfter.slice(0, 10)}.`] : []),
      ...(facts.notBefore !== null && Date.parse(facts.notBefore) > now + 60_000
        ? [`The CA's certificate is not valid before ${facts.notBefore.slice(0, 10)}.`]
        : []),
    ],
  };
};

/** RFC 5280 4.2.1.9: a certificate without the extension is no CA's. */
const basicConstraints = (der: Buffer): { ca: boolean; pathLength: number | null } => {
  const value = extensionOf(der, extensionOids.basicConstraints);
  if (!value) return { ca: false, pathLength: null };
  const [first, second] = sequence(readAll(value), "BasicConstraints");
  return { ca: isTrue(first), pathLength: second?.tag === tags.integer ? smallInteger(second) : null };
};
