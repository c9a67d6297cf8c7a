import { whole } from "../asn1/ber.ts";
import type { Name } from "./name.ts";

/** Types as RACF writes them in RACDCERT LIST and CHECKCERT (z/OS RACF Command Language Reference, RACDCERT). */
const types: Record<string, string> = {
  "2.5.4.3": "CN",
  "2.5.4.6": "C",
  "2.5.4.7": "L",
  "2.5.4.8": "SP",
  "2.5.4.9": "STREET",
  "2.5.4.10": "O",
  "2.5.4.11": "OU",
  "2.5.4.12": "T",
  "2.5.4.5": "SERIALNUMBER",
  "2.5.4.17": "POSTALCODE",
  "2.5.4.46": "DNQUALIFIER",
  "2.5.4.4": "SN",
  "2.5.4.42": "GN",
  "0.9.2342.19200300.100.1.1": "UID",
  "0.9.2342.19200300.100.1.25": "DC",
  "1.2.840.113549.1.9.1": "EMAIL",
};

/**
 * "CN=secp521r.O=cpwebuser.C=GB": the most specific relative name first, joined by periods; nothing is escaped, since
 * RACF compares the text as it is ("O=VeriSign, Inc.L=Internet").
 */
export const racfName = (name: Name): string =>
  name
    .map((parts) =>
      parts
        .map(({ oid, text, value }) => `${types[oid] ?? `OID.${oid}`}=${text ?? whole(value).toString("hex")}`)
        .join("+"),
    )
    .reverse()
    .join(".");

/** The operand of RACDCERT MAP; TSO wants an apostrophe within apostrophes twice. */
export const racfFilter = (name: Name): string => `SDNFILTER('${racfName(name).replaceAll("'", "''")}')`;
