// Changes a trust store on and on, until it is killed: `target` and `entries` of truststores.write come as JSON on its
// standard input. Prints a line before the first change.
import { once } from "node:events";
import { openApp } from "../../dist/main/app.js";
import { forkWithNode } from "../../dist/main/host-process.js";

const [data] = await once(process.stdin, "data");
const { target, entries, sha256, dataFolder } = JSON.parse(data.toString());
const host = new URL("../../dist/main/host.js", import.meta.url).pathname;
const app = await openApp({
  dataFolder,
  shell: "terminal",
  fork: forkWithNode(host),
  version: "0.0.0-test",
  patience: {},
});

/** @param {string} name @param {object} input */
const call = async (name, input) => {
  const reply = await app.dispatch(name, input);
  if (!reply.ok) throw new Error(JSON.stringify(reply.error));
};

process.stdout.write("begins\n");
for (;;) {
  await call("truststores.write", { ...target, entries, mode: "add" });
  await call("truststores.remove", { ...target, sha256 });
}
