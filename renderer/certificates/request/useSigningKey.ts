import { useState } from "react";
import type { SignatureAlgorithm } from "../../../preload/contract/certificate-profile.ts";
import type { ObjectRow } from "../../../preload/contract/objects.ts";
import { useFreshRequest } from "../../client/queries.ts";
import type { Address } from "../../objects/tasks.ts";
import { refOf } from "../../objects/words.ts";

/** What a private key can sign with, and the choices that a request makes of it. */
export const useSigningKey = (address: Address, row: ObjectRow) => {
  const [algorithm, setAlgorithm] = useState<SignatureAlgorithm | null>(null);
  const [given, setGiven] = useState("");
  const text = given.trim();
  const input = { ...address, key: refOf(row), ...(text === "" ? {} : { publicKey: text }) };
  const { data: offer, error } = useFreshRequest("certificates.offer", input);
  // The kind of key decides the presets, and is known without what was given too.
  const [first, setFirst] = useState(offer);
  if (offer && !first) setFirst(offer);
  const chosen = algorithm ?? offer?.usual ?? null;
  return {
    offer: offer ?? first,
    error,
    given,
    setGiven,
    /** A public key is to be handed over, since the token shows none. */
    missing: first?.key === null,
    algorithm: chosen,
    setAlgorithm,
    ready: offer !== undefined && offer.key !== null && chosen !== null,
    /** Fields of the request. */
    input: { ...input, ...(chosen ? { algorithm: chosen } : {}) },
  };
};
