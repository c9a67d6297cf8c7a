import { fork } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { dist } from "../setup/places.mjs";
import { tokenLabel } from "./stores.mjs";

/**
 * Lists a store through the app's own token host with OpenSC's spy in front of the library, and counts the calls that
 * the request made, from the first to the last.
 * @param {{ dataFolder: string, conf: string, count: number }} store @param {string} library @param {string} spy
 * @returns {Promise<number>} PKCS#11 calls an object
 */
export const callsPerObject = async (store, library, spy) => {
  const log = join(store.dataFolder, "spy.log");
  rmSync(log, { force: true });
  const host = fork(join(dist, "main", "host.js"), [], {
    env: { ...process.env, SOFTHSM2_CONF: store.conf, PKCS11SPY: library, PKCS11SPY_OUTPUT: log },
    serialization: "advanced",
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  try {
    /** @param {(message: any) => boolean} fits @returns {Promise<any>} */
    const message = (fits) =>
      new Promise((resolve, reject) => {
        host.on("message", (/** @type {any} */ each) => {
          if (each.kind === "failed") reject(new Error(JSON.stringify(each.error)));
          else if (fits(each)) resolve(each);
        });
        host.once("exit", () => reject(new Error("the token host ended")));
      });
    let id = 0;
    const call = async (/** @type {string} */ name, /** @type {object} */ input) => {
      const mine = ++id;
      const answer = message((each) => each.kind === "reply" && each.id === mine);
      host.send({ kind: "call", id: mine, name, input });
      const { reply } = await answer;
      if (!reply.ok) throw new Error(`${name}: ${JSON.stringify(reply.error)}`);
      return reply.value;
    };
    const ready = message((each) => each.kind === "ready");
    const timing = { idleLogoutMinutes: 0, pollSeconds: 3600 };
    host.send({ kind: "start", setup: { path: spy, initString: null, module: "bench", timing } });
    await ready;
    const { slots } = await call("tokens.slots", { module: "bench" });
    const token = slots.find((/** @type {any} */ slot) => slot.token?.label === tokenLabel).token.ref;
    const before = calls(log);
    const { count } = await call("objects.list", { module: "bench", token, stream: true });
    if (count !== store.count) throw new Error(`${count} objects were listed instead of ${store.count}`);
    return (calls(log) - before) / count;
  } finally {
    host.kill();
  }
};

/** @param {string} log */
const calls = (log) => (readFileSync(log, "utf8").match(/^\d+: C_/gm) ?? []).length;
