import { createHash } from "node:crypto";
import type { Handle } from "pkcs11js";
import pkcs11js from "pkcs11js";
import type { Anchor } from "../../preload/contract/certificate-anchors.ts";
import type { HostHandler } from "../host/handlers.ts";
import { readNamed } from "../keys/read-named.ts";
import { classTemplate, findHandles } from "../objects/search.ts";
import { CKA } from "../pkcs11/attributes.ts";
import { ulongValue } from "../pkcs11/handles.ts";
import type { FoundToken, Library } from "../pkcs11/library.ts";
import { showPadded } from "../pkcs11/text.ts";

/** NSS's objects of trust, beside the certificates that they speak of (nss/lib/util/pkcs11n.h, CKO_NSS_TRUST). */
const trustObject = 0xce534353;
const trustAttributes = {
  sha1: 0xce5363b4,
  servers: 0xce536358,
  clients: 0xce536359,
  code: 0xce53635a,
  mail: 0xce53635b,
} as const;

/** CKT_NSS_TRUSTED_DELEGATOR. */
const trustedDelegator = 0xce534352;
/** CKT_NSS_*: certutil's letters, for servers, mail and code. */
const letters = new Map<number | null, string>([
  [0xce534351, "P"],
  [trustedDelegator, "C"],
  [0xce53435a, "p"],
  [0xce53435b, "c"],
]);

/** Certificates are public objects: nobody need log in to see them. */
export const anchors: HostHandler<"certificates.anchors"> = (_, { library }) => {
  const tokens = library.slotHandles().map((slot) => library.readToken(slot));
  return { anchors: tokens.flatMap((token) => (token ? anchorsOf(library, token) : [])) };
};

const anchorsOf = (library: Library, { slot, info }: FoundToken): Anchor[] => {
  const session = library.p11.C_OpenSession(slot, pkcs11js.CKF_SERIAL_SESSION);
  const find = (objectClass: number) => findHandles(library, session, classTemplate(objectClass));
  try {
    const trust = new Map(find(trustObject).map((object) => trustOf(library, session, object)));
    return find(pkcs11js.CKO_CERTIFICATE).flatMap((object): Anchor[] => {
      const { content, label, trusted } = readNamed(library, session, object, {
        content: CKA.VALUE,
        label: CKA.LABEL,
        trusted: CKA.TRUSTED,
      });
      if (!content) return [];
      const words = trust.get(createHash("sha1").update(content).digest("hex")) ?? null;
      return [
        {
          token: showPadded(info.label),
          label: label?.toString("utf8") ?? "",
          content: content.toString("base64"),
          trusted: trusted?.[0] === 1 || /[CTP]/.test(words ?? ""),
          words,
        },
      ];
    });
  } finally {
    library.p11.C_CloseSession(session);
  }
};

/** SHA-1 of the certificate, and its trust in certutil's words. */
const trustOf = (library: Library, session: Handle, object: Handle): [string, string] => {
  const { sha1, servers, clients, code, mail } = readNamed(library, session, object, trustAttributes);
  const letter = (value: Buffer | null): string => letters.get(value && ulongValue(value)) ?? "";
  const delegatesClients = clients !== null && ulongValue(clients) === trustedDelegator ? "T" : "";
  return [sha1?.toString("hex") ?? "", `${letter(servers)}${delegatesClients},${letter(mail)},${letter(code)}`];
};
