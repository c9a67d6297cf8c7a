import { programText } from "../view/view.ts";
import { type Detector, linkedRows } from "./finding.ts";

const many = 20;

/** A program logs in for each piece of work. */
export const loginStorm: Detector = ({ logins }) => {
  const counts = new Map<string, number[]>();
  for (const { function: name, outcome, user, process, program, row } of logins.events) {
    if (name !== "C_Login" || outcome !== "ok" || user === "context-specific") continue;
    const key = programText({ program, process });
    counts.set(key, [...(counts.get(key) ?? []), row]);
  }
  const loud = [...counts].filter(([, rows]) => rows.length >= many).sort((a, b) => b[1].length - a[1].length);
  const [most] = loud;
  if (most === undefined) return null;
  const rows = loud.flatMap(([, list]) => list);
  return {
    id: "login-storm",
    severity: "hint",
    title: "A login for each piece of work",
    text: `${most[0]} logged in ${most[1].length} times. Each login goes to the device, and a PIN that became wrong is given as often.`,
    remedy: "Log in once and keep the session.",
    rows: rows.slice(0, linkedRows),
    count: rows.length,
  };
};
