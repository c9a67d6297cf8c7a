import { Progress } from "./progress.mjs";
import { setUp } from "./set-up.mjs";
import { Stop } from "./stop.mjs";

/**
 * Sets up before a command whose standard output is its own: what is said goes to standard error. Ends the process if
 * that fails.
 * @param {Parameters<typeof setUp>[1]} [options]
 */
export const setUpForCommand = async (options) => {
  try {
    await setUp(new Progress(process.stderr), options);
  } catch (thrown) {
    if (!(thrown instanceof Stop)) throw thrown;
    console.error(thrown.message);
    process.exit(thrown.exitCode);
  }
};
