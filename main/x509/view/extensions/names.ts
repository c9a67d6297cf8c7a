import { generalNames } from "../names/general-name.ts";
import type { Decoder } from "./decoder.ts";

const names: Decoder = (value) => generalNames(value);

/** subjectAltName, issuerAltName and certificateIssuer (RFC 5280 4.2.1.6, 4.2.1.7, 5.3.3). */
export const nameDecoders: Record<string, Decoder> = {
  "2.5.29.17": names,
  "2.5.29.18": names,
  "2.5.29.29": names,
};
