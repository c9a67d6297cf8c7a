import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { forkWithNode } from "../../main/host/process.ts";
import type { HostTiming } from "../../main/host/protocol.ts";
import { TokenHost } from "../../main/host/supervisor.ts";
import type { EventData, Output } from "../../preload/contract/index.ts";
import { hostEntry, initialisedToken, openTestApp, type TestApp, testPins } from "../harness/app.ts";

const module = "demo";
const softHsm = "/usr/lib/softhsm/libsofthsm2.so";
const spy = "/usr/lib/x86_64-linux-gnu/pkcs11/pkcs11-spy.so";
const run = promisify(execFile);

let app: TestApp;
let environment: { SOFTHSM2_CONF: string };
beforeAll(async () => {
  app = await openTestApp();
  environment = { SOFTHSM2_CONF: join(app.dataFolder, "softhsm/softhsm2.conf") };
  await app.call("app.setSettings", { pollSeconds: 0.5 });
});
afterAll(() => app.close());

const labels = ({ slots }: EventData<"tokens.changed">) => slots.flatMap(({ token }) => token?.label ?? []);
/** Another program; these PINs are its own and of no other use. */
const softHsmUtil = (args: string) =>
  run("softhsm2-util", args.split(" "), { env: { ...process.env, ...environment } });

test("a token that another program makes or deletes appears and leaves without a restart", async () => {
  await app.call("tokens.slots", { module });
  await softHsmUtil("--init-token --free --label Outside --so-pin 12345678 --pin 12345678");
  await app.event("tokens.changed", (data) => labels(data).includes("Outside"));
  await softHsmUtil("--delete-token --token Outside");
  await app.event("tokens.changed", (data) => data === app.events.at(-1)?.data && !labels(data).includes("Outside"));
});

test("a login stands while another program makes a token, which appears after the logout", async () => {
  const { token } = await initialisedToken(app, "Standing");
  await softHsmUtil("--init-token --free --label Later --so-pin 12345678 --pin 12345678");
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const { slots } = await app.call("tokens.slots", { module });
  expect(slots.find((slot) => slot.token?.serial === token.serial)?.token?.login).toBe("user");
  await app.call("tokens.logout", { module, token });
  await app.event("tokens.changed", (data) => labels(data).includes("Later"));
});

/** A host of its own, whose idle time can be shorter than the whole minutes of the settings. */
const openHost = async (timing: HostTiming, path = softHsm, more: Record<string, string> = {}) => {
  const events: { name: string; data: unknown; at: number }[] = [];
  const setup = { path, initString: null, module: "own", timing };
  const host = new TokenHost(forkWithNode(hostEntry), { ...environment, ...more }, setup, {
    onEvent: (name, data) => events.push({ name, data, at: Date.now() }),
    onEnd: () => {},
  });
  expect((await host.start()).ok).toBe(true);
  const loggedOut = () =>
    events.filter(({ name }) => name === "tokens.loggedOut").map(({ data }) => data as EventData<"tokens.loggedOut">);
  return { host, events, loggedOut };
};
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const loginOf = async (host: TokenHost, serial: string) => {
  const reply = await host.call("tokens.slots", { module: "own" }, 5);
  if (!reply.ok) throw new Error(JSON.stringify(reply.error));
  const { slots } = reply.value as Output<"tokens.slots">;
  return slots.find((slot) => slot.token?.serial === serial)?.token?.login;
};

test("a login ends after the idle time; a request to the token puts that off, and looking at the slots does not", async () => {
  const { token } = await initialisedToken(app, "Idle", false);
  const { host, loggedOut } = await openHost({ idleLogoutMinutes: 2 / 60, pollSeconds: 0.1 });
  const input = { module: "own", token };
  const reply = await host.call("tokens.login", { ...input, who: "user", pin: testPins.user }, 5);
  expect(reply.ok).toBe(true);
  for (const name of ["tokens.mechanisms", "tokens.used", "tokens.used"] as const) {
    await pause(1000);
    expect((await host.call(name, input, 5)).ok).toBe(true);
  }
  expect(await loginOf(host, token.serial)).toBe("user");
  for (let looked = 0; looked < 5; looked++) {
    await pause(500);
    await loginOf(host, token.serial);
  }
  expect(await loginOf(host, token.serial)).toBe("none");
  expect(loggedOut()).toEqual([{ module: "own", token: { ...token, slot: expect.any(Number) }, reason: "idle" }]);
  await host.stop();
});

test("no idle time means that a login stays", async () => {
  const { token } = await initialisedToken(app, "Stays", false);
  const { host, loggedOut } = await openHost({ idleLogoutMinutes: 0, pollSeconds: 0.1 });
  await host.call("tokens.login", { module: "own", token, who: "user", pin: testPins.user }, 5);
  await pause(1000);
  expect(await loginOf(host, token.serial)).toBe("user");
  await host.stop();
  expect(loggedOut()).toMatchObject([{ reason: "host ended" }]);
});

test.skipIf(!existsSync(spy))("a host that is stopped logs out, closes its sessions and finalises", async () => {
  const { token } = await initialisedToken(app, "Stopped", false);
  const log = join(app.dataFolder, "spy.log");
  const { host } = await openHost({ idleLogoutMinutes: 0, pollSeconds: 60 }, spy, {
    PKCS11SPY: softHsm,
    PKCS11SPY_OUTPUT: log,
  });
  await host.call("tokens.login", { module: "own", token, who: "user", pin: testPins.user }, 5);
  await host.stop();
  const calls = [...(await readFile(log, "utf8")).matchAll(/^\d+: (C_\w+)/gm)].map(([, name]) => name);
  expect(calls.filter((name) => name === "C_Login")).toHaveLength(1);
  expect(calls.slice(-3)).toEqual(["C_Logout", "C_CloseAllSessions", "C_Finalize"]);
});

test("when a token with a login leaves, the end of the login is told", async () => {
  const { token } = await initialisedToken(app, "Leaves", false);
  const { host, events, loggedOut } = await openHost({ idleLogoutMinutes: 0, pollSeconds: 0.1 });
  await host.call("tokens.login", { module: "own", token, who: "user", pin: testPins.user }, 5);
  await rm(join(app.dataFolder, "softhsm/tokens"), { recursive: true });
  await expect
    .poll(() => loggedOut(), { timeout: 5000 })
    .toMatchObject([{ token: { label: "Leaves" }, reason: "removed" }]);
  expect(events.at(-1)?.name).toBe("tokens.changed");
  await host.stop();
});
