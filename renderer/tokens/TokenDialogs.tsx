import type { TokenRow } from "../../preload/contract/tokens.ts";
import { ChangePinDialog } from "./ChangePinDialog.tsx";
import { InitialiseDialog } from "./InitialiseDialog.tsx";
import { LoginDialog } from "./LoginDialog.tsx";
import { SetUserPinDialog } from "./SetUserPinDialog.tsx";
import type { TokenTask } from "./tasks.ts";

/** The dialog for a task on a token. */
export const TokenDialogs = (properties: { task: TokenTask; module: string; token: TokenRow; onClose(): void }) => {
  const { task, ...rest } = properties;
  switch (task) {
    case "login":
      return <LoginDialog {...rest} who="user" />;
    case "loginSo":
      return <LoginDialog {...rest} who="so" />;
    case "initialise":
      return <InitialiseDialog {...rest} />;
    case "setUserPin":
      return <SetUserPinDialog {...rest} />;
    case "changeUser":
      return <ChangePinDialog {...rest} who="user" />;
    case "changeSo":
      return <ChangePinDialog {...rest} who="so" />;
  }
};
