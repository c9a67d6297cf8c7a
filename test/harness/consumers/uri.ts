import { objectUri } from "../../../main/pkcs11/uri.ts";
import type { Question } from "./ask.ts";

/** RFC 7512 URI of the key's private key or certificate, by its CKA_ID, or by its label if it has no CKA_ID. */
export const uriOf = ({ token, key }: Question, type: "private" | "cert"): string =>
  objectUri(
    { token: token.label, serial: token.serial, manufacturer: "", model: "" },
    key.id === "" ? { object: key.label, type } : { id: Buffer.from(key.id, "hex"), type },
  );

/** The same for a program that logs in by itself. */
export const withPin = (uri: string, { pinFile }: Question): string => `${uri}?pin-source=${pinFile}`;
