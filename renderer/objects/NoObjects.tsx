import type { TokenRow } from "../../preload/contract/tokens.ts";
import { Button } from "../ui/Button.tsx";
import { Empty } from "../ui/notices.tsx";
import { LoginButton } from "./LoginButton.tsx";
import type { ObjectTask } from "./tasks.ts";

/** An empty table says what to do next. */
export const NoObjects = (properties: { token: TokenRow; onTask(task: ObjectTask): void; onLogin(): void }) => {
  const { token, onTask } = properties;
  const hidden = token.loginRequired && token.login !== "user";
  return (
    <Empty
      title={hidden ? "No public objects on this token" : "This token is empty"}
      actions={
        token.writeProtected ? null : (
          <>
            {hidden ? <LoginButton token={token} onLogin={properties.onLogin} /> : null}
            <Button onPress={() => onTask({ kind: "generate" })}>Generate a key…</Button>
            <Button onPress={() => onTask({ kind: "import", files: [] })}>Import a file…</Button>
          </>
        )
      }
    >
      {token.writeProtected ? (
        <p>The token is write protected: it can be read, but nothing can be written to it.</p>
      ) : (
        <p>
          Generate a key that never leaves the token, or import a certificate or key from a file: choose it, drop it
          here, or paste its text.
        </p>
      )}
      {hidden && token.userPin.state === "not set" ? (
        <p>The token has no user PIN yet. It is needed to log in and to make keys.</p>
      ) : hidden && token.login === "none" ? (
        <p>Private keys and other private objects are hidden until you log in.</p>
      ) : null}
    </Empty>
  );
};
