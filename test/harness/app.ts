import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type App, type AppOptions, openApp } from "../../main/app.ts";
import { forkWithNode } from "../../main/host/process.ts";
import type { ErrorData } from "../../preload/contract/errors.ts";
import {
  declarationOf,
  type EventData,
  type EventName,
  type Input,
  type Output,
  type RequestName,
} from "../../preload/contract/index.ts";
import type { TokenRow } from "../../preload/contract/tokens.ts";

/** The bundled token host; `node build/bundle.mjs` makes it. */
export const hostEntry = new URL("../../dist/main/host.js", import.meta.url).pathname;

export interface TestApp {
  app: App;
  dataFolder: string;
  /** Asks and expects success; the reply must fit the contract. */
  call<N extends RequestName>(name: N, input: Input<N>, onProgress?: (value: unknown) => void): Promise<Output<N>>;
  /** Asks and expects an error, which is returned. */
  fails<N extends RequestName>(name: N, input: Input<N>): Promise<ErrorData>;
  /** Every event so far, newest last. */
  events: { name: EventName; data: unknown }[];
  /** Waits for an event that satisfies the test. */
  event<N extends EventName>(
    name: N,
    test?: (data: EventData<N>) => boolean,
    milliseconds?: number,
  ): Promise<EventData<N>>;
  close(): Promise<void>;
}

/**
 * The real app with real token hosts and a data folder of its own, but no window.
 * @param patience seconds after which a hanging token host is ended, where a test cannot wait for the usual ones.
 */
export const openTestApp = async (
  patience: AppOptions["patience"] = {},
  more: Pick<AppOptions, "spy"> = {},
): Promise<TestApp> => {
  const dataFolder = await mkdtemp(join(tmpdir(), "tokenglass-test-"));
  const app = await openApp({
    dataFolder,
    shell: "terminal",
    fork: forkWithNode(hostEntry),
    version: "0.0.0-test",
    patience,
    ...more,
  });
  const events: TestApp["events"] = [];
  const waiting = new Set<() => void>();
  app.onEvent((name, data) => {
    events.push({ name, data });
    for (const look of waiting) look();
  });
  return {
    app,
    dataFolder,
    events,
    call: async (name, input, onProgress) => {
      const reply = await app.dispatch(name, input, onProgress);
      if (!reply.ok) throw new Error(`${name}: ${JSON.stringify(reply.error, null, 2)}`);
      return declarationOf(name)?.output.parse(reply.value) as never;
    },
    fails: async (name, input) => {
      const reply = await app.dispatch(name, input);
      if (reply.ok)
        throw new Error(`${name} was expected to fail, but gave ${JSON.stringify(reply.value).slice(0, 400)}`);
      return reply.error;
    },
    event: (name, test = () => true, milliseconds = 15_000) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`no event ${name} came`));
        }, milliseconds);
        const look = () => {
          const found = events.find((event) => event.name === name && test(event.data as never));
          if (!found) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve(found.data as never);
        };
        waiting.add(look);
        look();
      }),
    close: async () => {
      await app.close();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
};

/** PINs of the test tokens. Their spelling is unique, so that a search for leaks can find them anywhere. */
export const testPins = { so: "so-7391-canary", user: "user-4826-canary" } as const;

/** Initialises a token in the embedded SoftHSM with {@link testPins} and, if wanted, logs the user in. */
export const initialisedToken = async (
  test: TestApp,
  label = "Test token",
  login = true,
): Promise<{ module: string; token: TokenRow["ref"] }> => {
  const module = "demo";
  const { slots } = await test.call("tokens.slots", { module });
  const free = slots.find(({ token }) => token && !token.initialised)?.token;
  if (!free) throw new Error("SoftHSM shows no free slot");
  const { ref } = await test.call("tokens.initialise", { module, token: free.ref, label, soPin: testPins.so });
  await test.call("tokens.setUserPin", { module, token: ref, soPin: testPins.so, newPin: testPins.user });
  if (login) await test.call("tokens.login", { module, token: ref, who: "user", pin: testPins.user });
  return { module, token: ref };
};
