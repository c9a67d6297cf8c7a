/**
 * Names that differ from each other and from those taken: " (2)" and so on is added. Stores that fold case (Java's)
 * would otherwise let a later entry take the place of an earlier one.
 * @param taken names that are in the store already
 */
export const uniqueNames = (wanted: readonly string[], taken: Iterable<string> = []): string[] => {
  const used = new Set([...taken].map(folded));
  return wanted.map((name) => {
    let free = name;
    for (let n = 2; used.has(folded(free)); n++) free = `${name} (${n})`;
    used.add(folded(free));
    return free;
  });
};

const folded = (name: string): string => name.normalize("NFC").toLowerCase();
