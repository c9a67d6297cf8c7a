import { closeSync, openSync, readdirSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { root } from "../setup/places.mjs";

/** Kinds of log that the bench can be made of, the first that there are fixtures of counts. */
const kinds = [
  { title: "OpenSC pkcs11-spy", isOne: /\*{3,} OpenSC PKCS#11 spy \*{3,}/, returned: "^Returned", again: spyAgain },
  { title: "recording of Tokenglass", isOne: /^\{"k":"header"/, returned: '^\\{"s"', again: recordingAgain },
];

/** Fixtures that are broken on purpose, or in the form of another version than the rest. */
const unusual = /derived|hostile|threads|processes|no-module|not-loaded|fuzz/;

/**
 * Writes a log of so many bytes, made of the project's fixtures over and over, with numbers and times going on.
 * @param {string} path @param {number} bytes
 */
export const writeLog = (path, bytes) => {
  const texts = readdirSync(join(root, "test/fixtures"), { recursive: true, withFileTypes: true })
    .filter(({ name }) => /\.(log|jsonl)$/.test(name) && !unusual.test(name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"));
  for (const kind of kinds) {
    const own = texts.filter((text) => kind.isOne.test(text.slice(0, 4096)));
    if (own.length === 0) continue;
    const file = openSync(path, "w");
    let written = 0;
    for (let turn = 0; written < bytes; turn++)
      written += writeSync(file, Buffer.from(kind.again(own[turn % own.length] ?? "", turn), "latin1"));
    closeSync(file);
    return { ...kind, bytes: written };
  }
  throw new Error("there are no fixtures of logs");
};

/** Spy text: the day of each stamp goes on, a month has 28 days. @param {string} text @param {number} turn */
function spyAgain(text, turn) {
  const day = `${2000 + Math.floor(turn / 336)}-${two((Math.floor(turn / 28) % 12) + 1)}-${two((turn % 28) + 1)}`;
  return text.replace(/^((?:P:\d+; T:\S+ )?)\d{4}-\d\d-\d\d /gm, `$1${day} `);
}

/** Our own lines: one header, then numbers and times going on. @param {string} text @param {number} turn */
function recordingAgain(text, turn) {
  const start = 1_764_000_000n * 1_000_000_000n + BigInt(turn) * 10_000_000n;
  const lines = text.split("\n").filter((line) => turn === 0 || /^\{"[sb]"/.test(line));
  return `${lines
    .filter((line) => line !== "")
    .map((line) =>
      line.replace(
        /^\{"([sb])":(\d+),"t":\d+/,
        (_, key, number) => `{"${key}":${turn * 2000 + Number(number)},"t":${start + BigInt(number) * 10_000n}`,
      ),
    )
    .join("\n")}\n`;
}

/** @param {number} number */
const two = (number) => String(number).padStart(2, "0");
