/** A word for a POSIX shell: as it is where that is safe, in single quotes otherwise (POSIX Shell, 2.2.2). */
export const quote = (word: string): string =>
  /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

export const commandLine = (words: readonly string[]): string => words.map(quote).join(" ");

/** Variables in front of a command: NAME=value. */
export const assignments = (environment: Readonly<Record<string, string>>): string =>
  Object.entries(environment)
    .map(([name, value]) => `${name}=${quote(value)} `)
    .join("");
