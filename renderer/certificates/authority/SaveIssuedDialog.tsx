import { useState } from "react";
import { call } from "../../client/call.ts";
import { Saved } from "../../objects/Saved.tsx";
import { SaveFolder, savingNotice } from "../../objects/SaveFolder.tsx";
import { useSaving } from "../../objects/useSaving.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { Select } from "../../ui/fields.tsx";

type Format = "pem" | "der";

const descriptions = {
  list: {
    der: "For the address that certificates name (RFC 5280 4.2.1.13)",
    pem: "Text; OpenSSL and web servers read it",
  },
  certificate: { der: "Binary, the certificate alone", pem: "Text, with the CA's certificate below it" },
};

/** The last revocation list of a CA, or a certificate that it issued, as a file. @param serialNumber null: the list */
export const SaveIssuedDialog = (properties: { id: string; serialNumber: string | null; onClose(): void }) => {
  const { id, serialNumber, onClose } = properties;
  const what = serialNumber === null ? "list" : "certificate";
  const [format, setFormat] = useState<Format>(serialNumber === null ? "der" : "pem");
  const saving = useSaving([
    () =>
      serialNumber === null
        ? call("authority.exportList", { id, format })
        : call("authority.exportCertificate", { id, serialNumber, format, chain: format === "pem" }),
  ]);
  if (saving.saved) return <Saved files={saving.saved} onClose={onClose} />;
  return (
    <Dialog
      title={serialNumber === null ? "Save the revocation list" : "Save the certificate"}
      action="Save"
      onAction={saving.start}
      actionDisabled={saving.missing !== null}
      onClose={onClose}
      busy={saving.busy}
      error={saving.error}
      notice={savingNotice(saving)}
    >
      <Select<Format>
        label="Format"
        value={format}
        choices={(["der", "pem"] as const).map((value) => ({
          value,
          title: value.toUpperCase(),
          description: descriptions[what][value],
        }))}
        onChange={setFormat}
      />
      <SaveFolder saving={saving} />
    </Dialog>
  );
};
