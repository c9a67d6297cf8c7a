import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import { GeneralName, OtherName } from "@peculiar/asn1-x509";
import type { AlternativeName } from "../../preload/contract/certificate-profile.ts";
import { der } from "../pkcs11/der-write.ts";
import { unfit } from "./unfit.ts";

/** User Principal Name of Windows logins, an otherName with a UTF8String. */
export const upnOid = "1.3.6.1.4.1.311.20.2.3";

/**
 * A GeneralName (RFC 5280 4.2.1.6) of an alternative name. Domains outside ASCII are written as A-labels (4.2.1.6, 7.2).
 * @throws Failure INVALID_REQUEST naming the value and what is wrong with it
 */
export const generalName = (name: AlternativeName): GeneralName => writers[name.type](name.value.trim());

/** The value as it will be written. @throws as {@link generalName} */
export const writtenName = (name: AlternativeName): string => {
  const { dNSName, iPAddress, rfc822Name, uniformResourceIdentifier } = generalName(name);
  return dNSName ?? iPAddress ?? rfc822Name ?? uniformResourceIdentifier ?? name.value.trim();
};

const writers: Record<AlternativeName["type"], (value: string) => GeneralName> = {
  dns: (value) => new GeneralName({ dNSName: dnsName(value) }),
  ip: (value) => new GeneralName({ iPAddress: address(value) }),
  email: (value) => new GeneralName({ rfc822Name: mailbox(value) }),
  uri: (value) => new GeneralName({ uniformResourceIdentifier: absolute(value) }),
  upn: (value) =>
    new GeneralName({
      otherName: new OtherName({
        typeId: upnOid,
        value: new Uint8Array(der(0x0c, Buffer.from(principal(value)))).buffer,
      }),
    }),
};

const bad = (kind: string, value: string, why: string) =>
  unfit(`alternative name ${kind}:${value}`, `"${value}" is no ${kind}: ${why}.`, `Correct or remove this ${kind}.`);

const label = /^(?!-)[A-Za-z0-9_-]{1,63}(?<!-)$/;

/** A domain as A-labels, or null. */
const asciiDomain = (value: string): string | null => {
  const plain = value.endsWith(".") ? value.slice(0, -1) : value;
  const ascii = /^[\x21-\x7e]*$/.test(plain) ? plain : domainToASCII(plain);
  return ascii !== "" && ascii.length <= 253 && ascii.split(".").every((part) => label.test(part)) ? ascii : null;
};

const dnsName = (value: string): string => {
  if (isIP(value)) throw bad("DNS name", value, "it is an IP address; choose IP");
  const wild = value.startsWith("*.");
  const domain = asciiDomain(wild ? value.slice(2) : value);
  if (domain === null)
    throw bad("DNS name", value, "parts have 1 to 63 letters, digits and hyphens; * stands alone, at the start");
  return wild ? `*.${domain}` : domain;
};

/** IPv6 in hexadecimal groups alone: the library does not know the spelling with an IPv4 address at the end. */
const address = (value: string): string => {
  const kind = isIP(value);
  if (kind === 0 || value.includes("%")) throw bad("IP address", value, "write 192.0.2.1 or 2001:db8::1, no network");
  return kind === 4 ? value : new URL(`http://[${value}]/`).hostname.slice(1, -1);
};

const mailbox = (value: string): string => {
  const at = value.lastIndexOf("@");
  const local = value.slice(0, at);
  const domain = asciiDomain(value.slice(at + 1));
  if (at < 1 || domain === null || !/^[\x21-\x3f\x41-\x7e]{1,64}$/.test(local))
    throw bad("e-mail address", value, "write name@domain, with an ASCII name before the @");
  return `${local}@${domain}`;
};

/** URIs must be absolute and of ASCII (RFC 5280 4.2.1.6); what is typed outside ASCII is refused, not guessed at. */
const absolute = (value: string): string => {
  if (!/^[A-Za-z][A-Za-z0-9+.-]*:[\x21-\x7e]+$/.test(value) || !URL.canParse(value))
    throw bad("URI", value, "write it with its scheme, percent-encoded, e.g. https://example.org/ada");
  return value;
};

const principal = (value: string): string => {
  if (!/^[^@\s\p{Cc}]+@[^@\s\p{Cc}]+$/u.test(value)) throw bad("user principal name", value, "write user@domain");
  return value;
};
