import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildNative, buildProgram } from "../native.mjs";
import { dist } from "../setup/places.mjs";
import { median, rounded } from "./statistics.mjs";

const rounds = 9;
const softhsm = "/usr/lib/softhsm/libsofthsm2.so";
/** A user that is not root: for root, p11-kit takes no other settings than the system's. */
const nobody = 65534;

const functions = /** @type {const} */ (["info", "random"]);
const names = { info: "C_GetSessionInfo", random: "C_GenerateRandom(16)" };
const threadCounts = /** @type {const} */ ([1, 4]);
/** Calls of each thread. */
const calls = { 1: 100_000, 4: 50_000 };

/** @param {string} file */
const installed = (file) => {
  const folders = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"];
  const found = folders.flatMap((folder) => [join(folder, file), join(folder, "pkcs11", file)]).find(existsSync);
  if (!found) throw new Error(`${file} is not installed. On Debian or Ubuntu: apt install opensc p11-kit softhsm2`);
  return found;
};

/**
 * One way to the module: what the program loads, and where the log is.
 * @typedef {{ title: string, module: string, environment: Record<string, string>, log?: "folder" | "file" | "stderr" }} Way
 */

/** @param {string} folder @returns {Record<"direct" | "ours" | "opensc" | "p11kit", Way>} */
const waysIn = (folder) => ({
  direct: { title: "direct", module: softhsm, environment: {} },
  ours: {
    title: "Tokenglass",
    module: join(folder, "tokenglass-spy.so"),
    environment: { TOKENGLASS_SPY_MODULE: softhsm, TOKENGLASS_SPY_DIR: join(folder, "log") },
    log: "folder",
  },
  opensc: {
    title: "OpenSC pkcs11-spy",
    module: installed("pkcs11-spy.so"),
    environment: { PKCS11SPY: softhsm, PKCS11SPY_OUTPUT: join(folder, "log/opensc.log") },
    log: "file",
  },
  p11kit: {
    title: "p11-kit log-calls",
    module: installed("p11-kit-proxy.so"),
    environment: {},
    log: "stderr",
  },
});

/** @param {string} folder */
const prepare = (folder) => {
  mkdirSync(join(folder, "tokens"));
  mkdirSync(join(folder, "log"), { mode: 0o700 });
  writeFileSync(join(folder, "softhsm2.conf"), `directories.tokendir = ${join(folder, "tokens")}\nlog.level = ERROR\n`);
  mkdirSync(join(folder, ".config/pkcs11/modules"), { recursive: true });
  writeFileSync(join(folder, ".config/pkcs11/pkcs11.conf"), "user-config: only\n");
  writeFileSync(join(folder, ".config/pkcs11/modules/softhsm.module"), `module: ${softhsm}\nlog-calls: yes\n`);
  copyFileSync(join(dist, "native/tokenglass-spy.so"), join(folder, "tokenglass-spy.so"));
  copyFileSync(buildProgram("hammer"), join(folder, "hammer"));
  if (process.getuid?.() === 0) for (const path of ["", "tokens", "log"]) chownSync(join(folder, path), nobody, nobody);
  chmodSync(folder, 0o755);
};

/**
 * @param {string} folder @param {string} command @param {string[]} args @param {Record<string, string>} environment
 */
const run = (folder, command, args, environment) => {
  const user = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
  const env = {
    PATH: process.env.PATH ?? "",
    HOME: folder,
    SOFTHSM2_CONF: join(folder, "softhsm2.conf"),
    ...environment,
  };
  const shell = `exec "$@" 2>${join(folder, "log/stderr")}`;
  const { status, stdout } = spawnSync("sh", ["-c", shell, "sh", command, ...args], {
    env,
    cwd: folder,
    encoding: "utf8",
    ...user,
  });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}`);
  return stdout;
};

/** Runs once. @param {string} folder @param {Way} way @param {1 | 4} threads @param {"info" | "random"} what */
const measure = (folder, way, threads, what) => {
  const log = join(folder, "log");
  const args = [way.module, String(threads), String(calls[threads]), what];
  const nanoseconds = Number.parseFloat(run(folder, join(folder, "hammer"), args, way.environment));
  const bytes = readdirSync(log).reduce((sum, name) => sum + statSync(join(log, name)).size, 0);
  for (const name of readdirSync(log)) rmSync(join(log, name));
  return { nanoseconds, bytes: bytes / (calls[threads] * threads) };
};

/**
 * What recording costs: two quick functions of SoftHSM through each recorder, in turns, in one run.
 * @returns {Promise<number>} exit code
 */
export const bench = async () => {
  buildNative();
  const folder = mkdtempSync(join(tmpdir(), "tokenglass-bench-"));
  try {
    prepare(folder);
    run(
      folder,
      "softhsm2-util",
      ["--init-token", "--free", "--label", "bench", "--pin", "1234", "--so-pin", "12345678"],
      {},
    );
    const ways = waysIn(folder);
    const results = threadCounts.map((threads) => compare(folder, ways, threads));
    console.log(JSON.stringify(results));
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
};

/** @param {string} folder @param {ReturnType<typeof waysIn>} ways @param {1 | 4} threads */
const compare = (folder, ways, threads) => {
  const keys = /** @type {(keyof typeof ways)[]} */ (Object.keys(ways));
  let added = { ours: 0, opensc: 0 };
  let bytes = { ours: 0, opensc: 0 };
  let addedNs = 0;
  for (const what of functions) {
    /** @type {Record<string, { nanoseconds: number, bytes: number }[]>} */
    const runs = Object.fromEntries(keys.map((key) => [key, []]));
    for (let round = 0; round < rounds; round++)
      for (const key of keys) runs[key]?.push(measure(folder, ways[key], threads, what));
    /** @param {string} key @param {"nanoseconds" | "bytes"} field */
    const middle = (key, field) => median((runs[key] ?? []).map((result) => result[field]));
    const direct = middle("direct", "nanoseconds");
    console.log(`${names[what]}, ${threads} ${threads === 1 ? "thread" : "threads"}, medians of ${rounds}:`);
    for (const key of keys) {
      const nanoseconds = middle(key, "nanoseconds");
      const cost =
        key === "direct"
          ? ""
          : `, adds ${(nanoseconds - direct).toFixed(0)} ns and ${middle(key, "bytes").toFixed(0)} bytes`;
      console.log(`  ${ways[key].title.padEnd(18)} ${nanoseconds.toFixed(0).padStart(6)} ns a call${cost}`);
    }
    added = {
      ours: added.ours + middle("ours", "nanoseconds") - direct,
      opensc: added.opensc + middle("opensc", "nanoseconds") - direct,
    };
    bytes = { ours: bytes.ours + middle("ours", "bytes"), opensc: bytes.opensc + middle("opensc", "bytes") };
    if (what === "info") addedNs = middle("ours", "nanoseconds") - direct;
  }
  return {
    bench: "spy",
    threads,
    addedNs: Math.round(addedNs),
    ratioVsOpenscSpy: rounded(added.ours / added.opensc),
    bytesRatio: rounded(bytes.ours / bytes.opensc),
  };
};
