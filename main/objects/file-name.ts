/**
 * A file name from a label, good on every system: letters, digits and a few marks, no path, no hidden file, none of
 * the names that Windows keeps for devices.
 * @param fallback used where the label leaves nothing
 */
export const fileNameFrom = (label: string, fallback: string, extension: string): string => {
  const stem = label
    .replace(/\\(x[0-9a-f]{2}|n)/g, "-")
    .replace(/[^\p{L}\p{N}._-]+/gu, "-")
    .replace(/^[.-]+|[.-]+$/g, "")
    .slice(0, 80);
  const safe =
    stem === "" ? fallback : /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(stem) ? `${fallback}-${stem}` : stem;
  return `${safe}${extension}`;
};
