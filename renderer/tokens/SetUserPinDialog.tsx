import { useState } from "react";
import type { TokenRow } from "../../preload/contract/tokens.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { EquivalentCommands } from "../ui/EquivalentCommands.tsx";
import { SecretField } from "../ui/fields.tsx";
import { toast } from "../ui/toasts.tsx";
import { useAction } from "../ui/useAction.ts";
import { NewPinFields } from "./NewPinFields.tsx";
import { PinState, pinProblem, ready, usePinPrompt } from "./PinState.tsx";
import { tokenTitle } from "./words.ts";

/** C_InitPIN: the first user PIN of a new token, and the way out of a locked or forgotten one. */
export const SetUserPinDialog = (properties: { module: string; token: TokenRow; onClose(): void }) => {
  const { module, token, onClose } = properties;
  const first = token.userPin.state === "not set";
  const [soPin, setSoPin] = useState("");
  const [newPin, setNewPin] = useState("");
  const [again, setAgain] = useState("");
  const [confirmation, setConfirmation] = useState("");
  const [tries, setTries] = useState(0);
  const prompt = usePinPrompt(module, token.ref, "so", tries);
  const action = useAction("tokens.setUserPin", (row) => {
    toast({ title: "User PIN set", text: tokenTitle(row), look: "good" });
    onClose();
  });
  const pinPad = prompt.data?.pinPad ?? false;
  const start = () => {
    action.run({
      module,
      token: token.ref,
      soPin: pinPad ? null : soPin,
      newPin: pinPad ? null : newPin,
      ...(confirmation ? { confirmation } : {}),
    });
    setSoPin("");
    setConfirmation("");
    setTries(tries + 1);
  };
  return (
    <Dialog
      title={first ? `Set the user PIN of ${tokenTitle(token)}` : `Set a new user PIN for ${tokenTitle(token)}`}
      action="Set user PIN"
      onAction={start}
      actionDisabled={!ready(prompt.data, confirmation, soPin, newPin) || newPin !== again}
      onClose={onClose}
      busy={action.busy}
      error={action.error}
    >
      <p className="muted">
        {first
          ? "The user PIN is for daily work: logging in, using keys. The SO PIN is needed once to set it."
          : "The SO PIN sets a new user PIN and unlocks it. The objects on the token stay as they are. A wrong SO PIN uses up one of its own tries."}
      </p>
      <PinState query={prompt} confirmation={confirmation} onConfirmation={setConfirmation} />
      {pinPad || prompt.data?.mayTry === false ? null : (
        <>
          <SecretField
            label="SO PIN"
            value={soPin}
            onChange={setSoPin}
            problem={pinProblem(soPin, prompt.data)}
            autoFocus
          />
          <NewPinFields
            name="user PIN"
            prompt={prompt.data}
            value={newPin}
            onChange={setNewPin}
            again={again}
            onAgain={setAgain}
          />
        </>
      )}
      <EquivalentCommands request="tokens.setUserPin" input={{ module, token: token.ref }} />
    </Dialog>
  );
};
