import type { StoreFormat } from "../../preload/contract/truststores.ts";
import { quote } from "../commands/shell-words.ts";
import type { StoredEntry } from "./store-format.ts";

type Step = { words: string; text: string };

/** What is left to do with a store that was written, as lines to copy. Never with a password in them. */
export const nextSteps = (format: StoreFormat, path: string, entries: readonly StoredEntry[]): Step[] =>
  (steps[format] ?? (() => []))(path, entries);

const java: Maker = (path) => [
  { words: "Start a Java program with it", text: `java -Djavax.net.ssl.trustStore=${quote(path)} ...` },
];

type Maker = (path: string, entries: readonly StoredEntry[]) => Step[];

const steps: Partial<Record<StoreFormat, Maker>> = {
  pem: (path) => [
    { words: "Try it with curl", text: `curl --cacert ${quote(path)} https://HOST/` },
    {
      words: "Try it with OpenSSL",
      text: `openssl s_client -CAfile ${quote(path)} -verify_return_error -connect HOST:443`,
    },
  ],
  pkcs12: java,
  jks: java,
  opensslDirectory: (path) => [{ words: "Try it with curl", text: `curl --capath ${quote(path)} https://HOST/` }],
  debianAnchors: () => [{ words: "Take them into the system's bundle", text: "sudo update-ca-certificates" }],
  redHatAnchors: () => [{ words: "Take them into the system's bundle", text: "sudo update-ca-trust" }],
  p11kitAnchors: () => [{ words: "See what the system trusts", text: "trust list --filter=ca-anchors" }],
  sst: (path) => [
    { words: "On Windows, as administrator", text: `certutil -addstore Root "${path.split("/").at(-1) ?? path}"` },
  ],
  gskit: (path, entries) => [
    {
      words: "Add each to a key database; the label is free to choose",
      text: entries
        .map(
          ({ alias }) =>
            `runmqakm -cert -add -db key.kdb -stashed -label ${quote(alias || "ca")} -file ${quote(path)} -format ascii -trust enable`,
        )
        .join("\n"),
    },
  ],
  racf: (_, entries) => [
    {
      words: "Upload as text (a data set for each, RECFM VB), then",
      text: entries
        .map(({ alias }, i) => {
          const label = racfLabel(alias || `CA ${i + 1}`);
          return `RACDCERT CERTAUTH ADD('HLQ.CERT${i + 1}') WITHLABEL('${label}') TRUST\nRACDCERT ID(USERID) CONNECT(CERTAUTH LABEL('${label}') RING(RINGNAME))`;
        })
        .concat("SETROPTS RACLIST(DIGTCERT, DIGTRING) REFRESH")
        .join("\n"),
    },
  ],
};

/** At most 32 characters of the EBCDIC invariant set; a quote is doubled. */
const racfLabel = (name: string): string =>
  name
    .normalize("NFKD")
    .replace(/[^A-Za-z0-9 ._-]/g, "")
    .trim()
    .slice(0, 32) || "CA";
