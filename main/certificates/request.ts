import type { CertificateProfile } from "../../preload/contract/certificate-profile.ts";
import type { HostHandler } from "../host/handlers.ts";
import { toSpki } from "../keys/public-key.ts";
import { nameText } from "../objects/distinguished-name.ts";
import { failure } from "../pkcs11/failure.ts";
import { profileExtensions } from "../x509/extensions.ts";
import { profileSubject } from "../x509/name.ts";
import { pem } from "../x509/pem.ts";
import { requestToBeSigned } from "../x509/request.ts";
import { signedStructure } from "../x509/signed.ts";
import { chosenAlgorithm, type TokenSignature, type TokenSigner, tokenSigner } from "./sign-with-token.ts";
import { withSigningKey } from "./signing-key.ts";

/** What a profile is in bytes; made before the token is asked for anything. */
interface Wanted {
  subject: Buffer;
  extensions: Buffer[];
}

const wantedOf = (profile: CertificateProfile): Wanted => ({
  subject: profileSubject(profile.subject),
  extensions: profileExtensions(profile),
});

/** certificates.request */
export const request: HostHandler<"certificates.request"> = (input, { library }) => {
  const wanted = wantedOf(input.profile);
  return withSigningKey(library, input, async (signing) => {
    const signer = tokenSigner(signing, chosenAlgorithm(signing, input.algorithm));
    const toBeSigned = requestToBeSigned({ ...wanted, spki: toSpki(signing.publicKey) });
    const signed = await signer.check(toBeSigned, await signer.sign(toBeSigned));
    return { ...madeRequest(wanted, toBeSigned, signer, signed.signature), ...how(signer, signed, signing.from) };
  });
};

const madeRequest = ({ subject }: Wanted, toBeSigned: Buffer, { algorithm }: TokenSigner, signature: Buffer) => {
  const bytes = signedStructure(toBeSigned, algorithm, signature);
  return {
    content: bytes.toString("base64"),
    pem: pem("CERTIFICATE REQUEST", bytes),
    subject: nameText(subject) ?? "",
  };
};

const how = (
  { algorithm }: TokenSigner,
  { mechanism, milliseconds, verifiedBy }: TokenSignature,
  publicKeyFrom: string,
) => ({ algorithm, mechanism, milliseconds, verifiedBy, publicKeyFrom });

/** A token that signs faster than this is called directly: a thread of its own costs 0.1 ms. */
const quickMilliseconds = 1;
/** Signatures that are being checked while the token makes the next ones; then others get a turn. */
const underCheck = 64;

/**
 * certificates.requestBatch: the key is looked for once, and signatures are checked in other threads while the token
 * makes the next. `milliseconds` is the time of all signatures.
 */
export const requestBatch: HostHandler<"certificates.requestBatch"> = (input, { library, progress }) => {
  const all = input.profiles.map(wantedOf);
  return withSigningKey(library, input, async (signing) => {
    const signer = tokenSigner(signing, chosenAlgorithm(signing, input.algorithm));
    if (signer.always && all.length > 1) throw pinForEach(signing.words);
    const spki = toSpki(signing.publicKey);
    const requests: ReturnType<typeof madeRequest>[] = [];
    let checks: Promise<TokenSignature>[] = [];
    let last: TokenSignature | undefined;
    let milliseconds = 0;
    let direct = false;
    for (const wanted of all) {
      const toBeSigned = requestToBeSigned({ ...wanted, spki });
      const unchecked = await signer.sign(toBeSigned, direct);
      direct = unchecked.made.milliseconds < quickMilliseconds;
      milliseconds += unchecked.made.milliseconds;
      checks.push(signer.check(toBeSigned, unchecked));
      requests.push(madeRequest(wanted, toBeSigned, signer, unchecked.signature));
      if (checks.length < underCheck && requests.length < all.length) continue;
      last = (await Promise.all(checks)).at(-1);
      checks = [];
      progress({ done: requests.length, of: all.length });
    }
    if (!last) throw new Error("a batch without profiles passed the contract");
    return { requests, ...how(signer, { ...last, milliseconds }, signing.from) };
  });
};

const pinForEach = (where: string) =>
  failure("REFUSED", {
    where,
    message: "This key asks for the PIN at each use (CKA_ALWAYS_AUTHENTICATE), and a batch has one PIN only.",
    remedy: "Make the requests one by one.",
  });
