import { tags } from "../keys/ber.ts";
import { DerError } from "../pkcs11/der.ts";
import { der, derUnsigned } from "../pkcs11/der-write.ts";

/** Ecdsa-Sig-Value (RFC 3279 2.2.3) from the token's r and s of equal length (PKCS#11 2.40 mechanisms, 2.3.1). */
export const ecdsaToDer = (raw: Buffer): Buffer => {
  if (raw.length === 0 || raw.length % 2 !== 0)
    throw new DerError(`an ECDSA signature cannot have ${raw.length} bytes`);
  const half = raw.length / 2;
  return der(tags.sequence, derUnsigned(raw.subarray(0, half)), derUnsigned(raw.subarray(half)));
};
