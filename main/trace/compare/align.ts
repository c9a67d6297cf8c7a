/** A pair of places in two sequences; null: the other one has nothing there. */
export type Step = readonly [left: number | null, right: number | null];

/** How far a place is looked for at which both go on alike, and how many must be alike there. */
const windowSize = 400;
const agreement = 3;

/**
 * Aligns two sequences of names: walks both at once, and where they part, takes the nearest place (fewest left out on
 * both sides together) from which three go on alike. Memory and time are bounded by the window, whatever the length; a
 * longest common subsequence of millions would be neither.
 * @param take called with each step in order
 */
export const align = (left: ArrayLike<number>, right: ArrayLike<number>, take: (step: Step) => void): void => {
  let l = 0;
  let r = 0;
  const alike = (i: number, j: number): boolean => {
    for (let k = 0; k < agreement; k += 1) {
      const [a, b] = [left[i + k], right[j + k]];
      // Both at their end: as good as alike.
      if (a === undefined && b === undefined) return k > 0;
      if (a !== b) return false;
    }
    return true;
  };
  const resume = (): readonly [number, number] => {
    const most = Math.min(2 * windowSize, left.length - l + right.length - r);
    for (let skipped = 1; skipped <= most; skipped += 1)
      for (let i = Math.max(0, skipped - windowSize); i <= Math.min(skipped, windowSize); i += 1) {
        const j = skipped - i;
        if (l + i <= left.length && r + j <= right.length && alike(l + i, r + j)) return [i, j];
      }
    return [Math.min(windowSize, left.length - l), Math.min(windowSize, right.length - r)];
  };
  while (l < left.length && r < right.length) {
    if (left[l] === right[r]) {
      take([l, r]);
      l += 1;
      r += 1;
      continue;
    }
    const [i, j] = resume();
    for (let k = 0; k < i; k += 1) take([l + k, null]);
    for (let k = 0; k < j; k += 1) take([null, r + k]);
    l += i;
    r += j;
  }
  for (; l < left.length; l += 1) take([l, null]);
  for (; r < right.length; r += 1) take([null, r]);
};
