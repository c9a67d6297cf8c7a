/**
 * The k-th smallest of the numbers in `from` (included) to `to` (excluded), which are put into another order
 * (quickselect with the middle of three as pivot: linear time, no copy).
 * @param k counted from `from`
 */
export const select = (values: Float64Array, from: number, to: number, k: number): number => {
  let left = from;
  let right = to - 1;
  const target = from + k;
  const at = (index: number): number => values[index] ?? Number.NaN;
  while (left < right) {
    const [a, b, c] = [at(left), at((left + right) >> 1), at(right)];
    const pivot = Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    let i = left;
    let j = right;
    while (i <= j) {
      while (at(i) < pivot) i += 1;
      while (at(j) > pivot) j -= 1;
      if (i <= j) {
        const swapped = at(i);
        values[i] = at(j);
        values[j] = swapped;
        i += 1;
        j -= 1;
      }
    }
    if (target <= j) right = j;
    else if (target >= i) left = i;
    else return at(target);
  }
  return at(target);
};

/** Nearest-rank quantile of a range, exact; NaN of an empty one. */
export const quantile = (values: Float64Array, from: number, to: number, q: number): number =>
  to <= from ? Number.NaN : select(values, from, to, Math.max(0, Math.ceil(q * (to - from)) - 1));
