import type { TokenRow } from "../../preload/contract/tokens.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { EquivalentCommands } from "../ui/EquivalentCommands.tsx";
import { toast } from "../ui/toasts.tsx";
import { NewPinFields } from "./NewPinFields.tsx";
import { PinTryFields } from "./PinTryFields.tsx";
import { TokenLine } from "./TokenLine.tsx";
import { useNewPin, usePinTry } from "./usePinTry.ts";
import { tokenTitle } from "./words.ts";

/** C_InitPIN: the first user PIN of a new token, and the way out of a locked or forgotten one. */
export const SetUserPinDialog = (properties: { module: string; token: TokenRow; onClose(): void }) => {
  const { module, token, onClose } = properties;
  const first = token.userPin.state === "not set";
  const newPin = useNewPin(module, token, "user");
  const attempt = usePinTry("tokens.setUserPin", { module, token, who: "so" }, (row) => {
    toast({ title: "User PIN set", text: tokenTitle(row), look: "good" });
    onClose();
  });
  const start = () =>
    attempt.start((soPin, confirmed) => ({
      module,
      token: token.ref,
      soPin,
      newPin: newPin.pinPad ? null : newPin.value,
      ...confirmed,
    }));
  return (
    <Dialog
      title={first ? `Set the user PIN of ${tokenTitle(token)}` : `Set a new user PIN for ${tokenTitle(token)}`}
      action="Set user PIN"
      onAction={start}
      actionDisabled={!attempt.ready || !newPin.ready}
      onClose={onClose}
      {...(attempt.mayTry ? {} : { closing: "Close" })}
      busy={attempt.busy}
      busyText={attempt.pinPad ? "Waiting for the PINs on the reader" : "Setting the user PIN"}
      error={attempt.error}
    >
      <TokenLine module={module} token={token.ref} />
      <p className="muted">
        {first
          ? "The user PIN is for daily work: logging in, using keys. The SO PIN is needed once to set it."
          : "The SO PIN sets a new user PIN and unlocks it. The objects on the token stay as they are. A wrong SO PIN uses up one of its own tries."}
      </p>
      {first ? null : <p className="muted">{token.userPin.words}</p>}
      <PinTryFields attempt={attempt} label="SO PIN" />
      {attempt.typed ? <NewPinFields pin={newPin} /> : null}
      <EquivalentCommands request="tokens.setUserPin" input={{ module, token: token.ref }} />
    </Dialog>
  );
};
