import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { ObjectRow } from "../../preload/contract/objects.ts";
import { call, errorOf } from "../client/call.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { EquivalentCommands } from "../ui/EquivalentCommands.tsx";
import { Checkbox } from "../ui/fields.tsx";
import { Notice } from "../ui/notices.tsx";
import { toast } from "../ui/toasts.tsx";
import { countWords } from "../ui/words.ts";
import { rowAgain } from "./again.ts";
import { DuplicateConsent } from "./DuplicateConsent.tsx";
import { IdField } from "./IdField.tsx";
import { colonHex, parseHex } from "./ids.ts";
import type { Address } from "./tasks.ts";
import { objectTitle, refOf } from "./words.ts";

/** Changes CKA_ID, by default on all objects that share it: private key, public key and certificate belong together by it. */
export const ChangeIdDialog = (properties: {
  address: Address;
  row: ObjectRow;
  rows: ObjectRow[];
  onClose(): void;
}) => {
  const { address, row, rows, onClose } = properties;
  const [text, setText] = useState(colonHex(row.id));
  const [allowDuplicate, setAllowDuplicate] = useState(false);
  const [together, setTogether] = useState(true);
  const [done, setDone] = useState<ObjectRow[]>([]);
  // As they were when the dialog opened: the table changes while they are written.
  const [family] = useState(() =>
    row.id === ""
      ? []
      : rows.filter(({ id, handle, modifiable }) => id === row.id && handle !== row.handle && modifiable),
  );
  const { hex } = parseHex(text);
  const inputOf = (one: ObjectRow, id: string) => ({
    ...address,
    object: refOf(one),
    changes: [{ attribute: "CKA_ID", hex: id }],
  });
  const action = useMutation({
    mutationFn: async (id: string) => {
      const finished = [...done];
      for (const one of [row, ...(together ? family.map((other) => rowAgain(other, rows)) : [])]) {
        if (finished.some(({ handle }) => handle === one.handle)) continue;
        await call("objects.set", { ...inputOf(one, id), allowDuplicate });
        finished.push(one);
        setDone([...finished]);
      }
      return finished.length;
    },
    onSuccess: (count) => {
      toast({ title: "CKA_ID changed", text: `${countWords(count, "object")}, read back and compared.`, look: "good" });
      onClose();
    },
  });
  const error = action.error ? errorOf(action.error) : null;
  return (
    <Dialog
      title={`Change CKA_ID of ${objectTitle(row)}`}
      action="Change"
      onAction={() => hex !== null && action.mutate(hex)}
      actionDisabled={hex === null || hex === row.id}
      onClose={onClose}
      busy={action.isPending}
      busyText="Writing and reading back"
      error={error}
    >
      <IdField value={text} onChange={setText} autoFocus disabled={done.length > 0} />
      {family.length > 0 ? (
        <Checkbox
          label={`Also on the other ${family.length === 1 ? "object" : countWords(family.length, "object")} with this CKA_ID`}
          hint={`so that they still belong together: ${family.map(objectTitle).join(", ")}`}
          value={together}
          onChange={setTogether}
        />
      ) : null}
      {error && done.length > 0 ? (
        <Notice look="warn" title={`Changed already: ${done.map(objectTitle).join(", ")}`}>
          <p>"Change" goes on with the others.</p>
        </Notice>
      ) : null}
      <DuplicateConsent error={error} value={allowDuplicate} onChange={setAllowDuplicate} />
      {hex === null ? null : <EquivalentCommands request="objects.set" input={inputOf(row, hex)} />}
    </Dialog>
  );
};
