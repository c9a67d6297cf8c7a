import { extendedKeyUsageOids } from "../../../../preload/contract/certificate-names.ts";
import type { TlsView } from "../../../../preload/contract/x509.ts";
import { bitNumbers, inner } from "../asn1/ber.ts";
import { oidOf } from "../asn1/oids.ts";
import { type Extension, extensionContent } from "../extensions/extensions.ts";
import type { ReadKey } from "../public-key.ts";
import { clientSuites, type KeyExchange, suites } from "./suites.ts";

type Role = TlsView["server"];

/** What key usage and extended key usage let a key do; null: no extension limits it. */
interface Usage {
  bits: ReadonlySet<number> | null;
  purposes: ReadonlySet<string> | null;
}

const digitalSignature = 0;
const keyEncipherment = 2;

/** An extension that cannot be read limits nothing here; its own line says what is wrong. */
export const usageOf = (extensions: Extension[]): Usage => {
  const read = <T>(oid: string, decode: (extension: Extension) => T): T | null => {
    const found = extensions.find((one) => one.oid === oid);
    try {
      return found ? decode(found) : null;
    } catch {
      return null;
    }
  };
  return {
    bits: read("2.5.29.15", (one) => new Set(bitNumbers(extensionContent(one)))),
    purposes: read("2.5.29.37", (one) => new Set(inner(extensionContent(one)).map(oidOf))),
  };
};

/** @returns why the purpose is not allowed; null if it is (RFC 5280 4.2.1.12) */
const purposeProblem = ({ purposes }: Usage, role: "server" | "client"): string | null =>
  !purposes ||
  purposes.has(extendedKeyUsageOids[`${role}Auth`]) ||
  purposes.has(extendedKeyUsageOids.anyExtendedKeyUsage)
    ? null
    : `Extended key usage does not have ${role}Auth.`;

const cannotSign = "Key usage does not have digitalSignature, which signing a handshake needs.";

/** Exchanges of TLS 1.2 in which a server's key of a kind can serve, and whether it signs in them. */
const exchanges: Partial<Record<ReadKey["kind"], { exchange: KeyExchange; signs: boolean }[]>> = {
  RSA: [
    { exchange: "ECDHE_RSA", signs: true },
    { exchange: "DHE_RSA", signs: true },
    { exchange: "RSA", signs: false },
  ],
  // A PSS key never decrypts (RFC 4055 1.2).
  "RSA-PSS": [
    { exchange: "ECDHE_RSA", signs: true },
    { exchange: "DHE_RSA", signs: true },
  ],
  EC: [{ exchange: "ECDHE_ECDSA", signs: true }],
  // RFC 8422 5.4: EdDSA keys serve in the suites with ECDSA in their name.
  Ed25519: [{ exchange: "ECDHE_ECDSA", signs: true }],
  Ed448: [{ exchange: "ECDHE_ECDSA", signs: true }],
  DSA: [{ exchange: "DHE_DSS", signs: true }],
};

const noSignatures = "Keys of this kind do not sign: they cannot prove who a server or client is.";

export const serverRole = (key: ReadKey, usage: Usage): Role => {
  const possible = exchanges[key.kind];
  if (!possible) return { allowed: false, notes: [noSignatures], suites: [] };
  const { bits } = usage;
  const mayServe = possible.filter(({ signs }) => !bits || bits.has(signs ? digitalSignature : keyEncipherment));
  const problem = purposeProblem(usage, "server");
  const notes = [
    ...(problem ? [problem] : []),
    ...(bits && !bits.has(digitalSignature) ? [cannotSign] : []),
    ...(key.kind === "RSA" && bits && !bits.has(keyEncipherment)
      ? ["Key usage does not have keyEncipherment: no suites in which the client encrypts for the key (TLS_RSA_)."]
      : []),
    ...(mayServe.length === 1 && mayServe[0]?.exchange === "RSA"
      ? ["It serves no TLS 1.3, where the key must sign."]
      : []),
  ];
  const allowed = problem === null && mayServe.length > 0;
  return { allowed, notes, suites: allowed ? mayServe.flatMap(({ exchange }) => suites[exchange]) : [] };
};

export const clientRole = (key: ReadKey, usage: Usage): Role => {
  if (!exchanges[key.kind]) return { allowed: false, notes: [noSignatures], suites: [] };
  const problems = [
    ...[purposeProblem(usage, "client")].flatMap((one) => one ?? []),
    ...(usage.bits && !usage.bits.has(digitalSignature) ? [cannotSign] : []),
  ];
  const allowed = problems.length === 0;
  return {
    allowed,
    notes: allowed ? ["The suite does not depend on the client's key: it signs in each of them."] : problems,
    suites: allowed ? clientSuites : [],
  };
};
