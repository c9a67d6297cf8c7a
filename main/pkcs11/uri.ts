/** RFC 7512 "pkcs11:" URIs. Query attributes are never written: a URI with a pin-value is a PIN in the clear. */

/** What a URI says of a token: the fields of CK_TOKEN_INFO with the padding taken off. */
export interface TokenUriParts {
  token: string;
  manufacturer: string;
  model: string;
  serial: string;
  /** Only where the other fields do not tell tokens apart: slot numbers move (RFC 7512, 2.3, slot-id). */
  slotId?: number;
}

/** What a URI says of an object. */
export interface ObjectUriParts {
  object?: string;
  /** CKA_ID. */
  id?: Uint8Array;
  /** RFC 7512, 2.3, pk11-type. Absent for classes that have no word there. */
  type?: "cert" | "public" | "private" | "secret-key" | "data";
}

/** Everything that is not "unreserved" (RFC 3986, 2.3) is percent-encoded as UTF-8: always allowed, and what p11-kit writes. */
export const percentEncode = (text: string): string =>
  text.replace(/[^A-Za-z0-9\-._~]+/g, (part) => Array.from(Buffer.from(part, "utf8"), percentByte).join(""));

const percentBytes = Array.from({ length: 256 }, (_, byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`);
const percentByte = (byte: number): string => percentBytes[byte] ?? "";

/** U+FFFD stands for bytes that were not UTF-8. What they were is not known, and a guess would fit no token. */
const known = (text: string): boolean => text !== "" && !text.includes("\ufffd");

const tokenAttributes = ({ model, manufacturer, serial, token, slotId }: TokenUriParts): string[] => [
  ...Object.entries({ model, manufacturer, serial, token })
    .map(([name, value]) => [name, value.replace(/[ \0]+$/, "")] as const)
    .filter(([, value]) => known(value))
    .map(([name, value]) => `${name}=${percentEncode(value)}`),
  ...(slotId === undefined ? [] : [`slot-id=${slotId}`]),
];

export const tokenUri = (token: TokenUriParts): string => `pkcs11:${tokenAttributes(token).join(";")}`;

export const objectUri = (token: TokenUriParts, object: ObjectUriParts): string => uriOfObject(tokenUri(token), object);

/**
 * The same where the token's URI is made already, as for the thousands of objects of one token.
 * Every byte of the CKA_ID is percent-encoded, as RFC 7512, 2.3 recommends.
 */
export const uriOfObject = (token: string, { object, id, type }: ObjectUriParts): string => {
  let uri = token;
  const add = (attribute: string) => {
    uri += uri.endsWith(":") ? attribute : `;${attribute}`;
  };
  if (id && id.length > 0) add(`id=${Array.from(id, percentByte).join("")}`);
  if (object && known(object)) add(`object=${percentEncode(object)}`);
  if (type) add(`type=${type}`);
  return uri;
};
