import { z } from "zod";
import { type Domain, request } from "./declare.ts";
import { errorData } from "./errors.ts";
import { base64, hex, password } from "./shared.ts";

/** A value with what it is called. */
const fact = z.object({ name: z.string(), value: z.string() });

/** A distinguished name in the words of each program that asks for one. */
const nameView = z.object({
  /** RFC 4514. */
  text: z.string(),
  /** The DER, for comparing. */
  der: hex,
  /** Relative names in the order of the certificate; several parts in one that has several values. */
  parts: z.array(z.array(z.object({ type: z.string(), oid: z.string(), value: z.string(), encoding: z.string() }))),
  spellings: z.array(z.object({ id: z.string(), title: z.string(), text: z.string(), note: z.string().nullable() })),
});
export type NameView = z.infer<typeof nameView>;

const algorithmView = z.object({
  name: z.string(),
  oid: z.string(),
  /** Parameters in words, e.g. hash, mask and salt of RSASSA-PSS. */
  parameters: z.array(fact),
});

const publicKeyView = z.object({
  /** "RSA 2048", "EC P-256", "Ed25519"; for an unknown algorithm its OID. */
  words: z.string(),
  algorithm: algorithmView,
  facts: z.array(fact),
  /** SubjectPublicKeyInfo, DER. */
  spki: base64,
});
export type PublicKeyView = z.infer<typeof publicKeyView>;

const extensionView = z.object({
  oid: z.string(),
  /** Name in RFC 5280 or of whoever defined it; null for one that is not known here. */
  name: z.string().nullable(),
  critical: z.boolean(),
  /** What it says, line by line. */
  lines: z.array(z.string()),
  /** Bytes of extnValue; cut after 4,096 bytes. */
  hex,
  size: z.number().int(),
  /** Why its content cannot be read, with the byte; null if it can. */
  problem: z.string().nullable(),
});
export type ExtensionView = z.infer<typeof extensionView>;

const crlView = z.object({
  thisUpdate: z.string().nullable(),
  nextUpdate: z.string().nullable(),
  count: z.number().int(),
  /** The first ones; all are in the DER. */
  entries: z.array(
    z.object({
      serial: z.string(),
      date: z.string().nullable(),
      reason: z.string().nullable(),
      lines: z.array(z.string()),
    }),
  ),
  /** Number of revoked certificates by reason. */
  reasons: z.array(z.object({ reason: z.string(), count: z.number().int() })),
});

const schemeView = z.object({
  /** Four hexadecimal digits, as on the wire (RFC 8446 4.2.3). */
  code: z.string(),
  /** IANA name. */
  name: z.string(),
  /** What OpenSSL's sigalgs settings call it; null where it has no word. */
  openssl: z.string().nullable(),
  versions: z.array(z.enum(["1.2", "1.3"])),
});
export type SchemeView = z.infer<typeof schemeView>;

const roleView = z.object({
  /** Whether key usage and extended key usage let it. */
  allowed: z.boolean(),
  /** Why not, or with which limits. */
  notes: z.array(z.string()),
  /** TLS 1.2 suites: IANA name, OpenSSL's name, code point. */
  suites: z.array(z.object({ name: z.string(), openssl: z.string(), code: z.string() })),
});

const tlsView = z.object({
  /** Schemes with which the key signs handshakes, the preferred one first. */
  keySchemes: z.array(schemeView),
  /** Scheme of the certificate's own signature; null: TLS has no code point for it. */
  signatureScheme: schemeView.nullable(),
  /** Curve of the key as a TLS group; null if it is none. */
  group: z.object({ code: z.string(), name: z.string() }).nullable(),
  /** What must stand in the settings of the other side, by program. */
  settings: z.array(
    z.object({ program: z.string(), setting: z.string(), value: z.string(), note: z.string().nullable() }),
  ),
  server: roleView,
  client: roleView,
  tls13: z.array(z.string()),
});
export type TlsView = z.infer<typeof tlsView>;

export const viewKinds = [
  "certificate",
  "request",
  "crl",
  "publicKey",
  "privateKey",
  "pkcs7",
  "pkcs12",
  "other",
] as const;

