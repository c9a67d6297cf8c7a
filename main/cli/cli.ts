import { openApp } from "../app.ts";
import { forkWithNode } from "../host/process.ts";
import { dataFolder, hostEntry, version } from "../places.ts";

const [, , , name = "", input = "{}"] = process.argv;
const app = await openApp({ dataFolder: dataFolder(), shell: "terminal", fork: forkWithNode(hostEntry), version });
const reply = await app.dispatch(name, JSON.parse(input));
console.log(JSON.stringify(reply, null, 2));
await app.close();
