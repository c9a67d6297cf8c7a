import { tags } from "../keys/ber.ts";
import { der, derOid } from "../pkcs11/der-write.ts";

const version0 = Buffer.from([0x02, 0x01, 0x00]);
/** extensionRequest (RFC 2985, 5.4.2). */
const extensionRequest = derOid("1.2.840.113549.1.9.14");

export interface RequestParts {
  /** DER of the Name. */
  subject: Buffer;
  /** DER of the SubjectPublicKeyInfo. */
  spki: Buffer;
  /** DER of each Extension. */
  extensions: Buffer[];
}

/** CertificationRequestInfo (RFC 2986 4.1): what is to be signed. */
export const requestToBeSigned = ({ subject, spki, extensions }: RequestParts): Buffer => {
  const attribute = der(tags.sequence, extensionRequest, der(tags.set, der(tags.sequence, ...extensions)));
  return der(tags.sequence, version0, subject, spki, der(0xa0, ...(extensions.length > 0 ? [attribute] : [])));
};
