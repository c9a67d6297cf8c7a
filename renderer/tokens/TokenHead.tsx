import type { TokenRow } from "../../preload/contract/tokens.ts";
import { call, errorOf } from "../client/call.ts";
import { useActions } from "../frame/actions.tsx";
import { Button } from "../ui/Button.tsx";
import { copyText } from "../ui/copy.ts";
import { Menu, type MenuEntry } from "../ui/Menu.tsx";
import { Badge } from "../ui/notices.tsx";
import { toast } from "../ui/toasts.tsx";
import type { TokenTask } from "./TokenDialogs.tsx";
import { tokenTitle } from "./words.ts";

/** The token's name, its login state at all times, and what can be done with its PINs. */
export const TokenHead = ({
  module,
  token,
  onTask,
}: {
  module: string;
  token: TokenRow;
  onTask(task: TokenTask): void;
}) => {
  const logOut = () =>
    void call("tokens.logout", { module, token: token.ref }).catch((thrown) => {
      const { message, rv } = errorOf(thrown);
      toast({ title: "Not logged out", text: `${message} ${rv ?? ""}`, look: "danger" });
    });
  const entries = administration(token, onTask);
  useActions("token", [
    token.login === "none"
      ? {
          id: "login",
          title: "Log in as user",
          group: "Token",
          keys: "Ctrl+L",
          run: () => onTask("login"),
          disabled: !token.initialised,
        }
      : { id: "logout", title: "Log out", group: "Token", keys: "Ctrl+L", run: logOut },
    ...entries.map((entry) => ({
      id: `token-${entry.id}`,
      title: entry.title,
      group: "Token",
      run: entry.onAction,
      disabled: entry.disabled,
    })),
    {
      id: "token-uri",
      title: "Copy the token's PKCS#11 URI",
      group: "Token",
      run: () => void copyText(token.uri, "URI"),
    },
  ]);
  return (
    <header className="work-head">
      <h1>{tokenTitle(token)}</h1>
      <span className="sub">{token.serial ? `serial ${token.serial}` : "no serial number yet"}</span>
      <LoginBadge token={token} />
      <PinBadges token={token} />
      <span className="spring" />
      <div className="actions">
        {!token.initialised ? null : token.userPin.state === "not set" && token.login === "none" ? (
          <Button look="primary" onPress={() => onTask("setUserPin")}>
            Set the user PIN
          </Button>
        ) : token.login === "none" ? (
          <Button look="primary" onPress={() => onTask("login")}>
            Log in
          </Button>
        ) : (
          <Button onPress={logOut}>Log out</Button>
        )}
        <Menu title="PINs and token" entries={entries} />
      </div>
    </header>
  );
};

const LoginBadge = ({ token }: { token: TokenRow }) => {
  if (!token.initialised) return <Badge look="warn">not initialised</Badge>;
  if (token.login === "user") return <Badge look="good">logged in as user</Badge>;
  if (token.login === "so") return <Badge look="accent">logged in as SO</Badge>;
  return <Badge>not logged in</Badge>;
};

const PinBadges = ({ token }: { token: TokenRow }) => (
  <>
    {[
      { who: "User PIN", pin: token.userPin },
      { who: "SO PIN", pin: token.soPin },
    ].map(({ who, pin }) =>
      ["set", "not set", "on the reader"].includes(pin.state) ? null : (
        <Badge
          key={who}
          look={pin.state === "locked" || pin.state === "final try" ? "danger" : "warn"}
          title={pin.words}
        >
          {who}: {pin.state}
        </Badge>
      ),
    )}
    {token.initialised && token.userPin.state === "not set" ? <Badge look="warn">no user PIN yet</Badge> : null}
    {token.writeProtected ? <Badge look="warn">write protected</Badge> : null}
  </>
);

const administration = (token: TokenRow, onTask: (task: TokenTask) => void): MenuEntry[] => {
  const noUserPin = token.userPin.state === "not set";
  return [
    {
      id: "loginSo",
      title: "Log in as SO…",
      description: "Security officer, for administration",
      onAction: () => onTask("loginSo"),
      disabled: !token.initialised || token.login !== "none",
    },
    {
      id: "setUserPin",
      title: noUserPin ? "Set the user PIN…" : "Unblock: new user PIN with the SO PIN…",
      description: noUserPin ? "The token can be used after this" : "For a locked or forgotten user PIN",
      onAction: () => onTask("setUserPin"),
      disabled: !token.initialised,
    },
    {
      id: "changeUser",
      title: "Change the user PIN…",
      onAction: () => onTask("changeUser"),
      disabled: !token.initialised || noUserPin,
      separated: true,
    },
    { id: "changeSo", title: "Change the SO PIN…", onAction: () => onTask("changeSo"), disabled: !token.initialised },
    {
      id: "copyUri",
      title: "Copy PKCS#11 URI",
      description: token.uri,
      onAction: () => void copyText(token.uri, "URI"),
      separated: true,
    },
    {
      id: "initialise",
      title: "Initialise the token…",
      description: token.initialised ? "Destroys every object on it" : "Gives it a label and an SO PIN",
      danger: token.initialised,
      onAction: () => onTask("initialise"),
      separated: true,
    },
  ];
};
