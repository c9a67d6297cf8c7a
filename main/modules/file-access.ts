import { lstat, readFile } from "node:fs/promises";
import { dirname } from "node:path";

/** A file or folder on the way to a library, as lstat gives it. The file itself comes first, the root folder last. */
export interface Step {
  path: string;
  uid: number;
  gid: number;
  mode: number;
  folder: boolean;
}

/** Users and groups of this machine, from /etc/passwd and /etc/group. */
export interface Accounts {
  users: { name: string; uid: number; gid: number }[];
  groups: { name: string; gid: number; members: string[] }[];
}

export interface Access {
  othersMayWrite: boolean;
  /** The first file or folder that others may write, and who they are. */
  what: string | null;
  /** Only root may change it: root owns the file and every folder above, and nobody else has a write bit there. */
  systemOwned: boolean;
}

const groupWrite = 0o020;
const othersWrite = 0o002;
const sticky = 0o1000;

/**
 * Whether somebody other than root and `me` may change a file, or replace it through a folder above.
 *
 * An owner may always change what is theirs. In a folder with the sticky bit (such as /tmp) others may create
 * entries, but only the entry's owner may replace one: there the entry's own owner, which is looked at anyway,
 * decides. A group whose only members are root and `me` (a user's private group) counts as nobody else.
 * @param steps the file, then each folder above it
 */
export const judgeAccess = (steps: Step[], accounts: Accounts, me: number, platform = process.platform): Access => {
  const what = steps.map((step) => whoElse(step, accounts, me, platform)).find((found) => found !== null);
  return {
    othersMayWrite: what !== undefined,
    what: what ?? null,
    systemOwned: steps.every(({ uid, mode }) => uid === 0 && (mode & (groupWrite | othersWrite)) === 0),
  };
};

const whoElse = (
  { path, uid, gid, mode, folder }: Step,
  accounts: Accounts,
  me: number,
  platform: NodeJS.Platform,
): string | null => {
  const named = `${folder ? "folder" : "file"} ${path}`;
  if (uid !== 0 && uid !== me) return `${named}, which belongs to ${userName(uid, accounts)}`;
  if (folder && (mode & sticky) !== 0) return null;
  if ((mode & othersWrite) !== 0) return `${named}, which everybody may write`;
  if ((mode & groupWrite) !== 0 && !isPrivateGroup(gid, accounts, me, platform))
    return `${named}, which group ${accounts.groups.find((group) => group.gid === gid)?.name ?? gid} may write`;
  return null;
};

const isPrivateGroup = (gid: number, accounts: Accounts, me: number, platform: NodeJS.Platform): boolean => {
  // Members of macOS' groups wheel and admin can become root anyway; Homebrew's folders are writable for admin.
  if (platform === "darwin" && (gid === 0 || gid === 80)) return true;
  const group = accounts.groups.find((known) => known.gid === gid);
  if (!group) return false;
  const uids = [
    ...accounts.users.filter((user) => user.gid === gid).map(({ uid }) => uid),
    ...group.members.map((name) => accounts.users.find((user) => user.name === name)?.uid ?? -1),
  ];
  return uids.every((uid) => uid === 0 || uid === me);
};

/** @returns the name of a user, or "uid N" for one that /etc/passwd does not have. */
export const userName = (uid: number, { users }: Accounts): string =>
  users.find((user) => user.uid === uid)?.name ?? `uid ${uid}`;

/** Reads passwd(5) and group(5) text; lines that do not fit are left out. */
export const parseAccounts = (passwd: string, group: string): Accounts => ({
  users: rows(passwd).flatMap(([name, , uid, gid]) =>
    name && /^\d+$/.test(uid ?? "") ? [{ name, uid: Number(uid), gid: Number(gid) }] : [],
  ),
  groups: rows(group).flatMap(([name, , gid, members]) =>
    name && /^\d+$/.test(gid ?? "")
      ? [{ name, gid: Number(gid), members: (members ?? "").split(",").filter((member) => member !== "") }]
      : [],
  ),
});

const rows = (text: string): string[][] =>
  text
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.split(":"));

export const readAccounts = async (): Promise<Accounts> => {
  const read = (path: string) => readFile(path, "utf8").catch(() => "");
  return parseAccounts(await read("/etc/passwd"), await read("/etc/group"));
};

/** lstat of a path and of each folder above it. @param realPath without symbolic links, as realpath gives it */
export const stepsTo = async (realPath: string): Promise<Step[]> => {
  const steps: Step[] = [];
  for (let path = realPath; ; path = dirname(path)) {
    const stats = await lstat(path);
    steps.push({ path, uid: stats.uid, gid: stats.gid, mode: stats.mode, folder: stats.isDirectory() });
    if (dirname(path) === path) return steps;
  }
};

/** Permissions as `ls -l` writes them, e.g. -rwxr-xr-x or drwxrwxrwt (POSIX, ls). */
export const modeText = (mode: number): string => {
  const type = (mode & 0o170000) === 0o040000 ? "d" : "-";
  const triples = [
    { bits: mode >> 6, special: mode & 0o4000, letter: "s" },
    { bits: mode >> 3, special: mode & 0o2000, letter: "s" },
    { bits: mode, special: mode & 0o1000, letter: "t" },
  ];
  const written = triples.map(({ bits, special, letter }) => {
    const execute = bits & 1;
    const last = special ? (execute ? letter : letter.toUpperCase()) : execute ? "x" : "-";
    return `${bits & 4 ? "r" : "-"}${bits & 2 ? "w" : "-"}${last}`;
  });
  return type + written.join("");
};
