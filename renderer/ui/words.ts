const numbers = new Intl.NumberFormat("en");

/** 12345 → "12,345". */
export const number = (value: number): string => numbers.format(value);

/** "1 row", "12,345 rows". */
export const countWords = (value: number, one: string, many = `${one}s`): string =>
  `${number(value)} ${value === 1 ? one : many}`;

/** Last part of a path, of whichever system. */
export const fileName = (path: string): string => path.split(/[/\\]/).at(-1) || path;

/** "812 bytes", "1.2 MiB". */
export const sizeWords = (bytes: number): string => {
  if (bytes < 1024) return countWords(bytes, "byte");
  const units = ["KiB", "MiB", "GiB", "TiB"];
  let value = bytes / 1024;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
};
