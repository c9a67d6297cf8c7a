/**
 * Which folder may import from which. A file belongs to the longest folder here that it is in, and may import from that
 * folder and from those named. Anything that is not named is forbidden: a new folder needs a line here.
 * @typedef {object} Layer
 * @property {string} folder or file, from the project's folder
 * @property {string[]} imports folders and files of the project
 * @property {string[]} [types] further ones, for types alone
 * @property {string[]} packages names from node_modules, `node:` for all that Node brings along
 */

const contract = "preload/contract";
/** Folders whose code runs inside a token host. */
const inHost = ["main/pkcs11", "main/tokens", "main/objects", "main/keys", "main/certificates", "main/links"];
/** Libraries that read and write certificates and key files. */
const encodings = ["node-forge", "@peculiar/asn1-*"];
const parent = ["main/dispatch.ts", "main/app.ts"];

/** @type {Layer[]} */
export const layers = [
  {
    folder: "renderer",
    imports: [contract],
    packages: ["react", "react-dom", "react-aria-components", "@tanstack/*", "zod"],
  },
  { folder: "preload", imports: [contract], packages: ["zod"] },
  { folder: contract, imports: [], packages: ["zod"] },
  { folder: "preload/electron.ts", imports: ["preload"], packages: ["electron"] },

  ...inHost.map((folder) => ({
    folder,
    imports: [...inHost, contract, "main/x509"],
    types: ["main/host/handlers.ts", "main/host/protocol.ts"],
    packages: ["node:", "pkcs11js", "zod", ...encodings],
  })),
  // Certificates, requests and lists as bytes: no token, so the host and main use it alike.
  {
    folder: "main/x509",
    imports: [
      contract,
      "main/keys/ber.ts",
      "main/keys/curves.ts",
      "main/keys/public-key.ts",
      "main/objects/distinguished-name.ts",
      "main/pkcs11/der.ts",
      "main/pkcs11/der-write.ts",
      "main/pkcs11/failure.ts",
    ],
    packages: ["node:", "@peculiar/asn1-*"],
  },
  // The host puts the handlers together and says why a library does not load.
  {
    folder: "main/host",
    imports: [...inHost, contract, "main/modules/load-errors.ts"],
    packages: ["node:"],
  },

  {
    folder: "main/modules",
    imports: [contract, "main/host", "main/files", "main/pkcs11/failure.ts", "main/pkcs11/softhsm-configuration.ts"],
    types: ["main/dispatch.ts"],
    packages: ["node:", "zod"],
  },
  {
    folder: "main/files",
    imports: [contract, "main/settings", "main/pkcs11/failure.ts"],
    types: ["main/dispatch.ts"],
    packages: ["node:", "zod"],
  },
  {
    folder: "main/recording",
    imports: [
      contract,
      "main/commands/shell-words.ts",
      "main/files",
      "main/modules",
      "main/pkcs11/failure.ts",
      "main/places.ts",
    ],
    types: ["main/dispatch.ts"],
    packages: ["node:", "zod"],
  },
  {
    folder: "main/authority",
    imports: [
      contract,
      "main/files/process-state.ts",
      "main/files/write-durably.ts",
      "main/pkcs11/failure.ts",
      "main/objects/distinguished-name.ts",
      "main/objects/file-name.ts",
      "main/x509/pem.ts",
      "main/x509/serial-number.ts",
    ],
    types: ["main/dispatch.ts", "main/modules"],
    packages: ["node:", "zod"],
  },
  {
    folder: "main/expiry",
    // Reads certificates out of files, and what the token hosts list; loads no PKCS#11 library.
    imports: [
      contract,
      "main/files/folder.ts",
      "main/objects/certificate-facts.ts",
      "main/objects/import/read-file.ts",
      "main/pkcs11/failure.ts",
    ],
    types: ["main/dispatch.ts", "main/modules", "main/settings"],
    packages: ["node:"],
  },
  { folder: "main/settings", imports: [contract, "main/files"], types: parent, packages: ["node:", "zod"] },
  {
    folder: "main/commands",
    // What is the same everywhere and needs no token: names, and what the app refuses.
    imports: [
      contract,
      "main/modules",
      "main/x509/name.ts",
      "main/keys/curves.ts",
      "main/keys/usage.ts",
      "main/objects/distinguished-name.ts",
      "main/pkcs11/failure.ts",
      "main/pkcs11/uri.ts",
      "main/tokens/label.ts",
    ],
    types: ["main/dispatch.ts"],
    packages: ["node:", "zod"],
  },
  // The viewer: reads logs, knows no token.
  {
    folder: "main/trace",
    imports: [
      contract,
      "main/commands/shell-words.ts",
      "main/files/folder.ts",
      "main/files/process-state.ts",
      "main/files/recording-name.ts",
      "main/objects/csv.ts",
      "main/pkcs11/attributes.ts",
      "main/pkcs11/failure.ts",
      "main/pkcs11/object-names.ts",
      "main/pkcs11/return-values.ts",
      "main/places.ts",
      "native/description",
    ],
    types: ["main/dispatch.ts"],
    packages: ["node:", "zod"],
  },
  // Certificates looked at: reads bytes, knows no token.
  {
    folder: "main/x509/view",
    imports: [
      contract,
      "main/files/folder.ts",
      "main/keys/public-key.ts",
      "main/objects/curve-names.ts",
      "main/objects/distinguished-name.ts",
      "main/objects/import",
      "main/pkcs11/der.ts",
      "main/pkcs11/failure.ts",
      "main/x509/hashes.ts",
    ],
    types: ["main/dispatch.ts"],
    packages: ["node:"],
  },
  // Stores of public certificates, written and read back; knows no token but through the requests.
  {
    folder: "main/truststores",
    imports: [
      contract,
      "main/commands/shell-words.ts",
      "main/modules",
      "main/recording/find-program.ts",
      "main/files",
      "main/keys/ber.ts",
      "main/keys/certificate-parts.ts",
      "main/keys/public-key.ts",
      "main/objects/certificate-facts.ts",
      "main/objects/import",
      "main/objects/openssh.ts",
      "main/pkcs11/der.ts",
      "main/pkcs11/der-write.ts",
      "main/pkcs11/failure.ts",
      "main/x509",
    ],
    types: ["main/dispatch.ts"],
    packages: ["node:", "zod"],
  },
  { folder: "main/dispatch.ts", imports: [contract, "main/pkcs11/failure.ts"], packages: ["zod"] },
  { folder: "main/places.ts", imports: [], packages: ["node:"] },
  // The composition root.
  {
    folder: "main/app.ts",
    imports: [
      contract,
      "main/dispatch.ts",
      "main/authority",
      "main/commands",
      "main/expiry",
      "main/files",
      "main/modules",
      "main/places.ts",
      "main/recording",
      "main/settings",
      "main/trace",
      "main/truststores",
      "main/x509/view",
    ],
    types: ["main/host/process.ts"],
    packages: ["node:"],
  },

  // What a person or a program starts.
  {
    folder: "main/cli",
    imports: [
      contract,
      "main/app.ts",
      "main/dispatch.ts",
      "main/host/process.ts",
      "main/places.ts",
      "main/recording/trace-command.ts",
    ],
    packages: ["node:", "zod"],
  },
  {
    folder: "main/demo",
    imports: [contract, "main/app.ts", "main/dispatch.ts", "main/host/process.ts", "main/places.ts"],
    packages: ["node:"],
  },
  {
    folder: "main/shells",
    imports: [contract, "preload", "main/app.ts", "main/host/process.ts", "main/places.ts"],
    packages: ["node:", "devtools-protocol"],
  },
  {
    folder: "main/shells/electron.ts",
    imports: [contract, "preload", "main/shells", "main/app.ts", "main/host/process.ts", "main/places.ts"],
    types: ["main/host/protocol.ts"],
    packages: ["node:", "electron"],
  },
];
