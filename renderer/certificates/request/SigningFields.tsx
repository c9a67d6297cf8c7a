import type { SignatureAlgorithm } from "../../../preload/contract/certificate-profile.ts";
import { errorOf } from "../../client/call.ts";
import { Select } from "../../ui/fields.tsx";
import { ErrorNotice, Notice } from "../../ui/notices.tsx";
import { TextArea } from "../../ui/TextArea.tsx";
import type { useSigningKey } from "./useSigningKey.ts";

/** Algorithm, and the public key where the token shows none. */
export const SigningFields = ({ signing }: { signing: ReturnType<typeof useSigningKey> }) => {
  const { offer, algorithm } = signing;
  return (
    <>
      {signing.missing ? (
        <>
          <Notice look="warn" title="The token shows no public key for this private key">
            <p>
              Neither a public key object nor a certificate has its CKA_ID. Hand over the public key or a certificate of
              it; the signature is checked with it before anything is handed out.
            </p>
          </Notice>
          <TextArea
            label="Public key or certificate"
            value={signing.given}
            onChange={signing.setGiven}
            placeholder="-----BEGIN PUBLIC KEY-----"
            rows={4}
            mono
          />
        </>
      ) : null}
      {signing.error ? <ErrorNotice error={errorOf(signing.error)} /> : null}
      {offer && algorithm ? (
        <Select<SignatureAlgorithm>
          label="Signature"
          value={algorithm}
          choices={offer.algorithms.map(({ name, title, mechanism }) => ({
            value: name,
            title,
            description: mechanism,
          }))}
          onChange={signing.setAlgorithm}
          hint={`Key: ${offer.key ?? "not known"}; its public key is from ${offer.publicKeyFrom ?? "nowhere"}.`}
        />
      ) : null}
      {offer && offer.notOffered.length > 0 ? (
        <p className="muted">
          Not offered: {offer.notOffered.map(({ title, why }) => `${title} (${why})`).join("; ")}.
        </p>
      ) : null}
    </>
  );
};
