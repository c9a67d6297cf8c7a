import { useState } from "react";
import type { ObjectRow } from "../../preload/contract/objects.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { EquivalentCommands } from "../ui/EquivalentCommands.tsx";
import { TextField } from "../ui/fields.tsx";
import { toast } from "../ui/toasts.tsx";
import { useAction } from "../ui/useAction.ts";
import { DuplicateConsent } from "./DuplicateConsent.tsx";
import { IdField } from "./IdField.tsx";
import { colonHex, parseHex } from "./ids.ts";
import type { Address } from "./tasks.ts";
import { objectTitle, refOf } from "./words.ts";

/** C_CopyObject: a second object on the same token. */
export const CopyObjectDialog = (properties: {
  address: Address;
  row: ObjectRow;
  onDone(handles: string[]): void;
  onClose(): void;
}) => {
  const { address, row, onDone, onClose } = properties;
  const [label, setLabel] = useState(`${row.label} copy`);
  const [id, setId] = useState(colonHex(row.id));
  const [allowDuplicate, setAllowDuplicate] = useState(false);
  const action = useAction("objects.copy", ({ object, warnings }) => {
    toast({
      title: `Copied to "${object.label}"`,
      text: ["Read back and compared.", ...warnings].join(" "),
      look: warnings.length > 0 ? "warn" : "good",
    });
    onDone([object.handle]);
    onClose();
  });
  const { hex } = parseHex(id);
  const input = { ...address, object: refOf(row), label, ...(hex && row.class !== "data" ? { id: hex } : {}) };
  return (
    <Dialog
      title={`Copy ${objectTitle(row)}`}
      action="Copy"
      onAction={() => action.run({ ...input, allowDuplicate })}
      actionDisabled={label === "" || hex === null}
      onClose={onClose}
      busy={action.busy}
      busyText="Copying and reading back"
      error={action.error}
    >
      <p className="muted">The copy stays on this token, with the same value and the same protection.</p>
      <TextField label="Label of the copy" value={label} onChange={setLabel} autoFocus selected />
      {row.class === "data" ? null : <IdField label="CKA_ID of the copy" value={id} onChange={setId} />}
      <DuplicateConsent error={action.error} value={allowDuplicate} onChange={setAllowDuplicate} />
      <EquivalentCommands request="objects.copy" input={input} />
    </Dialog>
  );
};
