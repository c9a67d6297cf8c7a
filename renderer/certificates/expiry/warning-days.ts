const longest = 3650;
const most = 10;

/** "30, 7" as numbers, most first. Pure. */
export const daysFrom = (text: string): { days: number[] | null; problem: string | null } => {
  const words = text.split(/[\s,;]+/).filter(Boolean);
  const wrong = words.find((word) => !/^\d{1,4}$/.test(word) || Number(word) < 1 || Number(word) > longest);
  if (wrong !== undefined) return { days: null, problem: `"${wrong}" is no number from 1 to ${longest}.` };
  const days = [...new Set(words.map(Number))].sort((a, b) => b - a);
  if (days.length === 0) return { days: null, problem: "Give at least one number." };
  return days.length > most ? { days: null, problem: `At most ${most} numbers.` } : { days, problem: null };
};
