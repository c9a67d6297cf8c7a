import { useState } from "react";
import type { Output } from "../../../preload/contract/index.ts";
import type { ObjectRow } from "../../../preload/contract/objects.ts";
import { Button } from "../../ui/Button.tsx";
import { CopiedText } from "../../ui/CopiedText.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { Notice } from "../../ui/notices.tsx";
import { SaveItemDialog } from "../view/SaveItemDialog.tsx";

/** A request that was made: copied or saved for the CA, then on to its reply. */
export const RequestMade = (properties: {
  made: Output<"certificates.request">;
  row: ObjectRow;
  onReply(): void;
  onClose(): void;
}) => {
  const { made, row, onReply, onClose } = properties;
  const [saving, setSaving] = useState(false);
  if (saving)
    return (
      <SaveItemDialog
        title={row.label || "request"}
        bytes={{ base64: made.content, label: "CERTIFICATE REQUEST", words: "Certificate request" }}
        onClose={() => setSaving(false)}
      />
    );
  return (
    <Dialog
      title="Certificate request made"
      action="Take the reply…"
      closing="Close"
      onAction={onReply}
      onClose={onClose}
      wide
    >
      <Notice look="good" title={made.subject || "Request with alternative names only"}>
        <p>
          Signed by the token ({made.mechanism}), and checked with the public key from {made.publicKeyFrom}.
          {made.verifiedBy === "module" ? " The module itself checked it: the software does not know the curve." : ""}
        </p>
      </Notice>
      <CopiedText text={made.pem} what="Request">
        <Button onPress={() => setSaving(true)}>Save…</Button>
      </CopiedText>
      <p className="muted">
        Send it to the CA. What comes back, as a file or as text, is taken with "Take the reply…": it finds this key by
        itself.
      </p>
    </Dialog>
  );
};
