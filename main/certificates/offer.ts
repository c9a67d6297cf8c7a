import { certificatePresets, presetProfile } from "../../preload/contract/certificate-presets.ts";
import { signatureAlgorithms } from "../../preload/contract/certificate-profile.ts";
import type { Output } from "../../preload/contract/index.ts";
import type { HostHandler } from "../host/handlers.ts";
import { keyWords, type PublicKey } from "../keys/public-key.ts";
import { maySign } from "../keys/test-signature.ts";
import { openToken } from "../objects/open-token.ts";
import { Failure } from "../pkcs11/failure.ts";
import { algorithmFacts, usualAlgorithm } from "../x509/algorithms.ts";
import { algorithmOffer } from "./sign-with-token.ts";
import { type FoundKey, findSigningKey } from "./signing-key.ts";

type Offer = Output<"certificates.offer">;

/** certificates.offer. A key without a known public key is no failure: the user may have it. */
export const offer: HostHandler<"certificates.offer"> = async (input, { library }) => {
  const found = await foundOrUnknown(() => findSigningKey(library, input));
  if (!found)
    return { key: null, publicKeyFrom: null, algorithms: [], notOffered: [], usual: null, presets: presetsFor("EC") };
  const { session } = openToken(library, input.token);
  const refusal = maySign(library, session, found.key) ? null : "the key may not sign (CKA_SIGN is false)";
  const { publicKey } = found;
  const { algorithms, notOffered } = algorithmsOf(found, refusal);
  const usual = usualAlgorithm(publicKey);
  return {
    key: keyWords(publicKey),
    publicKeyFrom: found.from,
    algorithms,
    notOffered,
    usual: algorithms.some(({ name }) => name === usual) ? usual : (algorithms[0]?.name ?? null),
    presets: presetsFor(publicKey.type),
  };
};

/** Only the missing public key is taken; a key that is gone is a failure. */
const foundOrUnknown = async (find: () => Promise<FoundKey>): Promise<FoundKey | null> => {
  try {
    return await find();
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.data.where === "public key of a private key") return null;
    throw thrown;
  }
};

const algorithmsOf = (found: FoundKey, refusal: string | null): Pick<Offer, "algorithms" | "notOffered"> => {
  const algorithms: Offer["algorithms"] = [];
  const notOffered: Offer["notOffered"] = [];
  for (const name of signatureAlgorithms) {
    const { title, keyType } = algorithmFacts[name];
    // Those of other kinds of keys are nobody's question.
    if (keyType !== found.publicKey.type) continue;
    const { mechanism, why } = algorithmOffer(found, name);
    if (mechanism !== null && refusal === null) algorithms.push({ name, title, mechanism });
    else notOffered.push({ title, why: refusal ?? why ?? "" });
  }
  if (found.publicKey.type === "X25519")
    notOffered.push({ title: "Signatures", why: "X25519 keys only agree on keys" });
  return { algorithms, notOffered };
};

const presetsFor = (type: PublicKey["type"]): Offer["presets"] =>
  certificatePresets.map((preset) => ({
    name: preset.name,
    title: preset.title,
    words: preset.words,
    profile: presetProfile(preset, type === "RSA" ? "RSA" : type === "EC" ? "EC" : "Ed25519"),
    needs: preset.needs,
  }));
