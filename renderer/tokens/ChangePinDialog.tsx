import type { TokenRow } from "../../preload/contract/tokens.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { EquivalentCommands } from "../ui/EquivalentCommands.tsx";
import { toast } from "../ui/toasts.tsx";
import { NewPinFields } from "./NewPinFields.tsx";
import { PinTryFields } from "./PinTryFields.tsx";
import { TokenLine } from "./TokenLine.tsx";
import { useNewPin, usePinTry } from "./usePinTry.ts";
import { tokenTitle } from "./words.ts";

/** C_SetPIN: a new PIN for who knows the old one. */
export const ChangePinDialog = (properties: {
  module: string;
  token: TokenRow;
  who: "user" | "so";
  onClose(): void;
}) => {
  const { module, token, who, onClose } = properties;
  const name = who === "so" ? "SO PIN" : "user PIN";
  const newPin = useNewPin(module, token, who);
  const attempt = usePinTry("tokens.changePin", properties, (row) => {
    toast({ title: `The ${name} is changed`, text: tokenTitle(row), look: "good" });
    onClose();
  });
  const start = () =>
    attempt.start((oldPin, confirmed) => ({
      module,
      token: token.ref,
      who,
      oldPin,
      newPin: newPin.pinPad ? null : newPin.value,
      ...confirmed,
    }));
  return (
    <Dialog
      title={`Change the ${name} of ${tokenTitle(token)}`}
      action="Change PIN"
      onAction={start}
      actionDisabled={!attempt.ready || !newPin.ready}
      onClose={onClose}
      {...(attempt.mayTry ? {} : { closing: "Close" })}
      busy={attempt.busy}
      busyText={attempt.pinPad ? "Waiting for the PINs on the reader" : "Changing the PIN"}
      error={attempt.error}
    >
      <TokenLine module={module} token={token.ref} />
      <PinTryFields attempt={attempt} label={`Old ${name}`} />
      {attempt.typed ? <NewPinFields pin={newPin} /> : null}
      <EquivalentCommands request="tokens.changePin" input={{ module, token: token.ref, who }} />
    </Dialog>
  );
};
