import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTestApp, type TestApp, testPins } from "../harness/app.ts";

const library = "/usr/lib/x86_64-linux-gnu/pkcs11/libtpm2_pkcs11.so";
const swtpm = "/usr/bin/swtpm";

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });

/** A virtual TPM 2.0 (swtpm) behind tpm2-pkcs11: another real module than SoftHSM, with its own ideas. */
describe.skipIf(!existsSync(library) || !existsSync(swtpm))("a virtual TPM", () => {
  let app: TestApp;
  let tpm: ChildProcess;
  let module: string;
  beforeAll(async () => {
    app = await openTestApp();
    const state = join(app.dataFolder, "tpm");
    const store = join(app.dataFolder, "tpm2-pkcs11");
    await Promise.all([mkdir(state), mkdir(store)]);
    const port = await freePort();
    const socket = (number: number) => `type=tcp,port=${number},bindaddr=127.0.0.1,disconnect`;
    const args = ["socket", "--tpm2", "--tpmstate", `dir=${state}`, "--flags", "not-need-init,startup-clear"];
    tpm = spawn(swtpm, [...args, "--server", socket(port), "--ctrl", `type=tcp,port=${port + 1},bindaddr=127.0.0.1`], {
      stdio: "ignore",
    });
    const sha256 = createHash("sha256")
      .update(await readFile(library))
      .digest("hex");
    const row = await app.call("modules.add", {
      path: library,
      sha256,
      environment: {
        TPM2_PKCS11_STORE: store,
        TPM2_PKCS11_TCTI: `swtpm:host=127.0.0.1,port=${port}`,
        TSS2_LOG: "all+NONE",
        TPM2_PKCS11_LOG_LEVEL: "0",
      },
    });
    expect(row).toMatchObject({ state: "ready", error: null });
    module = row.id;
  });
  afterAll(async () => {
    await app.close();
    tpm.kill();
  });

  const firstFree = async () => {
    const { slots } = await app.call("tokens.slots", { module });
    const free = slots.find(({ token }) => token && !token.initialised)?.token;
    if (!free) throw new Error("the TPM shows no free slot");
    return free;
  };

  test("is initialised, given a user PIN, logged in to and out of", async () => {
    const free = await firstFree();
    expect(free).toMatchObject({ serial: "0000000000000000", label: "", pinLength: { min: 0, max: 128 } });
    const { ref } = await app.call("tokens.initialise", {
      module,
      token: free.ref,
      label: "tpm token",
      soPin: testPins.so,
    });
    await app.call("tokens.setUserPin", { module, token: ref, soPin: testPins.so, newPin: testPins.user });
    const login = { module, token: ref, who: "user" as const };
    const wrong = await app.fails("tokens.login", { ...login, pin: "wrong-3957-canary" });
    expect(wrong).toMatchObject({ rv: "CKR_PIN_INCORRECT", message: expect.stringContaining("flags do not tell") });
    expect(await app.call("tokens.login", { ...login, pin: testPins.user })).toMatchObject({ login: "user" });
    expect(await app.call("tokens.logout", { module, token: ref })).toMatchObject({ login: "none" });
  });

  test("a second token has the same serial, and is told from the first by its label", async () => {
    const { ref } = await app.call("tokens.initialise", {
      module,
      token: (await firstFree()).ref,
      label: "second",
      soPin: testPins.so,
    });
    expect(ref).toMatchObject({ serial: "0000000000000000", label: "second" });
    const first = await app.call("tokens.logout", { module, token: { serial: ref.serial, label: "tpm token" } });
    expect(first.ref.slot).not.toBe(ref.slot);
    expect(first.userPin.state).toBe("set");
  });

  test("mechanisms have names, and their sizes a unit", async () => {
    const token = { serial: "0000000000000000", label: "tpm token" };
    const { mechanisms } = await app.call("tokens.mechanisms", { module, token });
    expect(mechanisms.filter(({ error }) => error)).toEqual([]);
    expect(mechanisms.find(({ name }) => name === "CKM_RSA_PKCS_KEY_PAIR_GEN")).toMatchObject({ unit: "bits" });
    expect(mechanisms.every(({ name }) => name.startsWith("CKM_"))).toBe(true);
  });
});
