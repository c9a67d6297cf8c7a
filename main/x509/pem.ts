/** A block of RFC 7468 text. @param title "CERTIFICATE", "CERTIFICATE REQUEST", "X509 CRL", "PUBLIC KEY" */
export const pem = (title: string, bytes: Buffer): string =>
  `-----BEGIN ${title}-----\n${bytes.toString("base64").replace(/.{1,64}/g, "$&\n")}-----END ${title}-----\n`;
