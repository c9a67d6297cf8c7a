import { setImmediate } from "node:timers/promises";
import type { CertificateProfile, SignatureAlgorithm } from "../../preload/contract/certificate-profile.ts";
import type { HostHandler } from "../host/handlers.ts";
import { toSpki } from "../keys/public-key.ts";
import { nameText } from "../objects/distinguished-name.ts";
import { failure } from "../pkcs11/failure.ts";
import { profileExtensions } from "../x509/extensions.ts";
import { profileSubject } from "../x509/name.ts";
import { pem } from "../x509/pem.ts";
import { requestToBeSigned } from "../x509/request.ts";
import { signedStructure } from "../x509/signed.ts";
import {
  chosenAlgorithm,
  signWithToken,
  type TokenSignature,
  type TokenSigner,
  tokenSigner,
  type UncheckedSignature,
} from "./sign-with-token.ts";
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
    const algorithm = chosenAlgorithm(signing, input.algorithm);
    const toBeSigned = requestToBeSigned({ ...wanted, spki: toSpki(signing.publicKey) });
    const signed = await signWithToken(signing, algorithm, toBeSigned);
    const { content, subject } = madeRequest(wanted, toBeSigned, algorithm, signed.signature);
    return {
      content: content.toString("base64"),
      pem: pem("CERTIFICATE REQUEST", content),
      subject,
      ...how(algorithm, signed, signing.from),
    };
  });
};

const madeRequest = ({ subject }: Wanted, toBeSigned: Buffer, algorithm: SignatureAlgorithm, signature: Buffer) => ({
  content: signedStructure(toBeSigned, algorithm, signature),
  subject: nameText(subject) ?? "",
});

const how = (
  algorithm: SignatureAlgorithm,
  { mechanism, milliseconds, verifiedBy }: TokenSignature,
  publicKeyFrom: string,
) => ({ algorithm, mechanism, milliseconds, verifiedBy, publicKeyFrom });

/** A token that signs faster than this is called directly: a thread of its own costs 0.1 ms. */
const quickMilliseconds = 1;
/** Signatures after which they are handed over to be checked, and others get a turn. */
const turn = 128;
const progressMilliseconds = 200;

/**
 * certificates.requestBatch: the key is looked for once, and signatures are checked in another thread while the token
 * makes the next. `milliseconds` is the time of all signatures.
 */
export const requestBatch: HostHandler<"certificates.requestBatch"> = (input, { library, progress }) => {
  const all = input.profiles.map(wantedOf);
  return withSigningKey(library, input, async (signing) => {
    const signer = tokenSigner(signing, chosenAlgorithm(signing, input.algorithm));
    const [first, ...rest] = all;
    if (!first) throw new Error("a batch without profiles passed the contract");
    if (signer.always && rest.length > 0) throw pinForEach(signing.words);
    const spki = toSpki(signing.publicKey);
    const bytesOf = (wanted: Wanted) => requestToBeSigned({ ...wanted, spki });
    // The first one alone: it proves the pair, and tells how fast the token is.
    const toBeSigned = bytesOf(first);
    const unchecked = await signer.sign(toBeSigned);
    const proved = await signer.check(toBeSigned, unchecked);
    const made = [{ wanted: first, toBeSigned, unchecked }];
    let { milliseconds } = proved;
    let quick = milliseconds < quickMilliseconds;
    const checks: Promise<void>[] = [];
    let told = performance.now();
    for (let from = 0; from < rest.length; from += turn) {
      const parts = rest.slice(from, from + turn).map((wanted) => ({ wanted, toBeSigned: bytesOf(wanted) }));
      const signatures = await signEach(
        signer,
        parts.map(({ toBeSigned }) => toBeSigned),
        quick,
      );
      const last = signatures.at(-1)?.made.milliseconds ?? 0;
      quick = last < quickMilliseconds;
      for (const { made } of signatures) milliseconds += made.milliseconds;
      const these = parts.flatMap((part, i) => {
        const unchecked = signatures[i];
        return unchecked ? [{ ...part, unchecked }] : [];
      });
      made.push(...these);
      const check = signer.checkMany(these);
      // Awaited below; until then a failure is nobody's.
      check.catch(() => {});
      checks.push(check);
      if (performance.now() - told > progressMilliseconds) {
        progress({ done: made.length, of: all.length });
        told = performance.now();
      }
      await setImmediate();
    }
    await Promise.all(checks);
    const requests = made.map(({ wanted, toBeSigned, unchecked: { signature } }) => {
      const { content, subject } = madeRequest(wanted, toBeSigned, signer.algorithm, signature);
      return { content: content.toString("base64"), subject };
    });
    return { requests, ...how(signer.algorithm, { ...proved, milliseconds }, signing.from) };
  });
};

/** One by one until the token turns out to be quick, and the rest without waiting. */
const signEach = async (signer: TokenSigner, all: Buffer[], quick: boolean): Promise<UncheckedSignature[]> => {
  if (quick) return signer.signAtOnce(all);
  const signatures: UncheckedSignature[] = [];
  for (const toBeSigned of all) {
    const next = await signer.sign(toBeSigned);
    signatures.push(next);
    // A long time may be that of other requests, whose turn it was meanwhile: a short one says more.
    if (next.made.milliseconds < quickMilliseconds)
      return [...signatures, ...signer.signAtOnce(all.slice(signatures.length))];
  }
  return signatures;
};

const pinForEach = (where: string) =>
  failure("REFUSED", {
    where,
    message: "This key asks for the PIN at each use (CKA_ALWAYS_AUTHENTICATE), and a batch has one PIN only.",
    remedy: "Make the requests one by one.",
  });
