import { execFileSync, fork } from "node:child_process";
import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "../setup/places.mjs";

/** Label of the token in every store. */
export const tokenLabel = "bench";

/** SoftHSM waits for the disk at every object that it makes: 5,000 take minutes, in memory half a minute. */
export const memoryFolder = () => {
  try {
    accessSync("/dev/shm", constants.W_OK);
    return "/dev/shm";
  } catch {
    return tmpdir();
  }
};

/** Path of SoftHSM's library. */
export const softHsm = () => {
  const paths = JSON.parse(readFileSync(join(root, "main/modules/softhsm-paths.json"), "utf8"));
  const path = paths.find(existsSync);
  if (!path) throw new Error("There is no SoftHSM.");
  return path;
};

/**
 * Makes a data folder of the app whose embedded SoftHSM has one token with so many certificates, and nothing else:
 * other programs load the whole store, so each size gets its own.
 * @param {string} folder @param {string} library SoftHSM @param {number} count
 * @returns {Promise<{ dataFolder: string, conf: string, count: number }>}
 */
export const makeStore = async (folder, library, count) => {
  const dataFolder = join(folder, String(count));
  const softhsm = join(dataFolder, "softhsm");
  mkdirSync(join(softhsm, "tokens"), { recursive: true, mode: 0o700 });
  const conf = join(softhsm, "softhsm2.conf");
  writeFileSync(
    conf,
    `directories.tokendir = ${join(softhsm, "tokens")}\nobjectstore.backend = file\nlog.level = ERROR\n`,
  );
  const child = fork(
    fileURLToPath(new URL("./fill-store.mjs", import.meta.url)),
    [library, String(count), madeCertificate(folder)],
    {
      env: { ...process.env, SOFTHSM2_CONF: conf },
    },
  );
  const code = await new Promise((resolve) => child.once("exit", resolve));
  if (code !== 0) throw new Error(`the store with ${count} certificates could not be made`);
  return { dataFolder, conf, count };
};

/** @param {string} folder @returns {string} path of a self-made certificate in DER */
const madeCertificate = (folder) => {
  const path = join(folder, "certificate.der");
  try {
    readFileSync(path);
  } catch {
    const args = ["-newkey", "rsa:2048", "-nodes", "-days", "365", "-subj", "/C=DE/O=Example/CN=Bench"];
    execFileSync(
      "openssl",
      ["req", "-x509", ...args, "-keyout", join(folder, "key.pem"), "-outform", "der", "-out", path],
      {
        stdio: "ignore",
      },
    );
  }
  return path;
};
