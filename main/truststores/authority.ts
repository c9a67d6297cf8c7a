import { children, octets, oidOf, readAll, sequence, tags } from "../keys/ber.ts";

const basicConstraints = "2.5.29.19";

/** Whether a certificate may sign others: BasicConstraints (RFC 5280 4.2.1.9). One of version 1 says nothing: no. */
export const isCertificateAuthority = (certificate: Buffer): boolean => {
  try {
    const [body] = sequence(readAll(certificate), "Certificate");
    const extensions = body && children(body).find(({ tag }) => tag === 0xa3);
    if (!extensions) return false;
    const [list] = children(extensions);
    for (const extension of list ? children(list) : []) {
      const fields = children(extension);
      const value = fields.at(-1);
      if (oidOf(fields[0], "an extension") !== basicConstraints || !value) continue;
      const [ca] = sequence(readAll(octets(value)), "BasicConstraints");
      return ca?.tag === tags.boolean && ca.content[0] !== 0;
    }
    return false;
  } catch {
    return false;
  }
};
