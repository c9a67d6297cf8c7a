import { escapeValue, shortNames } from "../../../objects/distinguished-name.ts";
import { whole } from "../asn1/ber.ts";
import type { Name } from "./name.ts";

/** RFC 4514: the most specific relative name first, "+" within one, values escaped, "#" and DER for what is no text. */
export const rfc4514 = (name: Name): string =>
  name
    .map((parts) =>
      parts
        .map(({ oid, value, text }) => {
          const words = text === null ? `#${whole(value).toString("hex")}` : escapeValue(text);
          return `${shortNames[oid] ?? oid}=${words}`;
        })
        .join("+"),
    )
    .reverse()
    .join(",");
