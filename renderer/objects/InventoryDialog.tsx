import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { call, errorOf } from "../client/call.ts";
import { useRequest } from "../client/queries.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { EquivalentCommands } from "../ui/EquivalentCommands.tsx";
import { Select, TextField } from "../ui/fields.tsx";
import { base64OfText } from "./bytes.ts";
import { Saved } from "./Saved.tsx";
import type { Address } from "./tasks.ts";

/** The whole object table as a file. */
export const InventoryDialog = ({ address, onClose }: { address: Address; onClose(): void }) => {
  const [format, setFormat] = useState<"csv" | "json">("csv");
  const [folder, setFolder] = useState<string | null>(null);
  const settings = useRequest("app.settings", {});
  const where = folder ?? settings.data?.exportFolder ?? "";
  const action = useMutation({
    mutationFn: async () => {
      const { fileName, text } = await call("objects.inventory", { ...address, format });
      const input = { fileName, content: base64OfText(text), ...(where ? { folder: where } : {}) };
      return { ...(await call("files.save", input)), text };
    },
  });
  if (action.data) return <Saved files={[action.data]} onClose={onClose} />;
  return (
    <Dialog
      title="Save the inventory"
      action="Save"
      onAction={() => action.mutate()}
      onClose={onClose}
      busy={action.isPending}
      busyText="Reading all objects"
      error={action.error ? errorOf(action.error) : null}
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
      <TextField
        label="Folder"
        value={where}
        onChange={setFolder}
        hint="A file that is there already is never replaced."
      />
      <EquivalentCommands request="objects.inventory" input={{ ...address, format }} />
    </Dialog>
  );
};