const viewedItem = z.object({
  kind: z.enum(viewKinds),
  /** In words: "Certificate", "Certificate request" ... */
  kindWords: z.string(),
  /** Place in the file: "chain.pem, block 2 (CERTIFICATE)". */
  where: z.string(),
  /** Whom or what it is about, in short. */
  title: z.string(),
  /** Its bytes; null where they hold private values, which are never shown. */
  der: base64.nullable(),
  /** RFC 7468 label for writing it as PEM; null where it has none. */
  pemLabel: z.string().nullable(),
  /** What could not be read, and from which byte on. The rest of the fields is what could. */
  problems: z.array(errorData),
  /** What is unusual or wrong with it, though readable. */
  notes: z.array(z.string()),
  version: z.string().nullable(),
  subject: nameView.nullable(),
  issuer: nameView.nullable(),
  serial: z.object({ hex: z.string(), decimal: z.string() }).nullable(),
  validity: z
    .object({
      notBefore: z.string(),
      notAfter: z.string(),
      state: z.enum(["valid", "not yet", "expired"]),
      /** Whole days until the end; negative: since the end. */
      daysLeft: z.number().int(),
      /** Whole days from begin to end. */
      days: z.number().int(),
    })
    .nullable(),
  signature: z
    .object({
      algorithm: algorithmView,
      hex,
      /** Against its own key (requests, self-signed certificates) or that of another item; null: no key at hand. */
      check: z
        .object({
          by: z.string(),
          /** null: the algorithm is not known here. */
          good: z.boolean().nullable(),
          why: z.string().nullable(),
        })
        .nullable(),
    })
    .nullable(),
  publicKey: publicKeyView.nullable(),
  /** Of the whole item, and of its key: SHA-1, SHA-256, key identifiers, pin. */
  fingerprints: z.array(fact),
  extensions: z.array(extensionView),
  /** Attributes of a request, or of a bag in a PKCS#12 file. */
  attributes: z.array(z.object({ oid: z.string(), name: z.string().nullable(), lines: z.array(z.string()) })),
  crl: crlView.nullable(),
  tls: tlsView.nullable(),
});
export type ViewedItem = z.infer<typeof viewedItem>;

const treeNode = z.object({
  /** First byte of the tag. */
  offset: z.number().int(),
  /** Bytes of tag and length. */
  header: z.number().int(),
  /** Bytes of the content; for an indefinite length without the end mark. */
  length: z.number().int(),
  indefinite: z.boolean(),
  level: z.number().int(),
  /** "SEQUENCE", "[0]", "[APPLICATION 3]". */
  tag: z.string(),
  constructed: z.boolean(),
  /** Inner elements follow; they may be in the bytes of an OCTET or BIT STRING. */
  inner: z.boolean(),
  /** The value in words, shortened. */
  value: z.string(),
});
export type TreeNode = z.infer<typeof treeNode>;

/** Certificates and what belongs to them, read from bytes: no token is needed. */
export const x509 = {
  requests: {
    view: request({
      summary:
        "Reads a file or text with certificates, requests (CSR), revocation lists, public or private keys, PKCS#7 or PKCS#12. A private key's values are never shown.",
      runs: "main",
      input: z.object({
        /** Named in errors. */
        fileName: z.string().max(1000).optional(),
        /** Exactly one of the three: the bytes, pasted text, or a file of this computer (~/ is the user's own folder). */
        content: base64.optional(),
        text: z.string().optional(),
        path: z.string().min(1).optional(),
        password: password("Password of the file"),
      }),
      output: z.object({
        fileName: z.string(),
        /** In words, e.g. "PEM with 3 blocks". */
        format: z.string(),
        size: z.number().int(),
        items: z.array(viewedItem),
        warnings: z.array(z.string()),
      }),
      leftUndone: ({ items }) => items.some(({ problems }) => problems.length > 0),
    }),
    tree: request({
      summary: "The ASN.1 elements (DER or BER) in bytes, as far as they can be read. Refuses private keys.",
      runs: "main",
      input: z.object({
        content: base64,
        /** Elements at most. */
        limit: z.number().int().min(1).max(50_000).default(20_000),
      }),
      output: z.object({
        nodes: z.array(treeNode),
        /** Where and why reading stopped. */
        faults: z.array(z.object({ offset: z.number().int(), message: z.string() })),
        /** True if there are more elements than the limit. */
        cut: z.boolean(),
        size: z.number().int(),
      }),
    }),
  },
  events: {},
} satisfies Domain;
