import { certificateProfile } from "../../../preload/contract/certificate-profile.ts";
import type { Output } from "../../../preload/contract/index.ts";
import type { HostHandler } from "../../host/handlers.ts";
import { algorithmIdentifier, bits, children, expectTag, readAll, sequence, tags } from "../../keys/ber.ts";
import { fromSpki, keyBits, keyWords, type PublicKey } from "../../keys/public-key.ts";
import { nameText } from "../../objects/distinguished-name.ts";
import { badFile, reading } from "../../objects/import/file-failures.ts";
import { looksLikePem, pemBlocks, textOf } from "../../objects/import/pem.ts";
import { algorithmOf, checkSignature } from "../../x509/view/algorithm.ts";
import { anyElement } from "../../x509/view/asn1/ber.ts";
import { mendReply } from "../reply/mend-text.ts";
import { askedExtensions, extensionLists, requestedOf } from "./requested.ts";

/** A PKCS#10 request (RFC 2986), whose signature fits its key. */
export interface ReadRequest {
  publicKey: PublicKey;
  spki: Buffer;
  shown: Output<"certificates.readRequest">;
}

/** certificates.readRequest */
export const readRequest: HostHandler<"certificates.readRequest"> = ({ fileName, content }) =>
  requestOf(fileName, Buffer.from(content, "base64")).shown;

const largest = 1024 * 1024;

/**
 * Reads a request and checks its signature: whoever asks must have the key.
 * @throws Failure BAD_FILE
 */
export const requestOf = (fileName: string, content: Buffer): ReadRequest => {
  if (content.length === 0) throw badFile(fileName, "The file is empty.");
  if (content.length > largest)
    throw badFile(fileName, `It has ${Math.round(content.length / 1e5) / 10} MB: no request is that large.`);
  const der = bytesOf(fileName, content);
  return reading(fileName, () => read(fileName, der));
};

const bytesOf = (fileName: string, content: Buffer): Buffer => {
  const mended = mendReply(fileName, content).content;
  const text = textOf(mended);
  if (!looksLikePem(text)) return mended;
  const blocks = pemBlocks(fileName, text);
  const requests = blocks.filter(({ label }) => label === "CERTIFICATE REQUEST");
  const [only] = requests;
  if (!only)
    throw badFile(
      fileName,
      `There is no certificate request in it, but ${blocks.map(({ label }) => label).join(", ")}.`,
      "Choose the request (CSR) that was made for the key.",
    );
  if (requests.length > 1)
    throw badFile(fileName, `There are ${requests.length} requests in it.`, "Give them one by one.");
  return only.bytes;
};

const read = (fileName: string, der: Buffer): ReadRequest => {
  const [info, algorithm, signature] = sequence(readAll(der), "CertificationRequest");
  const [version, subject, spki, attributes] = sequence(info, "CertificationRequestInfo");
  expectTag(version, tags.integer, "a version");
  const name = expectTag(subject, tags.sequence, "a subject").raw;
  const key = expectTag(spki, tags.sequence, "a public key").raw;
  algorithmIdentifier(algorithm);
  const signedWith = algorithmOf(
    anyElement(expectTag(algorithm, tags.sequence, "an algorithm").raw, 0).element ?? undefined,
    "The algorithm",
    0,
  );
  const good = checkSignature(
    signedWith,
    key,
    info?.raw ?? Buffer.alloc(0),
    bits(expectTag(signature, tags.bitString, "a signature")),
  );
  if (good !== true)
    throw badFile(
      fileName,
      good === null
        ? `The request's signature (${signedWith.view.name}) cannot be checked here, so nobody has shown to have its key.`
        : "The request's signature does not fit its key: it was changed, or made with another key.",
      "Ask for a new request.",
    );
  const publicKey = fromSpki(key);
  const asked = attributes?.tag === 0xa0 ? extensionLists(attributes).flatMap(askedExtensions) : [];
  const { extensions, taken, critical } = requestedOf(asked);
  const text = nameText(name) ?? "";
  return {
    publicKey,
    spki: key,
    shown: {
      subject: text,
      keyWords: keyWords(publicKey),
      keyType: publicKey.type,
      signedWith: signedWith.view.name,
      profile: certificateProfile.parse({ subject: text, ...taken, critical }),
      extensions,
      warnings: [
        ...(publicKey.type === "RSA" && keyBits(publicKey) < 2048 ? ["RSA keys below 2048 bits are too weak."] : []),
        ...(taken.basicConstraints?.ca ? ["The request asks for a CA certificate: it could sign others."] : []),
        ...(children(readAll(name)).length === 0 ? ["The request has no subject."] : []),
      ],
    },
  };
};
