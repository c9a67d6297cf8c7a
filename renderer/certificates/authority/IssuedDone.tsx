import type { Output } from "../../../preload/contract/index.ts";
import { call } from "../../client/call.ts";
import { Saved } from "../../objects/Saved.tsx";
import { SaveFolder, savingNotice } from "../../objects/SaveFolder.tsx";
import { useSaving } from "../../objects/useSaving.ts";
import { CopiedText } from "../../ui/CopiedText.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { Notice } from "../../ui/notices.tsx";

/** The certificate that was issued: copied or saved, with the CA's above it. */
export const IssuedDone = ({ done, onClose }: { done: Output<"authority.issue">; onClose(): void }) => {
  const { certificate, authority, warnings } = done;
  const { serialNumber } = certificate;
  const saving = useSaving([
    () => call("authority.exportCertificate", { id: authority.id, serialNumber, format: "pem", chain: true }),
  ]);
  if (saving.saved) return <Saved files={saving.saved} onClose={onClose} />;
  return (
    <Dialog
      title="Certificate issued"
      action="Save with the CA's certificate"
      closing="Close"
      onAction={saving.start}
      actionDisabled={saving.missing !== null}
      onClose={onClose}
      busy={saving.busy}
      error={saving.error}
      notice={savingNotice(saving)}
      wide
    >
      <Notice look="good" title={certificate.subject || "No subject"}>
        <p>
          Serial number <code>{serialNumber}</code>, valid until {certificate.notAfter.slice(0, 10)}. It is in the
          register of {authority.subject}.
        </p>
      </Notice>
      {warnings.map((warning) => (
        <Notice key={warning} look="warn">
          <p>{warning}</p>
        </Notice>
      ))}
      <CopiedText text={done.pem} what="Certificate" />
      <SaveFolder saving={saving} />
    </Dialog>
  );
};
