import { createHash } from "node:crypto";
import type { Handle, PKCS11 } from "pkcs11js";
import pkcs11js from "pkcs11js";
import type { Anchor } from "../../preload/contract/certificate-anchors.ts";
import type { HostHandler } from "../host/handlers.ts";
import { ulong, ulongValue } from "../pkcs11/handles.ts";
import type { FoundToken } from "../pkcs11/library.ts";
import { showPadded } from "../pkcs11/text.ts";

/** NSS's objects of trust, beside the certificates that they speak of (nss/lib/util/pkcs11n.h, CKO_NSS_TRUST). */
const nss = {
  trustObject: 0xce534353,
  sha1: 0xce5363b4,
  servers: 0xce536358,
  clients: 0xce536359,
  code: 0xce53635a,
  mail: 0xce53635b,
} as const;

/** CKT_NSS_*: certutil's letters, for servers, mail and code. */
const letters: Record<number, string> = {
  3461563217: "P",
  3461563218: "C",
  3461563226: "p",
  3461563227: "c",
};
const trustedDelegator = 0xce534352;

/** Certificates are public objects: nobody need log in to see them. */
export const anchors: HostHandler<"certificates.anchors"> = (_, { library }) => {
  const tokens = library.slotHandles().map((slot) => library.readToken(slot));
  return { anchors: tokens.flatMap((token) => (token ? anchorsOf(library.p11, token) : [])) };
};

const anchorsOf = (p11: PKCS11, { slot, info }: FoundToken): Anchor[] => {
  const session = p11.C_OpenSession(slot, pkcs11js.CKF_SERIAL_SESSION);
  try {
    const read = (object: Handle, type: number): Buffer | null => {
      try {
        return p11.C_GetAttributeValue(session, object, [{ type }])[0]?.value as Buffer;
      } catch {
        // Not every module knows every attribute.
        return null;
      }
    };
    const trust = new Map(find(p11, session, nss.trustObject).map((object) => trustOf(object, read)));
    return find(p11, session, pkcs11js.CKO_CERTIFICATE).flatMap((object): Anchor[] => {
      const content = read(object, pkcs11js.CKA_VALUE);
      if (!content || content.length === 0) return [];
      const words = trust.get(createHash("sha1").update(content).digest("hex")) ?? null;
      const marked = read(object, pkcs11js.CKA_TRUSTED)?.[0] === 1;
      return [
        {
          token: showPadded(info.label),
          label: read(object, pkcs11js.CKA_LABEL)?.toString("utf8") ?? "",
          content: content.toString("base64"),
          trusted: marked || /[CTP]/.test(words ?? ""),
          words,
        },
      ];
    });
  } finally {
    p11.C_CloseSession(session);
  }
};

/** SHA-1 of the certificate, and its trust in certutil's words. */
const trustOf = (object: Handle, read: (object: Handle, type: number) => Buffer | null): [string, string] => {
  const value = (type: number): number => ulongValue(read(object, type) ?? Buffer.alloc(0)) ?? 0;
  const letter = (type: number): string => letters[value(type)] ?? "";
  const clients = value(nss.clients) === trustedDelegator ? "T" : "";
  const words = `${letter(nss.servers)}${clients},${letter(nss.mail)},${letter(nss.code)}`;
  return [read(object, nss.sha1)?.toString("hex") ?? "", words];
};

const find = (p11: PKCS11, session: Handle, kind: number): Handle[] => {
  p11.C_FindObjectsInit(session, [{ type: pkcs11js.CKA_CLASS, value: ulong(kind) }]);
  try {
    const found: Handle[] = [];
    for (let more = p11.C_FindObjects(session, 1000); more.length > 0; more = p11.C_FindObjects(session, 1000))
      found.push(...more);
    return found;
  } finally {
    p11.C_FindObjectsFinal(session);
  }
};
