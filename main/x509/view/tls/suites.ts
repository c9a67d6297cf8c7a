import type { TlsView } from "../../../../preload/contract/x509.ts";

export type Suite = TlsView["server"]["suites"][number];

/** How a suite of TLS 1.2 uses the server's key: it signs (with ECDHE or DHE), or the client encrypts for it. */
export type KeyExchange = "ECDHE_ECDSA" | "ECDHE_RSA" | "DHE_RSA" | "RSA" | "DHE_DSS";

const suite = (code: string, name: string, openssl: string): Suite => ({ code, name, openssl });

/**
 * Suites of TLS 1.2 that are in use (RFC 5246, 5288, 5289, 6655, 7251, 7905), the better ones first, with OpenSSL's
 * names. Those with RC4, DES, 3DES, export strength, anonymous or pre-shared keys are left out.
 */
export const suites: Record<KeyExchange, Suite[]> = {
  ECDHE_ECDSA: [
    suite("c02c", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "ECDHE-ECDSA-AES256-GCM-SHA384"),
    suite("c02b", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256"),
    suite("cca9", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305"),
    suite("c0ad", "TLS_ECDHE_ECDSA_WITH_AES_256_CCM", "ECDHE-ECDSA-AES256-CCM"),
    suite("c0ac", "TLS_ECDHE_ECDSA_WITH_AES_128_CCM", "ECDHE-ECDSA-AES128-CCM"),
    suite("c024", "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384", "ECDHE-ECDSA-AES256-SHA384"),
    suite("c023", "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", "ECDHE-ECDSA-AES128-SHA256"),
    suite("c00a", "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA", "ECDHE-ECDSA-AES256-SHA"),
    suite("c009", "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", "ECDHE-ECDSA-AES128-SHA"),
  ],
  ECDHE_RSA: [
    suite("c030", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "ECDHE-RSA-AES256-GCM-SHA384"),
    suite("c02f", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "ECDHE-RSA-AES128-GCM-SHA256"),
    suite("cca8", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", "ECDHE-RSA-CHACHA20-POLY1305"),
    suite("c028", "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384", "ECDHE-RSA-AES256-SHA384"),
    suite("c027", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256", "ECDHE-RSA-AES128-SHA256"),
    suite("c014", "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", "ECDHE-RSA-AES256-SHA"),
    suite("c013", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "ECDHE-RSA-AES128-SHA"),
  ],
  DHE_RSA: [
    suite("009f", "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384", "DHE-RSA-AES256-GCM-SHA384"),
    suite("009e", "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", "DHE-RSA-AES128-GCM-SHA256"),
    suite("ccaa", "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256", "DHE-RSA-CHACHA20-POLY1305"),
    suite("c09f", "TLS_DHE_RSA_WITH_AES_256_CCM", "DHE-RSA-AES256-CCM"),
    suite("c09e", "TLS_DHE_RSA_WITH_AES_128_CCM", "DHE-RSA-AES128-CCM"),
    suite("006b", "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256", "DHE-RSA-AES256-SHA256"),
    suite("0067", "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256", "DHE-RSA-AES128-SHA256"),
    suite("0039", "TLS_DHE_RSA_WITH_AES_256_CBC_SHA", "DHE-RSA-AES256-SHA"),
    suite("0033", "TLS_DHE_RSA_WITH_AES_128_CBC_SHA", "DHE-RSA-AES128-SHA"),
  ],
  RSA: [
    suite("009d", "TLS_RSA_WITH_AES_256_GCM_SHA384", "AES256-GCM-SHA384"),
    suite("009c", "TLS_RSA_WITH_AES_128_GCM_SHA256", "AES128-GCM-SHA256"),
    suite("c09d", "TLS_RSA_WITH_AES_256_CCM", "AES256-CCM"),
    suite("c09c", "TLS_RSA_WITH_AES_128_CCM", "AES128-CCM"),
    suite("003d", "TLS_RSA_WITH_AES_256_CBC_SHA256", "AES256-SHA256"),
    suite("003c", "TLS_RSA_WITH_AES_128_CBC_SHA256", "AES128-SHA256"),
    suite("0035", "TLS_RSA_WITH_AES_256_CBC_SHA", "AES256-SHA"),
    suite("002f", "TLS_RSA_WITH_AES_128_CBC_SHA", "AES128-SHA"),
  ],
  DHE_DSS: [
    suite("00a3", "TLS_DHE_DSS_WITH_AES_256_GCM_SHA384", "DHE-DSS-AES256-GCM-SHA384"),
    suite("00a2", "TLS_DHE_DSS_WITH_AES_128_GCM_SHA256", "DHE-DSS-AES128-GCM-SHA256"),
    suite("006a", "TLS_DHE_DSS_WITH_AES_256_CBC_SHA256", "DHE-DSS-AES256-SHA256"),
    suite("0040", "TLS_DHE_DSS_WITH_AES_128_CBC_SHA256", "DHE-DSS-AES128-SHA256"),
  ],
};

/** Suites with which any client certificate goes: the client's key only signs, whatever the server's key does. */
export const clientSuites: Suite[] = [suites.ECDHE_ECDSA, suites.ECDHE_RSA, suites.DHE_RSA, suites.RSA].flat();
