import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { type TestApp, testPins } from "./app.ts";
import { needs } from "./needs.ts";

const library = "/usr/lib/x86_64-linux-gnu/pkcs11/libtpm2_pkcs11.so";
const swtpm = "/usr/bin/swtpm";

export const tpmInstalled = existsSync(library) && existsSync(swtpm);
/** What the run says of tests that are skipped without it. */
export const needsTpm = needs("tpm2-pkcs11 and swtpm are not installed");

/** Two ports side by side, free a moment ago: commands come in on the first, control on the second. */
const freePorts = async (): Promise<number> => {
  for (;;) {
    const first = createServer().listen(0, "127.0.0.1");
    await once(first, "listening");
    const address = first.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const second = createServer().listen(port + 1, "127.0.0.1");
    const free = await once(second, "listening").then(
      () => true,
      () => false,
    );
    await Promise.all([first, second].map((server) => new Promise((resolve) => server.close(resolve))));
    if (free) return port;
  }
};

/** Waits until something listens there. */
const listens = async (port: number): Promise<void> => {
  for (const limit = Date.now() + 10_000; ; ) {
    const socket = connect(port, "127.0.0.1");
    const there = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (there) return;
    if (Date.now() > limit) throw new Error("swtpm did not start");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

/** Starts a virtual TPM 2.0 (swtpm) and adds tpm2-pkcs11, which speaks to it, as a module of the app. */
export const startTpm = async (app: TestApp): Promise<{ module: string; stop(): void }> => {
  const state = join(app.dataFolder, "tpm");
  const store = join(app.dataFolder, "tpm2-pkcs11");
  await Promise.all([mkdir(state), mkdir(store)]);
  const port = await freePorts();
  const socket = (number: number) => `type=tcp,port=${number},bindaddr=127.0.0.1`;
  const args = ["socket", "--tpm2", "--tpmstate", `dir=${state}`, "--flags", "not-need-init,startup-clear"];
  const tpm = spawn(swtpm, [...args, "--server", `${socket(port)},disconnect`, "--ctrl", socket(port + 1)], {
    stdio: "ignore",
  });
  await listens(port + 1);
  const sha256 = createHash("sha256")
    .update(await readFile(library))
    .digest("hex");
  const environment = {
    TPM2_PKCS11_STORE: store,
    TPM2_PKCS11_TCTI: `swtpm:host=127.0.0.1,port=${port}`,
    TSS2_LOG: "all+NONE",
    TPM2_PKCS11_LOG_LEVEL: "0",
  };
  const { id, state: moduleState, error } = await app.call("modules.add", { path: library, sha256, environment });
  if (moduleState !== "ready") throw new Error(`the TPM's module is ${moduleState}: ${JSON.stringify(error)}`);
  return { module: id, stop: () => void tpm.kill() };
};

/** A token on a virtual TPM, with {@link testPins} and the user logged in. */
export const tpmToken = async (app: TestApp) => {
  const { module, stop } = await startTpm(app);
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
  return { at: { module, token }, stop };
};
