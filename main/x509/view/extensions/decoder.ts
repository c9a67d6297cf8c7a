import type { Element } from "../asn1/ber.ts";

/**
 * What an extension says, line by line.
 * @param value the element in extnValue
 * @throws BerError naming the byte where it is not what its definition says
 */
export type Decoder = (value: Element) => string[];
