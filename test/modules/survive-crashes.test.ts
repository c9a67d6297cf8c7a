import { afterAll, beforeAll, expect, test } from "vitest";
import type { ErrorData } from "../../preload/contract/errors.ts";
import type { ObjectRef, TokenRef } from "../../preload/contract/shared.ts";
import { openTestApp, type TestApp, testPins } from "../harness/app.ts";
import { faultyToken as emptyFaultyToken } from "../harness/faulty-token.ts";
import { addNative } from "../harness/native.ts";

/**
 * What happens to the app, to the other modules and to the objects on a real token when the module in front of it
 * crashes, hangs or loses the device. The faults are in front of SoftHSM (native/forward) and come while a file is
 * there, so the token itself is a true one before and after.
 */

const callSeconds = 3;
let app: TestApp;
beforeAll(async () => {
  app = await openTestApp({ callSeconds });
  await app.app.startModules();
});
afterAll(() => app.close());

interface Faulty {
  module: string;
  token: TokenRef;
  break(): Promise<void>;
  repair(): Promise<void>;
  list(): Promise<string[]>;
  /** One of the private keys. */
  key(): Promise<ObjectRef>;
}

/** A SoftHSM token with two key pairs behind a module with this fault. */
const faultyToken = async (fault: string): Promise<Faulty> => {
  const { at, ...faults } = await emptyFaultyToken(app, fault);
  for (const label of ["first", "second"])
    await app.call("keys.generate", { ...at, spec: { kind: "EC", curve: "P-256", preset: "sign", label } });
  const rows = async () => (await app.call("objects.list", at)).rows;
  return {
    ...at,
    ...faults,
    list: async () => (await rows()).map((row) => `${row.className} ${row.label} ${row.id}`).sort(),
    key: async () => {
      const key = (await rows()).find((row) => row.class === "privateKey");
      if (!key) throw new Error("the private key is not there");
      return { handle: key.handle, class: key.class, label: key.label, id: key.id };
    },
  };
};

/** The demo token's module answers. */
const expectOthersUnaffected = async () =>
  expect((await app.call("tokens.slots", { module: "demo" })).slots.length).toBeGreaterThan(0);

/** Repairs the module, starts it again and finds every object that was there. */
const expectNothingLost = async (faulty: Faulty, before: string[]) => {
  await faulty.repair();
  const { state } = await app.call("modules.restart", { module: faulty.module });
  expect(state).toBe("ready");
  const { module, token } = faulty;
  await app.call("tokens.login", { module, token, who: "user", pin: testPins.user });
  expect(await faulty.list()).toEqual(before);
  const object = await faulty.key();
  expect((await app.call("keys.testSignature", { module, token, object })).verified).toBe(true);
};

const crashes = [
  { fault: "segv:C_Login", signal: "SIGSEGV" },
  { fault: "segv:C_FindObjects", signal: "SIGSEGV" },
  { fault: "abort:C_GetAttributeValue@2+", signal: "SIGABRT" },
];

test.each(crashes)("$fault: an error that names function and signal, and nothing lost", async ({ fault, signal }) => {
  const name = /C_\w+/.exec(fault)?.[0] ?? "";
  const faulty = await faultyToken(fault);
  const { module, token } = faulty;
  const before = await faulty.list();
  expect(before).toHaveLength(4);
  await faulty.break();
  if (name === "C_Login") await app.call("tokens.logout", { module, token });

  const error =
    name === "C_Login"
      ? await app.fails("tokens.login", { module, token, who: "user", pin: testPins.user })
      : await app.fails("objects.list", { module, token });

  expect(error).toMatchObject({ code: "HOST_CRASHED", details: { function: name, signal } });
  expect(error.message).toContain(name);
  expect(error.message).toContain(signal);
  expect(error.remedy).toMatch(/start the module again/i);
  expect(JSON.stringify(error)).not.toContain(testPins.user);
  await app.event("modules.changed", ({ modules }) =>
    modules.some(({ id, state }) => id === module && state === "failed"),
  );
  await expectOthersUnaffected();
  await expectNothingLost(faulty, before);
});

test("a hang in C_Login ends that module's process after its time; the others answer meanwhile", async () => {
  const faulty = await faultyToken("hang:C_Login");
  const { module, token } = faulty;
  const before = await faulty.list();
  await app.call("tokens.logout", { module, token });
  await faulty.break();

  const start = performance.now();
  let over = false;
  const hanging = app.fails("tokens.login", { module, token, who: "user", pin: testPins.user }).then((error) => {
    over = true;
    return error;
  });
  for (let i = 0; i < 5; i++) await expectOthersUnaffected();
  expect(over).toBe(false);

  const error = await hanging;
  expect((performance.now() - start) / 1000).toBeGreaterThanOrEqual(callSeconds * 0.99);
  expect(error).toMatchObject({ code: "HOST_TIMED_OUT", details: { function: "C_Login", seconds: callSeconds } });
  expect(error.remedy).toMatch(/start the module again/i);
  await expectNothingLost(faulty, before);
});

