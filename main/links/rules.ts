import type { Rule } from "./rule.ts";
import { rulesOfCertificates } from "./rules-of-certificates.ts";
import { rulesOfKeys } from "./rules-of-keys.ts";
import { rulesOfLinks } from "./rules-of-links.ts";

/**
 * Every rule by which a program sees a key or does not. Those of Java, GnuTLS, OpenSSL's engine, OpenSSH and NSS agree with
 * what the programs answered (test/fixtures/consumers/matrix.json).
 */
export const rules: Rule[] = [...rulesOfLinks, ...rulesOfCertificates, ...rulesOfKeys];
