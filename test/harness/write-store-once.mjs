// One request `truststores.write`, which comes as JSON on standard input, in a process of its own (one without root's rights, or
// one with limits). Prints the reply as JSON.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { openApp } from "../../dist/main/app.js";
import { forkWithNode } from "../../dist/main/host-process.js";

const host = new URL("../../dist/main/host.js", import.meta.url).pathname;
const dataFolder = mkdtempSync(join(tmpdir(), "tokenglass-once-"));
const app = await openApp({
  dataFolder,
  shell: "terminal",
  fork: forkWithNode(host),
  version: "0.0.0-test",
  patience: {},
});
const reply = await app.dispatch("truststores.write", JSON.parse(await text(process.stdin)));
process.stdout.write(JSON.stringify(reply));
await app.close();
rmSync(dataFolder, { recursive: true, force: true });
process.exit(0);
