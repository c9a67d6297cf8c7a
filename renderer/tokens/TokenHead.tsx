import type { TokenRow } from "../../preload/contract/tokens.ts";
import { call, errorOf } from "../client/call.ts";
import { useActions } from "../frame/actions.tsx";
import { Button } from "../ui/Button.tsx";
import { copyText } from "../ui/copy.ts";
import { Menu, type MenuEntry } from "../ui/Menu.tsx";
import { Badge } from "../ui/notices.tsx";
import { toast } from "../ui/toasts.tsx";
import { type TokenTask, whyNot } from "./tasks.ts";
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
  const noLogin = whyNot("login", token);
  useActions("token", [
    token.login === "none"
      ? {
          id: "login",
          title: "Log in as user",
          group: "Token",
          keys: "Ctrl+L",
          run: () => onTask("login"),
          disabled: noLogin !== null,
          why: noLogin,
        }
      : { id: "logout", title: "Log out", group: "Token", keys: "Ctrl+L", run: logOut },
    ...entries.map((entry) => ({
      id: `token-${entry.id}`,
      title: entry.title,
      group: "Token",
      run: entry.onAction,
      disabled: entry.disabled,
      why: entry.why,
    })),
  ]);
  return (
    <header className="work-head">
      <h1>{tokenTitle(token)}</h1>
      <span className="sub">{token.serial ? `serial ${token.serial}` : "no serial number yet"}</span>
      <LoginBadge token={token} />
      <PinBadges token={token} />
      <span className="spring" />
      <div className="actions">
        <NextStep token={token} onTask={onTask} onLogOut={logOut} />
        <Menu title="PINs and token" entries={entries} />
      </div>
    </header>
  );
};

/** The one thing that most people want to do next with the token's PINs. */
const NextStep = (properties: { token: TokenRow; onTask(task: TokenTask): void; onLogOut(): void }) => {
  const { token, onTask } = properties;
  if (token.login !== "none") return <Button onPress={properties.onLogOut}>Log out</Button>;
  const look = token.loginRequired ? "primary" : "plain";
  if (whyNot("login", token) === null)
    return (
      <Button look={look} onPress={() => onTask("login")}>
        Log in
      </Button>
    );
  if (token.loginRequired && token.userPin.state === "not set" && whyNot("setUserPin", token) === null)
    return (
      <Button look="primary" onPress={() => onTask("setUserPin")}>
        Set the user PIN
      </Button>
    );
  return null;
};

const LoginBadge = ({ token }: { token: TokenRow }) => {
  if (!token.initialised) return <Badge look="warn">not initialised</Badge>;
  if (token.login === "user") return <Badge look="good">logged in as user</Badge>;
  if (token.login === "so") return <Badge look="accent">logged in as SO</Badge>;
  if (!token.loginRequired) return <Badge title="CKF_LOGIN_REQUIRED is not set">needs no login</Badge>;
  return <Badge>not logged in</Badge>;
};

const PinBadges = ({ token }: { token: TokenRow }) => (
  <>
    {[
      { who: "User PIN", pin: token.userPin },
      { who: "SO PIN", pin: token.soPin },
    ].map(({ who, pin }) =>
      ["none", "set", "not set", "on the reader"].includes(pin.state) ? null : (
        <Badge
          key={who}
          look={pin.state === "locked" || pin.state === "final try" ? "danger" : "warn"}
          title={pin.words}
        >
          {who}: {pin.state}
        </Badge>
      ),
    )}
    {token.initialised && token.loginRequired && token.userPin.state === "not set" ? (
      <Badge look="warn">no user PIN yet</Badge>
    ) : null}
    {token.writeProtected ? <Badge look="warn">write protected</Badge> : null}
  </>
);

/** Each task that cannot be done now is disabled, with the reason in the place of its description. */
const administration = (token: TokenRow, onTask: (task: TokenTask) => void): MenuEntry[] => {
  const noUserPin = token.userPin.state === "not set" || token.userPin.state === "none";
  const entry = (id: TokenTask, title: string, more: Partial<MenuEntry> = {}): MenuEntry => {
    const why = whyNot(id, token);
    return { id, title, onAction: () => onTask(id), disabled: why !== null, why, ...more };
  };
  return [
    entry("loginSo", "Log in as SO…", { description: "Security officer, for administration" }),
    entry("setUserPin", noUserPin ? "Set the user PIN…" : "Unblock: new user PIN with the SO PIN…", {
      description: noUserPin ? "The token can be used after this" : "For a locked or forgotten user PIN",
    }),
    entry("changeUser", "Change the user PIN…", { separated: true }),
    entry("changeSo", "Change the SO PIN…"),
    {
      id: "copyUri",
      title: "Copy the token's PKCS#11 URI",
      description: token.uri,
      onAction: () => void copyText(token.uri, "URI"),
      separated: true,
    },
    entry("initialise", "Initialise the token…", {
      description: token.initialised ? "Destroys every object on it" : "Gives it a label and an SO PIN",
      danger: token.initialised,
      separated: true,
    }),
  ];
};
