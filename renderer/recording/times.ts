const minute = 60_000;
const steps = [
  { limit: 60 * minute, unit: minute, word: "minute" },
  { limit: 24 * 60 * minute, unit: 60 * minute, word: "hour" },
  { limit: Number.POSITIVE_INFINITY, unit: 24 * 60 * minute, word: "day" },
] as const;

/** "just now", "5 minutes ago", "3 days ago". @param time ISO @param now milliseconds */
export const ago = (time: string, now: number): string => {
  const past = now - Date.parse(time);
  if (Number.isNaN(past)) return "";
  if (past < minute) return "just now";
  const step = steps.find(({ limit }) => past < limit) ?? steps[2];
  const many = Math.floor(past / step.unit);
  return `${many} ${step.word}${many === 1 ? "" : "s"} ago`;
};

/** "14:05", in the time of this computer. @param time ISO */
export const clock = (time: string): string =>
  new Date(time).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });

/** "2026-01-31 14:05:09", in the time of this computer. @param time ISO */
export const dateAndTime = (time: string): string => {
  const at = new Date(time);
  if (Number.isNaN(at.getTime())) return "";
  return `${at.toLocaleDateString("sv-SE")} ${at.toLocaleTimeString("en-GB")}`;
};
