import { whyUnusable } from "./natives.ts";
import type { Plan } from "./plan.ts";
import { RunFolder, type RunWishes } from "./run-folder.ts";

/**
 * Makes the folder for a run. Whatever stands in the way, the command itself can run.
 * @param folder the app's folder for runs
 * @returns the folder, or why nothing will be recorded
 */
export const prepareRun = async (
  plan: Plan,
  folder: string,
  wishes: RunWishes,
): Promise<{ run: RunFolder; why: "" } | { run: null; why: string }> => {
  const { spy, audit } = wishes.natives;
  const why = plan.possible ? (await whyUnusable(spy)) || (await whyUnusable(audit)) : plan.why;
  if (why !== "") return { run: null, why };
  try {
    return { run: await RunFolder.make(folder, wishes), why: "" };
  } catch (thrown) {
    return { run: null, why: `The run's private folder could not be made: ${(thrown as Error).message}` };
  }
};
