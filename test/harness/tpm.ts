import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { type TestApp, testPins } from "./app.ts";

const library = "/usr/lib/x86_64-linux-gnu/pkcs11/libtpm2_pkcs11.so";
const swtpm = "/usr/bin/swtpm";

export const tpmInstalled = existsSync(library) && existsSync(swtpm);

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });

/** A token on a virtual TPM 2.0 (swtpm) behind tpm2-pkcs11, with {@link testPins} and the user logged in. */
export const tpmToken = async (app: TestApp) => {
  const state = join(app.dataFolder, "tpm");
  const store = join(app.dataFolder, "tpm2-pkcs11");
  await Promise.all([mkdir(state), mkdir(store)]);
  const port = await freePort();
  const socket = (number: number) => `type=tcp,port=${number},bindaddr=127.0.0.1`;
  const args = ["socket", "--tpm2", "--tpmstate", `dir=${state}`, "--flags", "not-need-init,startup-clear"];
  const tpm: ChildProcess = spawn(
    swtpm,
    [...args, "--server", `${socket(port)},disconnect`, "--ctrl", socket(port + 1)],
    {
      stdio: "ignore",
    },
  );
  const sha256 = createHash("sha256")
    .update(await readFile(library))
    .digest("hex");
  const environment = {
    TPM2_PKCS11_STORE: store,
    TPM2_PKCS11_TCTI: `swtpm:host=127.0.0.1,port=${port}`,
    TSS2_LOG: "all+NONE",
    TPM2_PKCS11_LOG_LEVEL: "0",
  };
  const { id: module } = await app.call("modules.add", { path: library, sha256, environment });
  const { slots } = await app.call("tokens.slots", { module });
  const free = slots.find(({ token }) => token && !token.initialised)?.token;
  if (!free) throw new Error("the TPM shows no free slot");
  const { ref: token } = await app.call("tokens.initialise", {
    module,
    token: free.ref,
    label: "tpm",
    soPin: testPins.so,
  });
  await app.call("tokens.setUserPin", { module, token, soPin: testPins.so, newPin: testPins.user });
  await app.call("tokens.login", { module, token, who: "user", pin: testPins.user });
  return { at: { module, token }, stop: () => tpm.kill() };
};
