import { type CertificateProfile, certificateProfile } from "../../preload/contract/certificate-profile.ts";
import type { HostHandler } from "../host/handlers.ts";
import { toSpki } from "../keys/public-key.ts";
import { nameText } from "../objects/distinguished-name.ts";
import { certificateToBeSigned } from "../x509/certificate.ts";
import { keyIdentifier, profileExtensions, subjectKeyIdentifier } from "../x509/extensions.ts";
import { profileSubject } from "../x509/name.ts";
import { randomSerialNumber } from "../x509/serial-number.ts";
import { signedStructure } from "../x509/signed.ts";
import { periodOf } from "./period.ts";
import { chosenAlgorithm, signWithToken } from "./sign-with-token.ts";
import { withSigningKey } from "./signing-key.ts";

/** certificates.selfSign: subject and CA or not alone, or a whole profile. */
export const selfSign: HostHandler<"certificates.selfSign"> = (input, { library }) => {
  const profile = input.profile ?? plainProfile(input.subject ?? "", input.ca);
  const subject = profileSubject(profile.subject);
  const extensions = profileExtensions(profile);
  return withSigningKey(library, input, async (signing) => {
    const { publicKey } = signing;
    const algorithm = chosenAlgorithm(signing, input.algorithm);
    const { from: notBefore, until: notAfter } = periodOf(input.days);
    const toBeSigned = certificateToBeSigned({
      serialNumber: randomSerialNumber(),
      algorithm,
      issuer: subject,
      subject,
      notBefore,
      notAfter,
      spki: toSpki(publicKey),
      extensions: [...extensions, subjectKeyIdentifier(keyIdentifier(publicKey))],
    });
    const { signature, ...signed } = await signWithToken(signing, algorithm, toBeSigned);
    return {
      content: signedStructure(toBeSigned, algorithm, signature).toString("base64"),
      subject: nameText(subject) ?? profile.subject,
      notAfter: notAfter.toISOString(),
      algorithm,
      publicKeyFrom: signing.from,
      ...signed,
    };
  });
};

/** A certificate for a CA, or for a key that signs in its own name. */
const plainProfile = (subject: string, ca: boolean): CertificateProfile =>
  certificateProfile.parse({
    subject,
    keyUsage: ca ? ["keyCertSign", "cRLSign"] : ["digitalSignature"],
    basicConstraints: { ca },
  });
