import type { KeyUse } from "../../preload/contract/shared.ts";
import { Checkbox } from "../ui/fields.tsx";
import type { Chosen } from "./importing.ts";

const words: Record<"privateKey" | "publicKey", Record<KeyUse, { title: string; hint: string }>> = {
  privateKey: {
    sign: { title: "Sign", hint: "documents, logins, TLS (CKA_SIGN)" },
    decrypt: { title: "Decrypt", hint: "what was encrypted for it: mail, files (CKA_DECRYPT)" },
    unwrap: { title: "Unwrap", hint: "take in other keys that were encrypted for it (CKA_UNWRAP)" },
    derive: { title: "Agree", hint: "on a secret with another party, ECDH (CKA_DERIVE)" },
  },
  publicKey: {
    sign: { title: "Check signatures", hint: "(CKA_VERIFY)" },
    decrypt: { title: "Encrypt", hint: "for the private key (CKA_ENCRYPT)" },
    unwrap: { title: "Wrap", hint: "other keys for the private key (CKA_WRAP)" },
    // Needs no right of its own, so it is never offered.
    derive: { title: "Agree", hint: "on a secret, ECDH" },
  },
};

/** What a key will be for. Everything else is denied, and cannot be granted later on many tokens. */
export const ImportUsage = ({ chosen, onChosen }: { chosen: Chosen; onChosen(chosen: Chosen): void }) => {
  const { item, usage } = chosen;
  if (item.kind === "certificate" || item.uses.length === 0) return null;
  const of = words[item.kind];
  const [only, ...others] = item.uses;
  if (only && others.length === 0)
    return (
      <p className="muted">
        It may be used for: {of[only].title.toLowerCase()} {of[only].hint}. {item.usageWhy}
      </p>
    );
  const toggled = (use: KeyUse, on: boolean) => item.uses.filter((one) => (one === use ? on : usage.includes(one)));
  return (
    <fieldset className="import-usage">
      <legend>May be used to</legend>
      {item.uses.map((use) => (
        <Checkbox
          key={use}
          label={of[use].title}
          hint={of[use].hint}
          value={usage.includes(use)}
          // A private key for nothing would be of no use.
          disabled={item.kind === "privateKey" && usage.length === 1 && usage.includes(use)}
          onChange={(on) => onChosen({ ...chosen, usage: toggled(use, on) })}
        />
      ))}
      <p className="muted">{item.usageWhy} Nothing else is allowed.</p>
    </fieldset>
  );
};
