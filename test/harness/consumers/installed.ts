import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { needs } from "../needs.ts";
import { softHsmLibrary } from "../softhsm-writer.ts";
import { engine } from "./openssl.ts";

const programs = [
  "javac",
  "java",
  "p11tool",
  "gnutls-cli",
  "openssl",
  "ssh-keygen",
  "ssh-agent",
  "certutil",
  "modutil",
  "tstclnt",
];

const there = (program: string): boolean =>
  (process.env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, program)));

/** What is not installed of the programs that are asked, and of what they need. Empty: they can be asked. */
export const consumersMissing: string[] = [
  ...programs.filter((program) => !there(program)),
  ...[engine, softHsmLibrary].filter((file) => !existsSync(file)),
];

/** What the run says of tests that are skipped without them. */
export const needsConsumers = needs(`not installed: ${consumersMissing.join(", ")}`);
