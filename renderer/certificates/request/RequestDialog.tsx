import { useState } from "react";
import type { Output } from "../../../preload/contract/index.ts";
import type { ObjectRow } from "../../../preload/contract/objects.ts";
import { ContextPinField, useContextPin } from "../../objects/ContextPin.tsx";
import type { Address } from "../../objects/tasks.ts";
import { keyOf, objectTitle } from "../../objects/words.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { EquivalentCommands } from "../../ui/EquivalentCommands.tsx";
import { useAction } from "../../ui/useAction.ts";
import { ProfileFields, ProfilePreview } from "./ProfileFields.tsx";
import { emptyProfile, type ProfileForm } from "./profile-form.ts";
import { RequestMade } from "./RequestMade.tsx";
import { SigningFields } from "./SigningFields.tsx";
import { subjectOfParts } from "./subject-text.ts";
import { useProfile } from "./useProfile.ts";
import { useSigningKey } from "./useSigningKey.ts";

/** The subject that is proposed for a key. */
export const proposedSubject = ({ label }: ObjectRow): string =>
  subjectOfParts([{ type: "CN", value: label.trim() || "key" }]);

/** A certificate request (PKCS#10) for a CA: asked for in a form, shown as it will be, signed by the key on the token. */
export const RequestDialog = (properties: {
  address: Address;
  row: ObjectRow;
  /** Goes on with what the CA sends back. */
  onReply(): void;
  onClose(): void;
}) => {
  const { address, row, onClose } = properties;
  const [form, setForm] = useState<ProfileForm>(() => emptyProfile(proposedSubject(row)));
  const [made, setMade] = useState<Output<"certificates.request"> | null>(null);
  const signing = useSigningKey(address, row);
  const state = useProfile(address.module, form);
  const action = useAction("certificates.request", setMade);
  const context = useContextPin(address, row, action.error);
  if (made) return <RequestMade made={made} row={row} onReply={properties.onReply} onClose={onClose} />;
  const input = { ...signing.input, profile: state.profile };
  return (
    <Dialog
      title={`Request a certificate for ${objectTitle(row)}`}
      action="Make request"
      onAction={() => action.run({ ...input, ...context.take() })}
      actionDisabled={!state.ready || !signing.ready || !context.ready}
      onClose={onClose}
      busy={action.busy}
      busyText="Signing"
      error={action.error}
      wide
    >
      <ProfileFields form={form} onForm={setForm} presets={signing.offer?.presets ?? []} state={state} />
      <SigningFields signing={signing} />
      <ProfilePreview state={state} />
      <ContextPinField context={context} />
      <EquivalentCommands request="certificates.request" input={{ ...input, key: keyOf(row) }} />
    </Dialog>
  );
};
