import { spawnSync } from "node:child_process";

/** Runs openssl with bytes as its input. @returns what it prints, both streams. @throws Error with that if it fails */
export const openssl = (words: string[], input: Buffer | string = ""): string => {
  const { status, stdout, stderr } = spawnSync("openssl", words, { input });
  const text = `${stdout}${stderr}`;
  if (status !== 0) throw new Error(`openssl ${words.join(" ")}: ${text}`);
  return text;
};

/** The text of a request (PEM) whose signature openssl has verified. */
export const verifiedRequest = (pem: string): string => {
  const text = openssl(["req", "-verify", "-noout", "-text"], pem);
  if (!text.includes("verify OK")) throw new Error(`openssl req -verify: ${text}`);
  return text;
};
