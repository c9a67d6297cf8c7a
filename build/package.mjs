// `npm run package`: sets up what is not set up yet, then makes the packages for this system with electron-builder.
// Further arguments go to electron-builder, e.g. `npm run package -- --dir`.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root } from "./setup/places.mjs";
import { Progress } from "./setup/progress.mjs";
import { setUp } from "./setup/set-up.mjs";
import { Stop } from "./setup/stop.mjs";

const progress = new Progress();
try {
  await setUp(progress);
  const cli = join(root, "node_modules/electron-builder/cli.js");
  const config = join(root, "build/electron-builder.config.mjs");
  const args = [cli, "--config", config, "--publish", "never", ...process.argv.slice(2)];
  process.exitCode = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" }).status ?? 1;
} catch (thrown) {
  if (!(thrown instanceof Stop)) throw thrown;
  progress.line(`\n${thrown.message}`);
  process.exitCode = thrown.exitCode;
}
