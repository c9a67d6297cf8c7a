import { useState } from "react";
import { call } from "../../client/call.ts";
import { Saved } from "../../objects/Saved.tsx";
import { SaveFolder, savingNotice } from "../../objects/SaveFolder.tsx";
import { useSaving } from "../../objects/useSaving.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { Select } from "../../ui/fields.tsx";

/** The last revocation list of a CA as a file. */
export const SaveListDialog = ({ id, onClose }: { id: string; onClose(): void }) => {
  const [format, setFormat] = useState<"pem" | "der">("der");
  const saving = useSaving([() => call("authority.exportList", { id, format })]);
  if (saving.saved) return <Saved files={saving.saved} onClose={onClose} />;
  return (
    <Dialog
      title="Save the revocation list"
      action="Save"
      onAction={saving.start}
      actionDisabled={saving.missing !== null}
      onClose={onClose}
      busy={saving.busy}
      error={saving.error}
      notice={savingNotice(saving)}
    >
      <Select<"pem" | "der">
        label="Format"
        value={format}
        choices={[
          {
            value: "der",
            title: "DER (.crl)",
            description: "For the address that certificates name (RFC 5280 4.2.1.13)",
          },
          { value: "pem", title: "PEM", description: "Text; OpenSSL and web servers read it" },
        ]}
        onChange={setFormat}
      />
      <SaveFolder saving={saving} />
    </Dialog>
  );
};
