import type { AuthorityFacts, Issuing } from "../../../preload/contract/certificate-issuing.ts";
import type { HostHandler } from "../../host/handlers.ts";
import { nameText } from "../../objects/distinguished-name.ts";
import { openToken } from "../../objects/open-token.ts";
import { failure } from "../../pkcs11/failure.ts";
import type { Library } from "../../pkcs11/library.ts";
import { certificateToBeSigned } from "../../x509/certificate.ts";
import {
  authorityInfoAccess,
  authorityKeyIdentifier,
  crlDistributionPoints,
  crlNumber,
  keyIdentifier,
  profileExtensions,
  subjectKeyIdentifier,
} from "../../x509/extensions.ts";
import { profileSubject } from "../../x509/name.ts";
import { pem } from "../../x509/pem.ts";
import { revocationListToBeSigned } from "../../x509/revocation-list.ts";
import { randomSerialNumber } from "../../x509/serial-number.ts";
import { signedStructure } from "../../x509/signed.ts";
import { periodOf } from "../period.ts";
import { chosenAlgorithm, signWithToken } from "../sign-with-token.ts";
import { type SigningInput, withSigningKey } from "../signing-key.ts";
import { type Authority, readAuthority } from "./authority.ts";
import { requestOf } from "./read-request.ts";

/** certificates.issue */
export const issue: HostHandler<"certificates.issue"> = async (input, { library }) => {
  const { issuing } = input;
  const request = requestOf(input.fileName, Buffer.from(input.content, "base64"));
  const authority = readAuthority(library, openToken(library, input.token).session, input.issuer);
  const { from: notBefore, until: notAfter } = periodOf(
    issuing.days,
    issuing.notBefore ? Date.parse(issuing.notBefore) : undefined,
  );
  const warnings = [...authority.facts.warnings, ...checkIssuing(authority.facts, issuing, notAfter)];
  const subject = profileSubject(issuing.profile.subject);
  const serialNumber = input.serialNumber ? givenSerial(input.serialNumber) : randomSerialNumber();
  const extensions = [
    ...profileExtensions(issuing.profile),
    subjectKeyIdentifier(keyIdentifier(request.publicKey)),
    authorityKeyIdentifier(authority.keyIdentifier),
    ...(issuing.caIssuers.length + issuing.ocsp.length > 0
      ? [authorityInfoAccess(issuing.caIssuers, issuing.ocsp)]
      : []),
    ...(issuing.crl.length > 0 ? [crlDistributionPoints(issuing.crl)] : []),
  ];
  const made = await signWithAuthority(library, input, authority, issuing.algorithm, (algorithm) =>
    certificateToBeSigned({
      serialNumber,
      algorithm,
      issuer: authority.name,
      subject,
      notBefore,
      notAfter,
      spki: request.spki,
      extensions,
    }),
  );
  return {
    ...shown("CERTIFICATE", made),
    serialNumber: serialNumber.toString("hex"),
    subject: nameText(subject) ?? "",
    notBefore: notBefore.toISOString(),
    notAfter: notAfter.toISOString(),
    keyWords: request.shown.keyWords,
    authority: authority.facts,
    warnings,
  };
};

/** certificates.revocationList */
export const revocationList: HostHandler<"certificates.revocationList"> = async (input, { library }) => {
  const authority = readAuthority(library, openToken(library, input.token).session, input.issuer);
  if (!authority.facts.signsLists) throw mayNot(authority.facts, "cRLSign", "revocation lists");
  const { from: thisUpdate, until: nextUpdate } = periodOf(input.days);
  const revoked = input.revoked.map(({ serialNumber, at, reason }) => ({
    serialNumber: Buffer.from(serialNumber, "hex"),
    revoked: new Date(at),
    reason,
  }));
  const extensions = [authorityKeyIdentifier(authority.keyIdentifier), crlNumber(Buffer.from(input.number, "hex"))];
  const made = await signWithAuthority(library, input, authority, input.algorithm, (algorithm) =>
    revocationListToBeSigned({ algorithm, issuer: authority.name, thisUpdate, nextUpdate, revoked, extensions }),
  );
  return {
    ...shown("X509 CRL", made),
    thisUpdate: thisUpdate.toISOString(),
    nextUpdate: nextUpdate.toISOString(),
    authority: authority.facts,
  };
};

