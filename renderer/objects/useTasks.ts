import { useEffect, useState } from "react";
import type { TokenRow } from "../../preload/contract/tokens.ts";
import { queryClient } from "../client/queries.ts";
import { knownToken } from "../tokens/known-token.ts";
import { needsUser, type ObjectTask } from "./tasks.ts";

/** The way to a login: the user PIN is set first where there is none. */
interface Way {
  /** Begun after the login; null: only the login is wanted, and what is open stays open. */
  task: ObjectTask | null;
  step: "no PIN yet" | "set PIN" | "login";
}

/** The dialogs that are open. A task for the token's user waits until the login that it needs is done. */
export const useTasks = (module: string, token: TokenRow) => {
  const [task, setTask] = useState<ObjectTask | null>(null);
  const [way, setWay] = useState<Way | null>(null);
  const user = token.login === "user" || !token.loginRequired;
  const noPin = token.userPin.state === "not set";
  const wayTo = (next: ObjectTask | null) => setWay({ task: next, step: noPin ? "no PIN yet" : "login" });

  useEffect(() => {
    // What failed for want of a login is asked for again.
    if (user) void queryClient.invalidateQueries({ predicate: ({ state }) => state.status === "error" });
  }, [user]);

  return {
    task,
    step: way?.step ?? null,
    start: (next: ObjectTask) => (user || !needsUser(next) ? setTask(next) : wayTo(next)),
    end: () => setTask(null),
    login: () => wayTo(null),
    setPin: () => setWay((now) => now && { ...now, step: "set PIN" }),
    /** Closed after the PIN was set: on to the login. Closed without: the user does not want to. */
    pinDialogClosed: () => setWay((now) => now && (hasPin(module, token) ? { ...now, step: "login" } : null)),
    loggedIn: () => {
      if (way?.task) setTask(way.task);
    },
    leave: () => setWay(null),
  };
};

const hasPin = (module: string, { ref }: TokenRow): boolean => {
  const token = knownToken(module, ref);
  return token !== null && token.userPin.state !== "not set";
};
