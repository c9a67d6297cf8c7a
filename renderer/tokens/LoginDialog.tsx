import type { TokenRow } from "../../preload/contract/tokens.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { EquivalentCommands } from "../ui/EquivalentCommands.tsx";
import { Notice } from "../ui/notices.tsx";
import { toast } from "../ui/toasts.tsx";
import { PinTryFields } from "./PinTryFields.tsx";
import { TokenLine } from "./TokenLine.tsx";
import { usePinTry } from "./usePinTry.ts";
import { tokenTitle } from "./words.ts";

export const LoginDialog = (properties: {
  module: string;
  token: TokenRow;
  who: "user" | "so";
  onDone?(): void;
  onClose(): void;
}) => {
  const { module, token, who, onClose } = properties;
  const attempt = usePinTry("tokens.login", properties, (row) => {
    toast({ title: `Logged in as ${row.login === "so" ? "SO" : "user"}`, text: tokenTitle(row), look: "good" });
    properties.onDone?.();
    onClose();
  });
  const refused = attempt.prompt.data?.loginRefused ?? null;
  return (
    <Dialog
      title={`Log in to ${tokenTitle(token)} as ${who === "so" ? "security officer (SO)" : "user"}`}
      action="Log in"
      onAction={() => attempt.start((pin, confirmed) => ({ module, token: token.ref, who, pin, ...confirmed }))}
      actionDisabled={!attempt.ready || refused !== null}
      onClose={onClose}
      {...(attempt.mayTry ? {} : { closing: "Close" })}
      busy={attempt.busy}
      busyText={attempt.pinPad ? "Waiting for the PIN on the reader" : "Logging in"}
      error={attempt.error}
    >
      <TokenLine module={module} token={token.ref} />
      {refused ? (
        <Notice look="warn" title={refused}>
          Use the SO PIN where it does something: to set a new user PIN, to change the SO PIN, or to initialise.
        </Notice>
      ) : (
        <PinTryFields attempt={attempt} label={who === "so" ? "SO PIN" : "User PIN"} />
      )}
      <EquivalentCommands request="tokens.login" input={{ module, token: token.ref, who }} />
    </Dialog>
  );
};
