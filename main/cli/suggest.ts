/** Number of letters to insert, remove or replace to make one word of the other (Levenshtein). */
const distance = (from: string, to: string): number => {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1] ? 0 : 1;
      next.push(Math.min((next[j - 1] ?? 0) + 1, (row[j] ?? 0) + 1, (row[j - 1] ?? 0) + same));
    }
    row = next;
  }
  return row[to.length] ?? 0;
};

/** @returns the known names that a misspelt one may mean, best first; a name without its domain counts as well. */
export const suggest = (word: string, known: readonly string[]): string[] => {
  const wanted = word.toLowerCase();
  return known
    .map((name) => {
      const whole = name.toLowerCase();
      const part = whole.slice(whole.indexOf(".") + 1);
      return { name, far: Math.min(distance(wanted, whole), distance(wanted, part) + (wanted === part ? 0 : 1)) };
    })
    .filter(({ far }) => far <= Math.max(2, Math.floor(word.length / 4)))
    .sort((a, b) => a.far - b.far)
    .slice(0, 3)
    .map(({ name }) => name);
};