type Made = Awaited<ReturnType<typeof signWithAuthority>>;

const shown = (title: string, { bytes, algorithm, mechanism }: Made) => ({
  content: bytes.toString("base64"),
  pem: pem(title, bytes),
  algorithm,
  mechanism,
});

/**
 * Signs with the CA's key. The signature is checked with the key in the CA's certificate: that the two belong together is
 * so proved each time.
 */
const signWithAuthority = (
  library: Library,
  input: SigningInput,
  authority: Authority,
  wanted: Issuing["algorithm"],
  toBeSigned: (algorithm: NonNullable<Issuing["algorithm"]>) => Buffer,
) =>
  withSigningKey(library, { ...input, publicKey: authority.der.toString("base64") }, async (signing) => {
    const algorithm = chosenAlgorithm(signing, wanted);
    const body = toBeSigned(algorithm);
    const { signature, mechanism } = await signWithToken(signing, algorithm, body);
    return { bytes: signedStructure(body, algorithm, signature), algorithm, mechanism };
  });

/** RFC 5280 4.1.2.2: positive, at most 20 octets. */
const givenSerial = (hex: string): Buffer => {
  const serial = Buffer.from(hex, "hex");
  if (serial.length <= 20 && ((serial[0] ?? 0) & 0x80) === 0 && serial.some((byte) => byte !== 0)) return serial;
  throw failure("INVALID_REQUEST", {
    where: `serial number ${hex}`,
    message: "A serial number is positive and has at most 20 octets (RFC 5280 4.1.2.2).",
    remedy: "Leave it out: a random one is made.",
  });
};

/** @returns warnings. @throws Failure REFUSED for what the CA's own certificate does not allow */
const checkIssuing = (authority: AuthorityFacts, { profile, beyondIssuer }: Issuing, notAfter: Date): string[] => {
  if (!authority.signsCertificates) throw mayNot(authority, "CA and keyCertSign", "certificates");
  const { basicConstraints } = profile;
  if (basicConstraints?.ca && authority.pathLength !== null) {
    const { pathLength = Number.POSITIVE_INFINITY } = basicConstraints;
    if (authority.pathLength === 0 || pathLength >= authority.pathLength)
      throw failure("REFUSED", {
        where: authority.subject,
        message:
          authority.pathLength === 0
            ? "This CA may have no CA below it (path length 0, RFC 5280 4.2.1.9)."
            : `The path length of a CA below this one is at most ${authority.pathLength - 1} (RFC 5280 4.2.1.9).`,
        remedy: "Issue a certificate that is no CA's, or with a smaller path length.",
      });
  }
  if (notAfter.getTime() <= Date.parse(authority.notAfter)) return [];
  const end = authority.notAfter.slice(0, 10);
  if (beyondIssuer) return [`It outlives the CA's certificate, which ends on ${end}: from then on nobody accepts it.`];
  throw failure("REFUSED", {
    where: authority.subject,
    message: `It would outlive the CA's certificate, which ends on ${end}.`,
    remedy: "Choose fewer days, or say that you want it so.",
    details: { issuerNotAfter: authority.notAfter },
  });
};

const mayNot = ({ subject }: AuthorityFacts, missing: string, what: string) =>
  failure("REFUSED", {
    where: subject,
    message: `The certificate of this CA does not let it sign ${what}: it lacks ${missing} (RFC 5280 4.2.1.3, 4.2.1.9).`,
    remedy: "Choose another CA certificate for this key, or have one made.",
  });
