import type { TokenRow } from "../../preload/contract/tokens.ts";
import { Button } from "../ui/Button.tsx";

/** Begins the way to a login, whose first step is the user PIN where none is set. Nothing while somebody is logged in. */
export const LoginButton = (properties: { token: TokenRow; small?: boolean; words?: string; onLogin(): void }) => {
  const { token, small, words = "Log in…", onLogin } = properties;
  if (token.login !== "none") return null;
  return (
    <Button small={small} onPress={onLogin}>
      {token.userPin.state === "not set" ? "Set the user PIN…" : words}
    </Button>
  );
};
