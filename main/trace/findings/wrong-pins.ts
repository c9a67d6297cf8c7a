import type { LoginEvent } from "../../../preload/contract/trace.ts";
import { pinIs } from "../explain/pins.ts";
import type { Detector } from "./finding.ts";

const isWrong = ({ rv, triesLeft, how }: LoginEvent): boolean =>
  rv === "CKR_PIN_INCORRECT" || rv === "-1214" || (triesLeft !== null && how !== "none");

/** The same token got wrong PINs one after the other. */
export const repeatedWrongPin: Detector = ({ logins }) => {
  const runs = new Map<string, number[]>();
  const found = new Set<number>();
  for (const event of logins.events) {
    const key = `${event.token ?? event.slot ?? event.process}\n${event.user === "SO"}`;
    const run = runs.get(key) ?? [];
    if (isWrong(event)) {
      run.push(event.row);
      runs.set(key, run);
      if (run.length >= 2) for (const row of run) found.add(row);
    } else if (event.outcome === "ok" && event.function !== "C_Logout") runs.delete(key);
  }
  if (found.size === 0) return null;
  return {
    id: "repeated-wrong-pin",
    severity: "error",
    title: "Wrong PINs one after the other",
    text: `${found.size} wrong PINs came without a right one between them. Most tokens lock after three to ten. A stored PIN that is no longer right does this.`,
    remedy:
      "Stop the program that gives it (the login trace names it), and look for a PIN in its configuration or key ring.",
    rows: [...found],
    count: found.size,
  };
};

/** A PIN was given although the token had reported the last try. */
export const finalTryUsed: Detector = ({ logins }) => {
  const events = logins.events.filter(
    ({ flagsBefore, function: name, rv, how }) =>
      name !== "C_Logout" && how !== "none" && rv !== null && pinIs(flagsBefore, "FINAL_TRY"),
  );
  if (events.length === 0) return null;
  const lost = events.filter(isWrong).length;
  return {
    id: "final-try-used",
    severity: lost > 0 ? "error" : "warning",
    title: "The last try of a PIN was used",
    text:
      lost > 0
        ? "The token had reported that one try was left, and the PIN given then was wrong: it is locked now."
        : "The token had reported that one try was left. The PIN given then was right.",
    remedy: "Programs should show CKF_USER_PIN_FINAL_TRY to the user before asking for the PIN.",
    rows: events.map(({ row }) => row),
    count: events.length,
  };
};
