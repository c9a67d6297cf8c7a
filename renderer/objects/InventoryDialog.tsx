import { useState } from "react";
import { call } from "../client/call.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { EquivalentCommands } from "../ui/EquivalentCommands.tsx";
import { Select } from "../ui/fields.tsx";
import { base64OfText } from "./bytes.ts";
import { Saved } from "./Saved.tsx";
import { SaveFolder, savingNotice } from "./SaveFolder.tsx";
import type { Address } from "./tasks.ts";
import { useSaving } from "./useSaving.ts";

/** The whole object table as a file. */
export const InventoryDialog = ({ address, onClose }: { address: Address; onClose(): void }) => {
  const [format, setFormat] = useState<"csv" | "json">("csv");
  const saving = useSaving([
    async () => {
      const { fileName, text } = await call("objects.inventory", { ...address, format });
      return { fileName, content: base64OfText(text), text };
    },
  ]);
  if (saving.saved) return <Saved files={saving.saved} onClose={onClose} />;
  return (
    <Dialog
      title="Save the inventory"
      action="Save"
      onAction={saving.start}
      actionDisabled={saving.missing !== null}
      onClose={onClose}
      busy={saving.busy}
      busyText="Reading all objects"
      error={saving.error}
      notice={savingNotice(saving)}
    >
      <p className="muted">
        Every object that can be seen now, with its names, key, flags and dates. No key material, no PIN.
      </p>
      <Select<"csv" | "json">
        label="Format"
        value={format}
        choices={[
          { value: "csv", title: "CSV", description: "For spreadsheets" },
          { value: "json", title: "JSON", description: "For programs" },
        ]}
        onChange={setFormat}
      />
      <SaveFolder saving={saving} />
      <EquivalentCommands request="objects.inventory" input={{ ...address, format }} />
    </Dialog>
  );
};
