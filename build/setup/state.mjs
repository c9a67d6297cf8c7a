import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setupFolder } from "./places.mjs";

/**
 * What an earlier set-up finished, so that the next one need not do it again. Each stamp is a hash over everything
 * that the step's result depends on; it is taken away before the step starts and written when it is done, so that a
 * set-up which was killed is done again.
 * @typedef {{
 *   stamps?: Record<string, string>,
 *   firstSeconds?: number,
 *   electronBlocked?: { at: number, why: string },
 * }} State
 */

const file = join(setupFolder, "state.json");

/** @returns {State} empty if there is none or it cannot be read */
export const readState = () => {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return {};
  }
};

/** @param {(state: State) => State} change */
export const changeState = (change) => {
  mkdirSync(setupFolder, { recursive: true });
  writeFileSync(`${file}.new`, `${JSON.stringify(change(readState()), null, 2)}\n`);
  renameSync(`${file}.new`, file);
};

/**
 * Runs `work` unless the stamp says that it was done for the same inputs and its product is still there.
 * @param {string} name @param {string} stamp @param {boolean} present
 * @param {() => Promise<void>} work @returns {Promise<boolean>} whether anything was done
 */
export const stamped = async (name, stamp, present, work) => {
  if (present && readState().stamps?.[name] === stamp) return false;
  changeState(({ stamps: { [name]: _old, ...stamps } = {}, ...state }) => ({ ...state, stamps }));
  await work();
  changeState((state) => ({ ...state, stamps: { ...state.stamps, [name]: stamp } }));
  return true;
};
