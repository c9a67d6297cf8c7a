import { useState } from "react";
import type { IssuedCertificate } from "../../../preload/contract/authority.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { Select } from "../../ui/fields.tsx";
import { toast } from "../../ui/toasts.tsx";
import { useAction } from "../../ui/useAction.ts";
import { type Reason, reasonWords } from "./reasons.ts";

/** Marks a certificate as revoked. Others learn of it with the next revocation list. */
export const RevokeDialog = (properties: { id: string; certificate: IssuedCertificate; onClose(): void }) => {
  const { id, certificate, onClose } = properties;
  const [reason, setReason] = useState<Reason>("superseded");
  const revoke = useAction("authority.revoke", () => {
    toast({ title: "Revoked", text: "It is on the next revocation list: make one now.", look: "good" });
    onClose();
  });
  return (
    <Dialog
      title="Revoke a certificate"
      action="Revoke"
      danger
      onAction={() => revoke.run({ id, serialNumber: certificate.serialNumber, reason })}
      onClose={onClose}
      busy={revoke.busy}
      error={revoke.error}
    >
      <p>
        <strong>{certificate.subject || "no subject"}</strong>, serial number <code>{certificate.serialNumber}</code>
      </p>
      <Select<Reason>
        label="Reason"
        value={reason}
        choices={(Object.keys(reasonWords) as Reason[]).map((value) => ({
          value,
          title: reasonWords[value],
          description: value,
        }))}
        onChange={setReason}
      />
      <p className="muted">
        {reason === "certificateHold"
          ? "A hold can be ended again."
          : "This is for good: a revoked certificate never becomes valid again."}
      </p>
    </Dialog>
  );
};
