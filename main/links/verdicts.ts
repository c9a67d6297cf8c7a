import { consumerNames } from "../../preload/contract/link-names.ts";
import type { ConsumerName, LinkReason, LinkVerdict } from "../../preload/contract/links.ts";
import type { KeyFacts } from "./facts.ts";
import { rules } from "./rules.ts";

interface Consumer {
  title: string;
  basis: LinkVerdict["basis"];
  /** What it does with a key for which no reason stands. */
  can: string;
  /** What it does with one that it does not see. */
  cannot: string;
}

const consumers: Record<ConsumerName, Consumer> = {
  "openssl-engine": {
    title: "OpenSSL (engine, libp11)",
    basis: "program",
    can: "Loads the key by its pkcs11: URI and signs with it.",
    cannot: "Cannot load the key.",
  },
  "openssl-provider": {
    title: "OpenSSL 3 (pkcs11-provider)",
    basis: "source",
    can: "Loads the key by its pkcs11: URI and signs with it.",
    cannot: "Cannot load the key.",
  },
  nss: {
    title: "NSS tools",
    basis: "program",
    can: "Lists the certificate as the user's own (u) with its key.",
    cannot: "Does not list the key.",
  },
  firefox: {
    title: "Firefox",
    basis: "source",
    can: "Offers the certificate for login at a server.",
    cannot: "Does not offer it for login at a server.",
  },
  chrome: {
    title: "Chrome",
    basis: "source",
    can: "Offers the certificate for login at a server.",
    cannot: "Does not offer it for login at a server.",
  },
  java: {
    title: "Java (SunPKCS11)",
    basis: "program",
    can: "Lists a private key entry, its certificate's label as alias.",
    cannot: "The key is not among the key store's entries.",
  },
  openssh: {
    title: "OpenSSH",
    basis: "program",
    can: "ssh-keygen -D prints the public key, and ssh logs in with it.",
    cannot: "ssh-keygen -D does not print it.",
  },
  gnutls: {
    title: "GnuTLS (p11tool)",
    basis: "program",
    can: "Lists the key and signs with it.",
    cannot: "Cannot use the key.",
  },
  gskit: {
    title: "IBM GSKit, MQ",
    basis: "documentation",
    can: "Lists a personal certificate, to be named by its label.",
    cannot: "Lists no personal certificate.",
  },
};

/** What each program sees of a private key: the worst effect of the rules that apply to it. */
export const verdictsOn = (facts: KeyFacts): LinkVerdict[] => {
  const applying = rules.flatMap((rule) => {
    const words = rule.words(facts);
    return words === null ? [] : [{ rule, words }];
  });
  return consumerNames.map((consumer) => {
    const reasons = applying.flatMap(({ rule, words }): LinkReason[] => {
      const effect = rule.on[consumer];
      if (!effect) return [];
      const source = typeof rule.source === "string" ? rule.source : (rule.source[consumer] ?? "");
      return [{ rule: rule.name, words, source, effect, repairs: rule.repairs }];
    });
    reasons.sort((a, b) => weight[b.effect] - weight[a.effect]);
    const worst = reasons[0]?.effect ?? "note";
    const { title, basis, can, cannot } = consumers[consumer];
    const sees = worst === "hides" ? "no" : worst === "limits" ? "partly" : "yes";
    return {
      consumer,
      title,
      sees,
      can: sees === "no" ? cannot : sees === "yes" ? can : "Sees it, but its use fails or is limited.",
      reasons,
      basis,
    };
  });
};

const weight: Record<LinkReason["effect"], number> = { hides: 2, limits: 1, note: 0 };
