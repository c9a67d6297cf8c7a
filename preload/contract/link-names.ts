/* Without zod, which a token host does not load: it would take a third of its start. */

/** Programs that the link doctor gives a verdict for. */
export const consumerNames = [
  "openssl-engine",
  "openssl-provider",
  "nss",
  "firefox",
  "chrome",
  "java",
  "openssh",
  "gnutls",
  "gskit",
] as const;
