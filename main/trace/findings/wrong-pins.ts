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

const isLocked = ({ rv }: LoginEvent): boolean => rv === "CKR_PIN_LOCKED" || rv === "-1212" || rv === "6983";

/** What came of PINs that were given at the last try: only what the return codes say. */
const outcomesOf = (events: readonly LoginEvent[]): string => {
  const others = events.filter((event) => !isWrong(event) && !isLocked(event) && event.outcome !== "ok");
  return [
    events.some(isWrong) ? "The PIN given then was wrong: it is locked now." : "",
    events.some((event) => isLocked(event) && !isWrong(event)) ? "The token answered that the PIN is locked." : "",
    events.some(({ outcome }) => outcome === "ok") ? "A PIN given then was right." : "",
    others.length > 0
      ? `Whether the PIN given then was right is not told: ${[...new Set(others.map(({ rv }) => rv))].join(", ")}.`
      : "",
  ]
    .filter(Boolean)
    .join(" ");
};

/** A PIN was given although the token had reported the last try. */
export const finalTryUsed: Detector = ({ logins }) => {
  const events = logins.events.filter(
    ({ flagsBefore, function: name, rv, how }) =>
      name !== "C_Logout" && how !== "none" && rv !== null && pinIs(flagsBefore, "FINAL_TRY"),
  );
  if (events.length === 0) return null;
  const lost = events.some((event) => isWrong(event) || isLocked(event));
  return {
    id: "final-try-used",
    severity: lost ? "error" : "warning",
    title: "The last try of a PIN was used",
    text: `The token had reported that one try was left. ${outcomesOf(events)}`,
    remedy: "Programs should show CKF_USER_PIN_FINAL_TRY to the user before asking for the PIN.",
    rows: events.map(({ row }) => row),
    count: events.length,
  };
};
