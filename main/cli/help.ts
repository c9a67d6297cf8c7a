import { declarationOf, requestNames } from "../../preload/contract/index.ts";

/** The text of --help: usage, then every request with its summary. */
export const helpText = (): string => {
  const width = Math.max(...requestNames.map((name) => name.length));
  const requests = requestNames.map((name) => `  ${name.padEnd(width)}  ${declarationOf(name)?.summary ?? ""}`);
  return `Tokenglass from a terminal: every request that the window can make, without the window.

Usage
  tokenglass call DOMAIN.REQUEST [JSON | @file | -] [options]
  tokenglass describe [DOMAIN.REQUEST]
  tokenglass trace [options] -- COMMAND [ARGUMENTS]
  tokenglass --help | --version

call runs one request and prints its reply as one JSON document: {"ok":true,"value":...} or {"ok":false,"error":...}.
  --login user|so   log in to the request's token first; a login lasts only as long as the command
  --confirm TEXT    the typed confirmation that a login needs when a PIN's last try is at stake
  --pin-fd N        read PINs and passwords as lines from file descriptor N: the login's first, then the request's in
                    the order of its schema; without it they are asked for at the terminal, without echo. 0 is standard
                    input; npx passes on no descriptor from 3 on, which need node build/tokenglass.mjs
  --ask FIELD       also ask for a secret that may be left out, e.g. the password of a file; may be repeated
  --follow          print JSON lines: progress, the reply, then events until Ctrl-C
  --data DIR        data folder (otherwise TOKENGLASS_DATA, or the usual place)
A PIN is never taken as an argument or from the JSON; null there means that it is entered on the reader.
"module" is a kept module's id ("demo" is the embedded SoftHSM) or the path of its library.

describe prints requests, events and errors with JSON Schemas.

trace runs a command with every PKCS#11 call recorded, whatever module it loads, without touching its configuration (Linux).
Its exit code is the command's; where the recording is, and a summary, go to standard error.
  --level 0|1|2     0 structure (default), 1 also public data, 2 also ciphertext for an hour; never PINs or keys
  --dir DIR         folder for the recordings (otherwise traces/ in the data folder)
  --module PATH     a file that counts as a PKCS#11 module although its symbol table does not say so; may be repeated
  --keep            leave the run's private folder: the spy's copies, and the list of what was loaded
  --data DIR        data folder

Exit codes: 0 done, 1 an error reply (printed as data), 2 wrong use, 130 interrupted.

Requests
${requests.join("\n")}
`;
};
