import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTestApp, type TestApp, testPins } from "../harness/app.ts";
import { needsTpm, startTpm, tpmInstalled } from "../harness/tpm.ts";

/** A virtual TPM 2.0 (swtpm) behind tpm2-pkcs11: another real module than SoftHSM, with its own ideas. */
describe.skipIf(!tpmInstalled)("a virtual TPM", needsTpm, () => {
  let app: TestApp;
  let tpm: Awaited<ReturnType<typeof startTpm>>;
  let module: string;
  beforeAll(async () => {
    app = await openTestApp();
    tpm = await startTpm(app);
    module = tpm.module;
  });
  afterAll(async () => {
    await app.close();
    tpm.stop();
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
