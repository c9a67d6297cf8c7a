import { useState } from "react";
import type { AttributeRow, ObjectRow } from "../../preload/contract/objects.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { EquivalentCommands } from "../ui/EquivalentCommands.tsx";
import { Checkbox, TextField } from "../ui/fields.tsx";
import { toast } from "../ui/toasts.tsx";
import { useAction } from "../ui/useAction.ts";
import { bytesOfHex, hexOfText } from "./bytes.ts";
import { IdField } from "./IdField.tsx";
import { colonHex, parseHex } from "./ids.ts";
import type { Address } from "./tasks.ts";
import { objectTitle, refOf } from "./words.ts";

/** C_SetAttributeValue for any attribute that may be changed: yes or no, text, or bytes. */
export const AttributeDialog = (properties: {
  address: Address;
  row: ObjectRow;
  attribute: AttributeRow;
  onClose(): void;
}) => {
  const { address, row, attribute, onClose } = properties;
  const [hex, setHex] = useState<string | null>(attribute.hex ?? "");
  const action = useAction("objects.set", ({ compared, warnings }) => {
    toast({
      title: `${attribute.name} changed`,
      text: [`Read back and compared: ${compared.join(", ")}.`, ...warnings].join(" "),
      look: warnings.length > 0 ? "warn" : "good",
    });
    onClose();
  });
  const input = { ...address, object: refOf(row), changes: [{ attribute: attribute.name, hex: hex ?? "" }] };
  return (
    <Dialog
      title={`${attribute.name} of ${objectTitle(row)}`}
      action="Write"
      onAction={() => action.run(input)}
      actionDisabled={hex === null || hex === attribute.hex}
      onClose={onClose}
      busy={action.busy}
      busyText="Writing and reading back"
      error={action.error}
    >
      <p className="muted">{attribute.about}</p>
      <Value attribute={attribute} onHex={setHex} />
      {hex === null ? null : <EquivalentCommands request="objects.set" input={input} />}
    </Dialog>
  );
};

const Value = ({ attribute, onHex }: { attribute: AttributeRow; onHex(hex: string | null): void }) => {
  const [text, setText] = useState(() => startText(attribute));
  if (attribute.kind === "boolean")
    return (
      <Checkbox
        label={attribute.name}
        value={text === "01"}
        onChange={(value) => {
          setText(value ? "01" : "00");
          onHex(value ? "01" : "00");
        }}
      />
    );
  if (attribute.kind === "text")
    return (
      <TextField
        label={attribute.name}
        value={text}
        onChange={(value) => {
          setText(value);
          onHex(hexOfText(value));
        }}
        autoFocus
      />
    );
  return (
    <IdField
      label={`${attribute.name}, bytes`}
      value={text}
      onChange={(value) => {
        setText(value);
        onHex(parseHex(value).hex);
      }}
      autoFocus
    />
  );
};

const startText = ({ kind, hex }: AttributeRow): string => {
  if (kind === "boolean") return hex === null || /^(00)*$/.test(hex) ? "00" : "01";
  if (kind === "text") return new TextDecoder().decode(bytesOfHex(hex ?? ""));
  return colonHex(hex ?? "");
};
