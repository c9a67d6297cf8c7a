/**
 * Whether node_modules is what the lock file says, told from npm's own record. npm writes node_modules/.package-lock.json
 * last, and `npm ci` begins by removing the folder: a set-up that was killed has no record or one of another tree.
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, peer?: boolean, link?: boolean }} LockEntry
 * @typedef {{ packages?: Record<string, LockEntry> }} LockFile
 */

/**
 * @param {LockFile} wanted package-lock.json @param {LockFile} record node_modules/.package-lock.json
 * @param {(path: string) => boolean} exists whether a package's folder is there
 * @returns {string | null} why the tree has to be installed anew, or null
 */
export const treeProblem = (wanted, record, exists) => {
  const have = record.packages ?? {};
  const want = wanted.packages ?? {};
  for (const [path, entry] of Object.entries(want)) {
    if (path === "") continue;
    const there = have[path];
    // Optional packages are those of other platforms, too.
    if (!there && entry.optional) continue;
    if (!there) return `${path} is not installed`;
    if (there.version !== entry.version || there.integrity !== entry.integrity) return `${path} is another version`;
    if (!exists(path)) return `${path} is gone`;
  }
  const extra = Object.keys(have).find((path) => !(path in want));
  return extra ? `${extra} is not in the lock file` : null;
};
