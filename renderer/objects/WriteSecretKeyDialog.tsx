import { useState } from "react";
import { Dialog } from "../ui/Dialog.tsx";
import { EquivalentCommands } from "../ui/EquivalentCommands.tsx";
import { Checkbox, SecretField, Select, TextField } from "../ui/fields.tsx";
import { Notice } from "../ui/notices.tsx";
import { toast } from "../ui/toasts.tsx";
import { useAction } from "../ui/useAction.ts";
import { DuplicateConsent } from "./DuplicateConsent.tsx";
import { IdField } from "./IdField.tsx";
import { parseHex } from "./ids.ts";
import type { Address } from "./tasks.ts";
import { keyWords } from "./words.ts";

const aesLengths = [16, 24, 32];

/** A secret key whose bytes are known already. */
export const WriteSecretKeyDialog = (properties: {
  address: Address;
  onDone(handles: string[]): void;
  onClose(): void;
}) => {
  const { address, onDone, onClose } = properties;
  const [keyType, setKeyType] = useState<"AES" | "generic">("AES");
  const [label, setLabel] = useState("");
  const [value, setValue] = useState("");
  const [id, setId] = useState("");
  const [sensitive, setSensitive] = useState(true);
  const [extractable, setExtractable] = useState(false);
  const [allowDuplicate, setAllowDuplicate] = useState(false);
  const action = useAction("objects.writeSecretKey", ({ object, warnings }) => {
    toast({
      title: `Secret key "${object.label}" written`,
      text: [`${keyWords(object)}, read back and compared.`, ...warnings].join(" "),
      look: warnings.length > 0 ? "warn" : "good",
    });
    onDone([object.handle]);
    onClose();
  });
  const bytes = parseHex(value);
  const wrong = value === "" ? null : (bytes.problem ?? lengthProblem(keyType, (bytes.hex?.length ?? 0) / 2));
  const ownId = parseHex(id);
  const input = { ...address, keyType, label, ...(ownId.hex ? { id: ownId.hex } : {}), sensitive, extractable };
  return (
    <Dialog
      title="Write a secret key"
      action="Write"
      onAction={() => bytes.hex && action.run({ ...input, value: bytes.hex, allowDuplicate })}
      actionDisabled={!bytes.hex || wrong !== null || label === "" || ownId.hex === null}
      onClose={onClose}
      busy={action.busy}
      busyText="Writing and reading back"
      error={action.error}
    >
      <Notice>
        <p>
          These bytes have been outside the token and may exist elsewhere. A key that was never outside: "Generate key".
        </p>
      </Notice>
      <Select<"AES" | "generic">
        label="Kind"
        value={keyType}
        choices={[
          { value: "AES", title: "AES", description: "16, 24 or 32 bytes" },
          { value: "generic", title: "Generic secret", description: "For HMAC and key derivation, any length" },
        ]}
        onChange={setKeyType}
      />
      <TextField label="Label" value={label} onChange={setLabel} autoFocus />
      <SecretField
        label="Key bytes"
        value={value}
        onChange={setValue}
        hint={`Hexadecimal. ${bytes.hex ? `${bytes.hex.length / 2} bytes.` : ""}`}
        problem={wrong}
      />
      <IdField value={id} onChange={setId} hint="Hexadecimal. Empty: 20 random bytes." />
      <Checkbox label="Sensitive" hint="never readable in plain" value={sensitive} onChange={setSensitive} />
      <Checkbox label="Extractable" hint="can leave the token, wrapped" value={extractable} onChange={setExtractable} />
      <DuplicateConsent error={action.error} value={allowDuplicate} onChange={setAllowDuplicate} />
      <EquivalentCommands request="objects.writeSecretKey" input={input} />
    </Dialog>
  );
};

const lengthProblem = (keyType: "AES" | "generic", length: number): string | null => {
  if (keyType === "AES" && !aesLengths.includes(length))
    return `An AES key has 16, 24 or 32 bytes; these are ${length}.`;
  return length > 512 ? `At most 512 bytes; these are ${length}.` : null;
};