test("requests that wait behind slow ones have no part in their time, and each is answered in its turn", async () => {
  const { module, token, break: slowDown } = await faultyToken(`slow:C_Login:${callSeconds * 400}`);
  await app.call("tokens.logout", { module, token });
  await slowDown();
  const answered: number[] = [];
  const note = () => answered.push(performance.now());
  const loginAndOut = () => [
    app.call("tokens.login", { module, token, who: "user", pin: testPins.user }).then(note),
    app.call("tokens.logout", { module, token }).then(note),
  ];
  const start = performance.now();
  // The last waits for three logins, which is longer than one request may take.
  const last = [...loginAndOut(), ...loginAndOut(), ...loginAndOut(), app.call("tokens.slots", { module }).then(note)];
  await Promise.all(last);
  const [first = 0] = answered;
  expect(answered).toHaveLength(7);
  expect(((answered.at(-1) ?? 0) - start) / 1000).toBeGreaterThan(callSeconds);
  expect(((answered.at(-1) ?? 0) - first) / 1000).toBeGreaterThan(callSeconds * 0.6);
});

test("CKR_DEVICE_REMOVED in the middle of a listing is an error, not a shorter list; the host lives on", async () => {
  const faulty = await faultyToken("error:C_GetAttributeValue:0x32@3+");
  const { module, token } = faulty;
  const before = await faulty.list();
  const pid = (await app.call("modules.list", {})).modules.find(({ id }) => id === module)?.pid;
  await faulty.break();
  const error = await app.fails("objects.list", { module, token });
  expect(error).toMatchObject({ code: "PKCS11", rv: "CKR_DEVICE_REMOVED" });
  expect(error.where).toContain("C_GetAttributeValue");
  expect(error.remedy).toMatch(/insert it again/i);
  await faulty.repair();
  expect(await faulty.list()).toEqual(before);
  expect((await app.call("modules.list", {})).modules.find(({ id }) => id === module)?.pid).toBe(pid);
});

const writes: { title: string; does: string; change(faulty: Faulty): Promise<ErrorData> }[] = [
  {
    title: "writing a data object",
    does: "C_CreateObject",
    change: ({ module, token }) => app.fails("objects.writeData", { module, token, label: "new", content: "AAAA" }),
  },
  {
    title: "generating a key pair",
    does: "C_GenerateKeyPair",
    change: ({ module, token }) =>
      app.fails("keys.generate", {
        module,
        token,
        spec: { kind: "EC", curve: "P-256", preset: "sign", label: "third" },
      }),
  },
  {
    title: "renaming a key",
    does: "C_SetAttributeValue",
    change: async ({ module, token, key }) =>
      app.fails("objects.set", {
        module,
        token,
        object: await key(),
        changes: [{ attribute: "CKA_LABEL", hex: "6e6577" }],
      }),
  },
  {
    title: "deleting a key",
    does: "C_DestroyObject",
    change: async ({ module, token, key }) => {
      const objects = [await key()];
      const { confirmation } = await app.call("objects.deletePreview", { module, token, objects });
      return app.fails("objects.delete", { module, token, objects, confirmation: confirmation ?? undefined });
    },
  },
];

test.each(writes)("a crash while $title is not reported as done, and was not", async ({ does, change }) => {
  const faulty = await faultyToken(`segv:${does}`);
  const before = await faulty.list();
  await faulty.break();
  expect(await change(faulty)).toMatchObject({ code: "HOST_CRASHED", details: { function: does, signal: "SIGSEGV" } });
  await expectNothingLost(faulty, before);
});

test("a crash between requests shows at once, and requests do not start the module again by themselves", async () => {
  await app.call("app.setSettings", { pollSeconds: 0.5 });
  const faulty = await faultyToken("segv:C_GetTokenInfo");
  const { module } = faulty;
  const before = await faulty.list();
  await faulty.break();
  const { modules } = await app.event("modules.changed", ({ modules: rows }) =>
    rows.some(({ id, state }) => id === module && state === "failed"),
  );
  const row = modules.find(({ id }) => id === module);
  expect(row).toMatchObject({ pid: null, error: { code: "HOST_CRASHED", details: { function: "C_GetTokenInfo" } } });
  await app.event("tokens.loggedOut", (event) => event.module === module && event.reason === "host ended");
  expect(await app.fails("tokens.slots", { module })).toMatchObject({ code: "HOST_CRASHED" });
  await expectNothingLost(faulty, before);
});

test("a restart does not wait for a hanging function, whose request is answered", async () => {
  const faulty = await faultyToken("hang:C_FindObjects");
  const { module, token } = faulty;
  const before = await faulty.list();
  await faulty.break();
  const hanging = app.fails("objects.list", { module, token });
  await new Promise((resolve) => setTimeout(resolve, 300));
  const start = performance.now();
  await expectNothingLost(faulty, before);
  expect((performance.now() - start) / 1000).toBeLessThan(callSeconds * 0.9);
  expect(await hanging).toMatchObject({ code: "HOST_STOPPED" });
});

test("closing the app does not wait for a hanging module, and leaves no process behind", async () => {
  const other = await openTestApp();
  const { id: module, pid } = await addNative(other, "mock", { fault: "hang:C_GetSlotList" });
  const hanging = other.fails("tokens.slots", { module });
  await new Promise((resolve) => setTimeout(resolve, 300));
  const start = performance.now();
  await other.close();
  expect((performance.now() - start) / 1000).toBeLessThan(5);
  expect((await hanging).code).toBe("HOST_STOPPED");
  expect(() => process.kill(pid ?? 0, 0)).toThrow("ESRCH");
});
