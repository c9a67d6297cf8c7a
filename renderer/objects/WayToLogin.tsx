import type { TokenRow } from "../../preload/contract/tokens.ts";
import { LoginDialog } from "../tokens/LoginDialog.tsx";
import { SetUserPinDialog } from "../tokens/SetUserPinDialog.tsx";
import { tokenTitle } from "../tokens/words.ts";
import { Dialog } from "../ui/Dialog.tsx";
import type { useTasks } from "./useTasks.ts";

/** The dialogs on the way to a login, above whatever else is open. */
export const WayToLogin = (properties: { module: string; token: TokenRow; tasks: ReturnType<typeof useTasks> }) => {
  const { module, token, tasks } = properties;
  switch (tasks.step) {
    case "no PIN yet":
      return <NoUserPin token={token} onSet={tasks.setPin} onClose={tasks.leave} />;
    case "set PIN":
      return <SetUserPinDialog module={module} token={token} onClose={tasks.pinDialogClosed} />;
    case "login":
      return <LoginDialog module={module} token={token} who="user" onDone={tasks.loggedIn} onClose={tasks.leave} />;
    default:
      return null;
  }
};

const NoUserPin = ({ token, onSet, onClose }: { token: TokenRow; onSet(): void; onClose(): void }) => (
  <Dialog title="The token has no user PIN yet" action="Set the user PIN…" onAction={onSet} onClose={onClose}>
    <p>
      Keys and other private objects belong to the token's user, who logs in with the user PIN. {tokenTitle(token)}{" "}
      (serial {token.serial || "none"}) has none yet: it is set once, with the SO PIN that was chosen when the token was
      initialised.
    </p>
    <p className="muted">After that you log in, and go on with what you wanted to do.</p>
  </Dialog>
);
