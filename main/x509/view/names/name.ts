import type { NameView } from "../../../../preload/contract/x509.ts";
import { shortNames } from "../../../objects/distinguished-name.ts";
import { BerError, type Element, inner, need, sequenceOf, tagWords, whole } from "../asn1/ber.ts";
import { oidOf } from "../asn1/oids.ts";
import { textOf, visible } from "../asn1/strings.ts";
import { javaName, javaName1779 } from "./java.ts";
import { opensslLine, opensslOneline, opensslRfc2253 } from "./openssl.ts";
import { racfFilter, racfName } from "./racf.ts";
import { rfc4514 } from "./rfc4514.ts";

/** One type and value (AttributeTypeAndValue, RFC 5280 4.1.2.4). */
export interface NamePart {
  oid: string;
  value: Element;
  /** Text of a character string; null for anything else. */
  text: string | null;
}

/** Relative names in the order of the DER, the most general one first; several parts in one with several values. */
export type Name = NamePart[][];

/** @throws BerError */
export const nameOf = (element: Element): Name =>
  sequenceOf(element, "A name", element.offset).map((set) => {
    const parts = inner(need(set, "set", "A relative name", element.offset)).map(partOf);
    if (parts.length === 0) throw new BerError(`An empty relative name at byte ${set.offset}`, set.offset);
    return parts;
  });

const partOf = (pair: Element): NamePart => {
  const [type, value] = sequenceOf(pair, "A type with its value", pair.offset);
  const oid = oidOf(need(type, "oid", "A type", pair.start));
  if (!value) throw new BerError(`The value is missing at byte ${pair.stop}`, pair.stop);
  return { oid, value, text: textOf(value) };
};

/** Whether there is a name at all. */
const emptyWords = "(empty)";

export const nameText = (name: Name): string => rfc4514(name) || emptyWords;

/** A name in all spellings that programs ask for. @throws BerError */
export const nameView = (element: Element): NameView => {
  const name = nameOf(element);
  return {
    text: nameText(name),
    der: whole(element).toString("hex"),
    parts: name.map((parts) =>
      parts.map(({ oid, value, text }) => ({
        type: shortNames[oid] ?? oid,
        oid,
        value: text === null ? `#${whole(value).toString("hex")}` : visible(text),
        encoding: tagWords(value),
      })),
    ),
    spellings: name.length === 0 ? [] : spellingsOf(name),
  };
};

const spellingsOf = (name: Name): NameView["spellings"] => {
  const filter = racfName(name);
  return [
    { id: "rfc4514", title: "RFC 4514 (LDAP)", text: rfc4514(name), note: null },
    {
      id: "ldapAccessId",
      title: "LDAP access-id, upper case",
      text: rfc4514(name).toUpperCase(),
      note: "As z/OS LDAP compares it. In an ACL: access-id:NAME.",
    },
    { id: "openssl", title: "OpenSSL 1.1 and 3", text: opensslLine(name), note: "openssl x509 -subject" },
    {
      id: "opensslRfc2253",
      title: "OpenSSL, RFC 2253",
      text: opensslRfc2253(name),
      note: "openssl x509 -subject -nameopt RFC2253",
    },
    {
      id: "opensslOneline",
      title: "OpenSSL one-line",
      text: opensslOneline(name),
      note: "For openssl req -subj; openssl x509 -subject -nameopt compat. Older releases put no backslash before a slash or plus within a value.",
    },
    { id: "java", title: "Java", text: javaName(name), note: "X500Principal.toString(), keytool -printcert" },
    { id: "javaRfc1779", title: "Java, RFC 1779", text: javaName1779(name), note: "X500Principal.getName(RFC1779)" },
    {
      id: "racf",
      title: "RACF",
      text: filter,
      note: [
        "RACDCERT CHECKCERT shows the spelling that RACF compares, blanks and case included.",
        ...(filter.length > 255
          ? [`It has ${filter.length} characters; a filter may have 255: leave out the first parts.`]
          : []),
      ].join(" "),
    },
    {
      id: "racfFilter",
      title: "RACF filter",
      text: racfFilter(name),
      note: "For RACDCERT MAP; apostrophes are doubled for TSO.",
    },
  ];
};
