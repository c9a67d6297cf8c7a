import { z } from "zod";
import { type Domain, request } from "./declare.ts";
import { address, base64, hex, objectRef, password } from "./shared.ts";

/** Kinds of trust store and of files with public certificates, named for who reads them. */
export const storeFormats = [
  "pem",
  "pemEach",
  "der",
  "pkcs7Der",
  "pkcs7Pem",
  "pkcs12",
  "jks",
  "nss",
  "opensslDirectory",
  "debianAnchors",
  "redHatAnchors",
  "p11kitAnchors",
  "gskit",
  "racf",
  "sshPublicKeys",
  "sshAuthorizedKeys",
  "sst",
] as const;
export const storeFormat = z.enum(storeFormats);
export type StoreFormat = z.infer<typeof storeFormat>;

/** Programs, and our own readers, that a store is read back with. */
export const storeReaders = [
  "own",
  "keytool",
  "javaTrustManager",
  "openssl",
  "certutil",
  "trust",
  "sshKeygen",
  "runmqakm",
] as const;
export const storeReader = z.enum(storeReaders);
export type StoreReader = z.infer<typeof storeReader>;

/** What NSS may trust a certificate for (certutil -t): servers, mail, code; an authority, a peer, or nothing. */
export const nssTrust = z.strictObject({
  servers: z.enum(["authority", "peer", "none"]).default("authority"),
  mail: z.enum(["authority", "peer", "none"]).default("none"),
  code: z.enum(["authority", "peer", "none"]).default("none"),
});

/** Where certificates and public keys come from. */
export const storeSource = z.union([
  z.strictObject({ kind: z.literal("token"), ...address, object: objectRef }),
  z.strictObject({
    kind: z.literal("file"),
    fileName: z.string().min(1),
    content: base64.meta({ title: "The file's bytes" }),
    password: password("Password of the file"),
  }),
  z.strictObject({ kind: z.literal("path"), path: z.string().min(1), password: password("Password of the file") }),
]);
export type StoreSource = z.infer<typeof storeSource>;

/** One certificate or public key, as it would go into a store or was found in one. */
export const storeEntry = z.object({
  /** The name in the store: alias, friendly name, nickname, file name. "" where the format has none. */
  alias: z.string(),
  kind: z.enum(["certificate", "publicKey"]),
  /** DER of the certificate, or of the SubjectPublicKeyInfo. */
  content: base64,
  subject: z.string().nullable(),
  issuer: z.string().nullable(),
  serialNumber: z.string().nullable(),
  notBefore: z.string().nullable(),
  notAfter: z.string().nullable(),
  keyWords: z.string(),
  sha256: hex,
  /** An end entity's own, an intermediate CA's, or a self-signed CA's certificate. */
  role: z.enum(["own", "intermediate", "root", "key"]),
  /** "token Ada, object ada-2026", "file chain.pem". */
  origin: z.string(),
  /** Came over the network from the very server that it speaks for: its fingerprint must be confirmed. */
  fromHandshake: z.boolean(),
  warnings: z.array(z.string()),
});
export type StoreEntry = z.infer<typeof storeEntry>;

/** What one reader sees in a store, entry by entry. */
export const storeView = z.object({
  reader: storeReader,
  /** "keytool 17.0.13"; of our own readers the format. */
  title: z.string(),
  /** seen: all that should be trusted is; notSeen: some or all is not; failed: the reader could not read it. */
  verdict: z.enum(["seen", "notSeen", "failed", "notInstalled"]),
  words: z.string(),
  entries: z.array(z.object({ alias: z.string(), sha256: hex.nullable(), trusted: z.boolean(), words: z.string() })),
  /** SHA-256 of what should be there and is not seen, or is not trusted. */
  missing: z.array(hex),
  /** What to type for the same check. */
  command: z.string(),
});
export type StoreView = z.infer<typeof storeView>;

const writtenStore = z.object({
  path: z.string(),
  /** The former content, kept beside it; null for a new store. */
  copy: z.string().nullable(),
  /** "written" only if every installed reader sees all of it. */
  outcome: z.enum(["written", "notSeenByItsReader"]),
  views: z.array(storeView),
  warnings: z.array(z.string()),
  /** What to do next with it, e.g. RACDCERT lines, update-ca-certificates. */
  next: z.array(z.object({ words: z.string(), text: z.string() })),
});

const target = {
  format: storeFormat,
  /** Whole path of the file or, for the formats that are folders, of the folder. */
  path: z.string().min(1),
  password: password("Password of the store"),
};

