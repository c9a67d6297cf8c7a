import type { ReactNode } from "react";
import type { ErrorData } from "../../preload/contract/errors.ts";
import type { TokenRow } from "../../preload/contract/tokens.ts";
import { LoginButton } from "./LoginButton.tsx";

/** Beside an error for want of a login: the login itself, so that what was typed meanwhile stays where it is. */
export const loginHelp =
  (token: TokenRow, onLogin: () => void) =>
  ({ code, rv }: ErrorData): ReactNode => {
    if (code !== "LOGIN_NEEDED" && rv !== "CKR_USER_NOT_LOGGED_IN") return null;
    if (token.login === "user") return <p>You are logged in now: try again.</p>;
    if (token.login === "so") return null;
    return (
      <p>
        <LoginButton small token={token} onLogin={onLogin} />
      </p>
    );
  };
