import { useState } from "react";
import type { ObjectRow } from "../../preload/contract/objects.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { EquivalentCommands } from "../ui/EquivalentCommands.tsx";
import { TextField } from "../ui/fields.tsx";
import { Notice } from "../ui/notices.tsx";
import { toast } from "../ui/toasts.tsx";
import { useAction } from "../ui/useAction.ts";
import { hexOfText } from "./bytes.ts";
import { DuplicateConsent } from "./DuplicateConsent.tsx";
import type { Address } from "./tasks.ts";
import { objectTitle, refOf } from "./words.ts";

/** Changes CKA_LABEL. */
export const RenameDialog = (properties: { address: Address; row: ObjectRow; onClose(): void }) => {
  const { address, row, onClose } = properties;
  const [label, setLabel] = useState(row.labelHex === null ? row.label : "");
  const [allowDuplicate, setAllowDuplicate] = useState(false);
  const action = useAction("objects.set", ({ object, warnings }) => {
    toast({
      title: `Now called "${object.label}"`,
      text: ["Read back and compared.", ...warnings].join(" "),
      look: warnings.length > 0 ? "warn" : "good",
    });
    onClose();
  });
  const input = { ...address, object: refOf(row), changes: [{ attribute: "CKA_LABEL", hex: hexOfText(label) }] };
  return (
    <Dialog
      title={`Rename ${objectTitle(row)}`}
      action="Rename"
      onAction={() => action.run({ ...input, allowDuplicate })}
      actionDisabled={label === row.label && row.labelHex === null}
      onClose={onClose}
      busy={action.busy}
      busyText="Writing and reading back"
      error={action.error}
    >
      {row.labelHex === null ? null : (
        <Notice title="The label has bytes that cannot be shown">
          <p>
            It is <code>{row.label}</code>, in bytes <code>{row.labelHex}</code>. A new label replaces all of them.
          </p>
        </Notice>
      )}
      <TextField
        label="Label"
        value={label}
        onChange={setLabel}
        hint="CKA_LABEL: the name that programs show"
        autoFocus
        selected
      />
      <DuplicateConsent error={action.error} value={allowDuplicate} onChange={setAllowDuplicate} />
      <EquivalentCommands request="objects.set" input={input} />
    </Dialog>
  );
};
