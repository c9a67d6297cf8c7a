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

export const ChangePinDialog = (properties: {
  module: string;
  token: TokenRow;
  who: "user" | "so";
  onClose(): void;
}) => {
  const { module, token, who, onClose } = properties;
  const name = who === "so" ? "SO PIN" : "user PIN";
  const [oldPin, setOldPin] = useState("");
  const [newPin, setNewPin] = useState("");
  const [again, setAgain] = useState("");
  const [confirmation, setConfirmation] = useState("");
  const [tries, setTries] = useState(0);
  const prompt = usePinPrompt(module, token.ref, who, tries);
  const action = useAction("tokens.changePin", (row) => {
    toast({ title: `The ${name} is changed`, text: tokenTitle(row), look: "good" });
    onClose();
  });
  const pinPad = prompt.data?.pinPad ?? false;
  const start = () => {
    action.run({
      module,
      token: token.ref,
      who,
      oldPin: pinPad ? null : oldPin,
      newPin: pinPad ? null : newPin,
      ...(confirmation ? { confirmation } : {}),
    });
    setOldPin("");
    setConfirmation("");
    setTries(tries + 1);
  };
  return (
    <Dialog
      title={`Change the ${name} of ${tokenTitle(token)}`}
      action="Change PIN"
      onAction={start}
      actionDisabled={!ready(prompt.data, confirmation, oldPin, newPin) || newPin !== again}
      onClose={onClose}
      busy={action.busy}
      busyText={pinPad ? "Waiting for the PINs on the reader" : "Changing the PIN"}
      error={action.error}
    >
      <PinState query={prompt} confirmation={confirmation} onConfirmation={setConfirmation} />
      {pinPad || prompt.data?.mayTry === false ? null : (
        <>
          <SecretField
            label={`Old ${name}`}
            value={oldPin}
            onChange={setOldPin}
            problem={pinProblem(oldPin, prompt.data)}
            autoFocus
          />
          <NewPinFields
            name={name}
            prompt={prompt.data}
            value={newPin}
            onChange={setNewPin}
            again={again}
            onAgain={setAgain}
          />
        </>
      )}
      <EquivalentCommands request="tokens.changePin" input={{ module, token: token.ref, who }} />
    </Dialog>
  );
};
