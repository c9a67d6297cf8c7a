import { useState } from "react";
import type { Output } from "../../../preload/contract/index.ts";
import type { ObjectRow } from "../../../preload/contract/objects.ts";
import { pemOf } from "../../objects/bytes.ts";
import { ContextPinField, useContextPin } from "../../objects/ContextPin.tsx";
import { DuplicateConsent } from "../../objects/DuplicateConsent.tsx";
import type { Address } from "../../objects/tasks.ts";
import { keyOf, objectTitle } from "../../objects/words.ts";
import { Button } from "../../ui/Button.tsx";
import { CopiedText } from "../../ui/CopiedText.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { EquivalentCommands } from "../../ui/EquivalentCommands.tsx";
import { TextField } from "../../ui/fields.tsx";
import { Notice } from "../../ui/notices.tsx";
import { toast } from "../../ui/toasts.tsx";
import { useAction } from "../../ui/useAction.ts";
import { SaveItemDialog } from "../view/SaveItemDialog.tsx";
import { ProfileFields, ProfilePreview } from "./ProfileFields.tsx";
import { emptyProfile, type ProfileForm } from "./profile-form.ts";
import { proposedSubject } from "./RequestDialog.tsx";
import { SigningFields } from "./SigningFields.tsx";
import { useProfile } from "./useProfile.ts";
import { useSigningKey } from "./useSigningKey.ts";

interface SelfSignProperties {
  address: Address;
  row: ObjectRow;
  onDone(handles: string[]): void;
  onClose(): void;
}

/** A certificate for a private key, signed by that key itself; then, if wanted, written beside it. */
export const SelfSignDialog = (properties: SelfSignProperties) => {
  const { address, row, onClose } = properties;
  const [form, setForm] = useState<ProfileForm>(() => ({
    ...emptyProfile(proposedSubject(row)),
    keyUsage: ["digitalSignature"],
    constraints: "notCa",
  }));
  const [days, setDays] = useState("365");
  const [made, setMade] = useState<Output<"certificates.selfSign"> | null>(null);
  const signing = useSigningKey(address, row);
  const state = useProfile(address.module, form);
  const action = useAction("certificates.selfSign", setMade);
  const context = useContextPin(address, row, action.error);
  if (made) return <WriteMade {...properties} made={made} />;
  const count = /^\d+$/.test(days) ? Number(days) : 0;
  const wrongDays = days !== "" && (count < 1 || count > 36_500);
  const input = { ...signing.input, profile: state.profile, days: Math.max(1, count) };
  return (
    <Dialog
      title={`Self-signed certificate for ${objectTitle(row)}`}
      action="Make certificate"
      onAction={() => action.run({ ...input, ...context.take() })}
      actionDisabled={count < 1 || wrongDays || !state.ready || !signing.ready || !context.ready}
      onClose={onClose}
      busy={action.busy}
      busyText="Signing"
      error={action.error}
      wide
    >
      <p className="muted">
        Its subject signs for itself: good for tests, SSH and own services, not trusted by others. The key stays on the
        token, which makes one signature.
      </p>
      <ProfileFields form={form} onForm={setForm} presets={signing.offer?.presets ?? []} state={state} />
      <TextField
        label="Valid for days"
        value={days}
        onChange={setDays}
        problem={wrongDays ? "A number from 1 to 36500." : null}
      />
      <SigningFields signing={signing} />
      <ProfilePreview state={state} />
      <ContextPinField context={context} />
      <EquivalentCommands request="certificates.selfSign" input={{ ...input, key: keyOf(row) }} />
    </Dialog>
  );
};

const WriteMade = (properties: SelfSignProperties & { made: Output<"certificates.selfSign"> }) => {
  const { address, row, made, onDone, onClose } = properties;
  const [allowDuplicate, setAllowDuplicate] = useState(false);
  const [saving, setSaving] = useState(false);
  const action = useAction("objects.import", ({ written }) => {
    toast({
      title: "Certificate written",
      text: `${made.subject}, beside its key. Read back and compared.`,
      look: "good",
    });
    onDone(written.map(({ object }) => object.handle));
    onClose();
  });
  if (saving)
    return (
      <SaveItemDialog
        title={row.label || "certificate"}
        bytes={{ base64: made.content, label: "CERTIFICATE", words: "Certificate" }}
        onClose={() => setSaving(false)}
      />
    );
  const input = { ...address, fileName: "self-signed.cer", items: [{ index: 0, label: row.label, id: row.id }] };
  return (
    <Dialog
      title="Certificate made"
      action="Write it to the token"
      onAction={() => action.run({ ...input, content: made.content, allowDuplicate })}
      onClose={onClose}
      busy={action.busy}
      busyText="Writing and reading back"
      error={action.error}
    >
      <Notice look="good" title={made.subject}>
        <p>Valid until {made.notAfter.slice(0, 10)}. It is not on the token yet.</p>
      </Notice>
      <CopiedText text={pemOf("CERTIFICATE", made.content)} what="Certificate">
        <Button onPress={() => setSaving(true)}>Save…</Button>
      </CopiedText>
      <p className="muted">
        On the token it gets the label and CKA_ID of its key, so that programs find both together.
      </p>
      <DuplicateConsent error={action.error} value={allowDuplicate} onChange={setAllowDuplicate} />
      <EquivalentCommands
        request="objects.import"
        input={{ ...input, items: input.items.map((item) => ({ ...item, kind: "certificate" })) }}
      />
    </Dialog>
  );
};
