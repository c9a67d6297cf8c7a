import { useState } from "react";
import type { AuthorityRow } from "../../../preload/contract/authority.ts";
import type { Output } from "../../../preload/contract/index.ts";
import { useNavigation } from "../../frame/place.tsx";
import { ContextPinField, useContextPin } from "../../objects/ContextPin.tsx";
import { Button } from "../../ui/Button.tsx";
import { CopiedText } from "../../ui/CopiedText.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { EquivalentCommands } from "../../ui/EquivalentCommands.tsx";
import { TextField } from "../../ui/fields.tsx";
import { Notice } from "../../ui/notices.tsx";
import { useAction } from "../../ui/useAction.ts";
import { countWords } from "../../ui/words.ts";

/** A new revocation list, signed by the CA's key where it signed last. */
export const MakeListDialog = ({ authority, onClose }: { authority: AuthorityRow; onClose(): void }) => {
  const { go } = useNavigation();
  const [days, setDays] = useState("30");
  const [made, setMade] = useState<Output<"authority.revocationList"> | null>(null);
  const make = useAction("authority.revocationList", setMade);
  const { module, token, key, issuer } = authority.place;
  const context = useContextPin({ module, token }, { flags: [] }, make.error);
  if (made) return <Made made={made} onClose={onClose} />;
  const count = /^\d{1,4}$/.test(days) ? Number(days) : 0;
  const wrong = count < 1 || count > 3650;
  // Handles are other ones after a login: the three names must do.
  const names = ({ handle: _handle, ...rest }: typeof key) => rest;
  const input = { id: authority.id, module, token, key: names(key), issuer: names(issuer), days: count || 30 };
  return (
    <Dialog
      title="Make a revocation list"
      action="Make list"
      onAction={() => make.run({ ...input, ...context.take() })}
      actionDisabled={wrong || !context.ready}
      onClose={onClose}
      busy={make.busy}
      busyText="Signing"
      error={make.error}
      notice={
        make.error?.code === "LOGIN_NEEDED" ? (
          <Button onPress={() => go({ kind: "token", module, token })}>Go to the token and log in</Button>
        ) : null
      }
    >
      <p>
        {authority.subject}: {countWords(authority.revoked, "certificate is", "certificates are")} revoked. The key "
        {key.label}" on the token "{token.label || token.serial}" signs.
      </p>
      <TextField
        label="Next list within days"
        value={days}
        onChange={setDays}
        problem={wrong ? "A number from 1 to 3650." : null}
        hint="After that, programs take no certificate of this CA until there is a new list."
      />
      <ContextPinField context={context} />
      <EquivalentCommands
        request="certificates.revocationList"
        input={{ module, token, key: input.key, days: input.days }}
      />
    </Dialog>
  );
};

const Made = ({ made, onClose }: { made: Output<"authority.revocationList">; onClose(): void }) => (
  <Dialog title="Revocation list made" onClose={onClose} wide>
    <Notice look="good" title={`Number ${made.number}, ${countWords(made.revoked, "certificate")} revoked`}>
      <p>To be replaced by {made.nextUpdate.slice(0, 10)}. Publish it at the address that your certificates name.</p>
    </Notice>
    <CopiedText text={made.pem} what="Revocation list" />
  </Dialog>
);