export const truststores = {
  requests: {
    formats: request({
      summary: "The kinds of trust store, who reads them, what they need, and which readers are installed here.",
      runs: "main",
      input: z.object({}),
      output: z.object({
        formats: z.array(
          z.object({
            format: storeFormat,
            title: z.string(),
            words: z.string(),
            fileName: z.string(),
            folder: z.boolean(),
            password: z.enum(["needed", "none"]),
            /** Whether entries have names of their own in it. */
            names: z.boolean(),
            /** Holds certificates, or public keys. */
            holds: z.enum(["certificates", "publicKeys"]),
            one: z.boolean().meta({ title: "Holds exactly one certificate" }),
            readers: z.array(storeReader),
            /** A program without which it cannot be written, and whether that is here. */
            needs: z.string().nullable(),
            available: z.boolean(),
          }),
        ),
        readers: z.array(
          z.object({ reader: storeReader, title: z.string(), installed: z.boolean(), version: z.string() }),
        ),
      }),
    }),
    programs: request({
      summary: "Which program gets which kind of store, key store or trust store, and why.",
      runs: "main",
      input: z.object({}),
      output: z.object({
        programs: z.array(
          z.object({
            program: z.string(),
            title: z.string(),
            /** What holds its own key, and what tells it whom to trust. */
            keyStore: z.string(),
            trustStore: z.string(),
            why: z.string(),
            formats: z.array(storeFormat),
            place: z.string().meta({ title: "Where the program looks for it, or how it is told" }),
          }),
        ),
      }),
    }),
    collect: request({
      summary:
        "Gathers public certificates from tokens and files; refuses private keys; offers issuers that complete the chains. Writes nothing.",
      runs: "main",
      limitSeconds: 120,
      input: z.object({ sources: z.array(storeSource).min(1).max(1000) }),
      output: z.object({
        entries: z.array(storeEntry),
        /** Issuers found on the tokens and in the files that were named, not among the entries yet. */
        completion: z.array(storeEntry),
        /** Issuers that are nowhere: "CN=Example Root, issuer of CN=Example". */
        missingIssuers: z.array(z.string()),
        refused: z.array(z.object({ where: z.string(), why: z.string(), remedy: z.string() })),
        warnings: z.array(z.string()),
      }),
    }),
    write: request({
      summary:
        "Writes a trust store, or adds to one that is there, and reads it back as its consumers do. The old content is kept as a copy.",
      runs: "main",
      changes: true,
      limitSeconds: 300,
      input: z.object({
        ...target,
        entries: z
          .array(
            z.strictObject({
              alias: z.string().max(2000),
              content: base64,
              kind: z.enum(["certificate", "publicKey"]),
            }),
          )
          .min(1)
          .max(10_000),
        /** new: there must be none; add: what is in it stays; replace: what is in it goes (a copy is kept). */
        mode: z.enum(["new", "add", "replace"]).default("new"),
        createFolder: z.boolean().default(false),
        /** SHA-256 of certificates that came from a server's handshake and were compared by the user. */
        confirmed: z.array(hex).default([]),
        nss: nssTrust.optional(),
      }),
      output: writtenStore,
      leftUndone: ({ outcome }) => outcome !== "written",
    }),
    read: request({
      summary: "What each of its consumers sees in an existing store, entry by entry, and whether it can be repaired.",
      runs: "main",
      limitSeconds: 300,
      input: z.object({ path: z.string().min(1), password: password("Password of the store") }),
      output: z.object({
        format: storeFormat,
        title: z.string(),
        entries: z.array(storeEntry),
        /** Private and secret keys in it: then it is a key store. They are left as they are. */
        privateKeys: z.number().int(),
        views: z.array(storeView),
        /** Why a consumer does not see what is there, and what would be changed; null if nothing is wrong. */
        repair: z.string().nullable(),
        warnings: z.array(z.string()),
      }),
    }),
    remove: request({
      summary:
        "Takes certificates out of a store by fingerprint; all others stay, and a copy of the former store is kept.",
      runs: "main",
      changes: true,
      limitSeconds: 300,
      input: z.object({ ...target, sha256: z.array(hex.length(64)).min(1) }),
      output: writtenStore,
      leftUndone: ({ outcome }) => outcome !== "written",
    }),
    repair: request({
      summary:
        "Marks the certificates of a PKCS#12 file as trusted, so that Java sees them; a copy of the former file is kept.",
      runs: "main",
      changes: true,
      limitSeconds: 300,
      input: z.object({ path: z.string().min(1), password: password("Password of the store") }),
      output: writtenStore,
      leftUndone: ({ outcome }) => outcome !== "written",
    }),
  },
  events: {},
} satisfies Domain;
