/** What each level shows, in words. No level shows PINs, passwords, secret or private keys, plain text or random numbers. */
export const levels = [
  {
    level: 0,
    name: "Structure",
    shows:
      "Functions, return codes, times, threads, handles, mechanisms, lengths; of objects their class, label, CKA_ID, subject and flags.",
  },
  {
    level: 1,
    name: "Public data",
    shows: "Also certificates, public keys, digests and signatures.",
  },
  {
    level: 2,
    name: "Ciphertext too",
    shows: "Also ciphertext and wrapped keys. For a limited time, then it falls back to public data.",
  },
] as const;

export const neverShown =
  "PINs, passwords, secret and private keys, plain text and random numbers are recorded at no level.";

/** "level 1, public data" */
export const levelWords = (level: number): string => {
  const known = levels.find((one) => one.level === level);
  return known ? `level ${level}, ${known.name.toLowerCase()}` : `level ${level}`;
};

export const levelCards = levels.map(({ level, name, shows }) => ({
  value: String(level),
  title: `${level} ${name}`,
  words: shows,
}));
