import { useState } from "react";
import type { TokenRow } from "../../preload/contract/tokens.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { EquivalentCommands } from "../ui/EquivalentCommands.tsx";
import { SecretField } from "../ui/fields.tsx";
import { toast } from "../ui/toasts.tsx";
import { useAction } from "../ui/useAction.ts";
import { PinState, pinProblem, ready, usePinPrompt } from "./PinState.tsx";
import { tokenTitle } from "./words.ts";

export const LoginDialog = (properties: {
  module: string;
  token: TokenRow;
  who: "user" | "so";
  onDone?(): void;
  onClose(): void;
}) => {
  const { module, token, who, onClose } = properties;
  const [pin, setPin] = useState("");
  const [confirmation, setConfirmation] = useState("");
  const [tries, setTries] = useState(0);
  const prompt = usePinPrompt(module, token.ref, who, tries);
  const login = useAction("tokens.login", (row) => {
    toast({ title: `Logged in as ${row.login === "so" ? "SO" : "user"}`, text: tokenTitle(row), look: "good" });
    properties.onDone?.();
    onClose();
  });
  const pinPad = prompt.data?.pinPad ?? false;
  const start = () => {
    const input = {
      module,
      token: token.ref,
      who,
      pin: pinPad ? null : pin,
      ...(confirmation ? { confirmation } : {}),
    };
    // The PIN leaves the window's memory with the try, right or wrong.
    setPin("");
    setConfirmation("");
    setTries(tries + 1);
    login.run(input);
  };
  return (
    <Dialog
      title={`Log in to ${tokenTitle(token)} as ${who === "so" ? "security officer" : "user"}`}
      action="Log in"
      onAction={start}
      actionDisabled={!ready(prompt.data, confirmation, pin)}
      onClose={onClose}
      busy={login.busy}
      busyText={pinPad ? "Waiting for the PIN on the reader" : "Logging in"}
      error={login.error}
    >
      <PinState query={prompt} confirmation={confirmation} onConfirmation={setConfirmation} />
      {pinPad || prompt.data?.mayTry === false ? null : (
        // A new field after each try: empty, and with the focus in it.
        <SecretField
          key={tries}
          label={who === "so" ? "SO PIN" : "User PIN"}
          value={pin}
          onChange={setPin}
          problem={pinProblem(pin, prompt.data)}
          autoFocus
        />
      )}
      <EquivalentCommands request="tokens.login" input={{ module, token: token.ref, who }} />
    </Dialog>
  );
};
