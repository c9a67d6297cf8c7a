/**
 * Work that many messages ask for, done at once for the first and then at most once in a while for all that follow: the
 * last one is always followed by work.
 * @param work told the key that was asked for; keys wait apart from each other
 */
export const atMostEvery = <K>(milliseconds: number, work: (key: K) => void): ((name: string, key: K) => void) => {
  /** Names that rest since their last work, with what was asked for meanwhile. */
  const resting = new Map<string, { asked: { key: K } | null }>();
  const doIt = (name: string, key: K): void => {
    const rest: { asked: { key: K } | null } = { asked: null };
    resting.set(name, rest);
    work(key);
    setTimeout(() => {
      resting.delete(name);
      if (rest.asked) doIt(name, rest.asked.key);
    }, milliseconds);
  };
  return (name, key) => {
    const rest = resting.get(name);
    if (rest) rest.asked = { key };
    else doIt(name, key);
  };
};
