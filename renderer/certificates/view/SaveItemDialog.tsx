import { useState } from "react";
import { base64OfText, bytesOfBase64, pemOf } from "../../objects/bytes.ts";
import { Saved } from "../../objects/Saved.tsx";
import { SaveFolder, savingNotice } from "../../objects/SaveFolder.tsx";
import { useSaving } from "../../objects/useSaving.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { type Choice, Select, TextField } from "../../ui/fields.tsx";
import { countWords } from "../../ui/words.ts";
import { itemFileName } from "./words.ts";

type Format = "pem" | "der";

const formats: Choice<Format>[] = [
  { value: "pem", title: "PEM", description: "Text between BEGIN and END lines; what most programs read" },
  { value: "der", title: "DER", description: "The same in binary" },
];

/** Writes an item to a file. @param properties.bytes base64 of the DER, with its PEM label if it has one */
export const SaveItemDialog = (properties: {
  title: string;
  bytes: { base64: string; label: string | null; words: string };
  onClose(): void;
}) => {
  const { title, bytes, onClose } = properties;
  const { base64, label, words } = bytes;
  const [format, setFormat] = useState<Format>(label ? "pem" : "der");
  const [name, setName] = useState(itemFileName(title));
  const text = label && format === "pem" ? pemOf(label, base64) : null;
  const saving = useSaving([
    async () => ({
      fileName: `${name.trim()}.${format}`,
      content: text === null ? base64 : base64OfText(text),
      text,
    }),
  ]);
  if (saving.saved) return <Saved files={saving.saved} onClose={onClose} />;
  return (
    <Dialog
      title={`Save the ${words.charAt(0).toLowerCase()}${words.slice(1)}`}
      action="Save"
      onAction={saving.start}
      actionDisabled={saving.missing !== null || name.trim() === ""}
      onClose={onClose}
      busy={saving.busy}
      busyText="Writing"
      error={saving.error}
      notice={savingNotice(saving)}
    >
      <Select<Format>
        label="Format"
        value={format}
        choices={label ? formats : formats.filter(({ value }) => value === "der")}
        onChange={setFormat}
        hint={countWords(text?.length ?? bytesOfBase64(base64).length, "byte")}
      />
      <TextField label="File name" value={name} onChange={setName} hint={`.${format} is added`} mono />
      <SaveFolder saving={saving} />
    </Dialog>
  );
};
