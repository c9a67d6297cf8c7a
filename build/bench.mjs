// `npm run bench -- list|start|spy|trace|sign`: measures side by side with other programs. The last line of the output is JSON.
import { existsSync } from "node:fs";
import { nodeProblem } from "./setup/node-version.mjs";

const problem = nodeProblem(process.versions.node);
if (problem) {
  console.error(problem);
  process.exit(2);
}

const [name = ""] = process.argv.slice(2);
const file = new URL(`./bench/${name}.mjs`, import.meta.url);
if (!["list", "start", "spy", "trace", "sign"].includes(name) || !existsSync(file)) {
  console.error("Usage: npm run bench -- list   (listing 1,000 and 5,000 certificates)");
  console.error("       npm run bench -- spy    (what recording adds to a call)");
  console.error("       npm run bench -- trace  (opening a log of 1 GB)");
  console.error("       npm run bench -- sign   (certificate requests beside bare C_Sign)");
  console.error("       npm run bench -- start  (from process start to a usable window)");
  process.exit(2);
}
const { bench } = await import(file.href);
process.exitCode = await bench();
