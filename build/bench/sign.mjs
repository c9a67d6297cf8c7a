import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { testNeeds } from "../setup/packages.mjs";
import { dist } from "../setup/places.mjs";
import { Progress } from "../setup/progress.mjs";
import { setUp } from "../setup/set-up.mjs";
import { median, rounded } from "./statistics.mjs";
import { memoryFolder, softHsm } from "./stores.mjs";

const runs = 7;
const signatures = 8000;
const batch = 1000;
// Of a token that exists for this measurement only.
const pin = "bench-pin";
const label = "bench";

/**
 * Certificate requests with an EC P-256 key on a SoftHSM token, through the app as the window and the command line ask
 * it (checked input, token host, every signature verified), beside C_SignInit and C_Sign alone with the same key, in
 * turns.
 * @returns {Promise<number>} exit code
 */
export const bench = async () => {
  await setUp(new Progress(), { needs: testNeeds.filter(({ title }) => title === "openssl") });
  const dataFolder = mkdtempSync(join(memoryFolder(), "tokenglass-bench-"));
  const app = await openedApp(dataFolder);
  try {
    const { at, key } = await madeKey(app);
    const raw = await rawSigner(join(dataFolder, "softhsm", "softhsm2.conf"), key.id);
    /** @type {number[]} */ const requests = [];
    /** @type {number[]} */ const bare = [];
    /** @type {number[]} */ const single = [];
    for (let run = 0; run <= runs; run++) {
      const rawRate = await raw.rate(signatures);
      const requestRate = await batches(app, at, key);
      const singleRate = await oneByOne(app, at, key);
      const warmUp = run === 0 ? " (warm-up, not counted)" : "";
      console.log(
        `C_Sign ${rawRate.toFixed(0)}/s, requests ${requestRate.toFixed(0)}/s, one at a time ${singleRate.toFixed(0)}/s${warmUp}`,
      );
      if (run === 0) continue;
      bare.push(rawRate);
      requests.push(requestRate);
      single.push(singleRate);
    }
    raw.end();
    const ratio = median(requests) / median(bare);
    console.log(
      `Medians of ${runs}: C_Sign ${median(bare).toFixed(0)}/s, requests ${median(requests).toFixed(0)}/s (${(ratio * 100).toFixed(0)} %), one at a time ${median(single).toFixed(0)}/s.`,
    );
    console.log(
      JSON.stringify({
        bench: "sign",
        ratioVsRawSign: rounded(ratio),
        requestsPerSecond: Math.round(median(requests)),
        rawSignaturesPerSecond: Math.round(median(bare)),
        singleRequestsPerSecond: Math.round(median(single)),
      }),
    );
    return 0;
  } finally {
    await app.close();
    rmSync(dataFolder, { recursive: true, force: true, maxRetries: 5 });
  }
};

/** @typedef {{ call(name: string, input: object): Promise<any>, close(): Promise<void> }} Asked */

/** @param {string} dataFolder @returns {Promise<Asked>} */
const openedApp = async (dataFolder) => {
  /** @param {string} file */
  const bundled = (file) => import(pathToFileURL(join(dist, "main", file)).href);
  const [{ openApp }, { forkWithNode }] = await Promise.all([bundled("app.js"), bundled("host-process.js")]);
  const fork = forkWithNode(join(dist, "main", "host.js"));
  const app = await openApp({ dataFolder, shell: "terminal", version: "0", fork });
  return {
    call: async (name, input) => {
      const reply = await app.dispatch(name, input);
      if (!reply.ok) throw new Error(`${name}: ${reply.error.message}`);
      return reply.value;
    },
    close: () => app.close(),
  };
};

/** @param {Asked} app */
const madeKey = async ({ call }) => {
  const module = "demo";
  const { slots } = await call("tokens.slots", { module });
  const free = slots.find((/** @type {any} */ { token }) => token && !token.initialised).token.ref;
  const { ref: token } = await call("tokens.initialise", { module, token: free, label, soPin: pin });
  const at = { module, token };
  await call("tokens.setUserPin", { ...at, soPin: pin, newPin: pin });
  await call("tokens.login", { ...at, who: "user", pin });
  const spec = { kind: "EC", curve: "P-256", preset: "sign", label };
  const { id } = await call("keys.generate", { ...at, spec });
  return { at, key: { class: "privateKey", label, id } };
};

/** @param {number} from @param {number} count a subject of its own for each, and what a TLS client's request has */
const profiles = (from, count) =>
  Array.from({ length: count }, (_, i) => ({
    subject: `CN=device ${from + i},O=Example`,
    san: [{ type: "dns", value: `device-${from + i}.example` }],
    keyUsage: ["digitalSignature"],
    extendedKeyUsage: ["clientAuth"],
  }));

/** Requests a second; two batches are under way at a time. @param {Asked} app @param {object} at @param {object} key */
const batches = async (app, at, key) => {
  const start = performance.now();
  let from = 0;
  const next = async () => {
    while (from < signatures) {
      const wanted = profiles(from, batch);
      from += batch;
      const { requests } = await app.call("certificates.requestBatch", { ...at, key, profiles: wanted });
      if (requests.length !== batch) throw new Error(`${requests.length} requests came back`);
    }
  };
  await Promise.all([next(), next()]);
  return (signatures * 1000) / (performance.now() - start);
};

/** @param {Asked} app @param {object} at @param {object} key */
const oneByOne = async (app, at, key) => {
  const start = performance.now();
  const count = signatures / 40;
  for (const profile of profiles(0, count)) await app.call("certificates.request", { ...at, key, profile });
  return (count * 1000) / (performance.now() - start);
};

/** A process of its own, since SoftHSM finds its store by the environment. @param {string} conf @param {string} id */
const rawSigner = async (conf, id) => {
  const child = fork(fileURLToPath(new URL("./raw-sign.mjs", import.meta.url)), [softHsm(), id], {
    env: { ...process.env, SOFTHSM2_CONF: conf },
  });
  child.send({ pin });
  return {
    /** @param {number} count @returns {Promise<number>} signatures a second */
    rate: async (count) => {
      child.send({ count });
      const [{ milliseconds }] = await once(child, "message");
      return (count * 1000) / milliseconds;
    },
    end: () => child.disconnect(),
  };
};
