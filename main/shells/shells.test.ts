import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { parseAsk } from "./answer-ask.ts";
import { exitWords } from "./browser-exit.ts";
import { browserArguments } from "./browser-process.ts";
import { DevToolsPipe } from "./devtools-pipe.ts";
import { Outbox } from "./outbox.ts";
import { contentSecurityPolicy, rendererFile } from "./renderer-files.ts";
import { isOurContext } from "./window-bridge.ts";

describe("the browser's command line", () => {
  const bounds = { x: 5, y: 6, width: 900, height: 700 };

  test("opens the window where it was", () => {
    expect(browserArguments("/p", false, bounds)).toEqual(
      expect.arrayContaining(["--window-size=900,700", "--window-position=5,6"]),
    );
  });

  test("has the sandbox, unless it runs as root", () => {
    expect(browserArguments("/p", false, bounds)).not.toContain("--no-sandbox");
    expect(browserArguments("/p", true, bounds)).toContain("--no-sandbox");
  });

  test("opens no port and reaches no network", () => {
    const words = browserArguments("/p", true, bounds);
    expect(words.filter((word) => word.includes("remote-debugging"))).toEqual(["--remote-debugging-pipe"]);
    expect(words).toEqual(
      expect.arrayContaining(["--proxy-server=http://127.0.0.1:9", "--proxy-bypass-list=<-loopback>"]),
    );
  });
});

describe("a browser that ended by itself", () => {
  const exit = (said: string) => exitWords({ code: 1, signal: null, said });

  test("is told with its own words", () => {
    expect(exit("odd")).toBe("The browser ended with exit code 1. It said: odd");
    expect(exitWords({ code: null, signal: "SIGSEGV", said: "" })).toContain("signal SIGSEGV. It said: nothing");
  });

  test.each([
    ["[1:1:ERROR:zygote_host_impl_linux.cc(128)] No usable sandbox! If this is a Debian system", "chromium-sandbox"],
    ["ERROR:ozone_platform_x11.cc(249)] Missing X server or $DISPLAY", "DISPLAY"],
    ["The profile appears to be in use by another Chromium process (55) on another computer (ada)", "SingletonLock"],
    ["chromium: error while loading shared libraries: libnss3.so: cannot open", "Install the browser anew"],
  ])("%s comes with a way out", (said, remedy) => {
    expect(exit(said)).toContain(remedy);
  });
});

describe("a script context may use the bridge", () => {
  const context = (origin: string, frameId: string, isDefault: boolean) => ({
    id: 1,
    uniqueId: "1",
    name: "",
    origin,
    auxData: { frameId, isDefault, type: "default" },
  });
  test.each([
    ["in the main frame", "https://app.invalid", "main", true, true],
    ["not in another frame", "https://app.invalid", "inner", true, false],
    ["not in an isolated world", "https://app.invalid", "main", false, false],
    ["not in a foreign document", "https://example.org", "main", true, false],
    ["not in about:blank", "://", "main", true, false],
  ])("%s", (_, origin, frame, isDefault, may) => {
    expect(isOurContext(context(origin, frame, isDefault), "main")).toBe(may);
  });
});

test.each([
  ["not JSON", "{"],
  ["null", "null"],
  ["a number as name", '{"kind":"call","reply":1,"id":1,"name":7}'],
  ["a text as id", '{"kind":"call","reply":1,"id":"1","name":"app.info"}'],
  ["an unknown kind", '{"kind":"eval","code":"1"}'],
  ["an object", { kind: "usable" }],
])("what a page sends is dropped if it is %s", (_, payload) => {
  expect(parseAsk(payload)).toBeNull();
});

describe("the outbox", () => {
  const collect = () => {
    const batches: unknown[][] = [];
    const release: (() => void)[] = [];
    const outbox = new Outbox((batch) => {
      batches.push(JSON.parse(batch));
      return new Promise<void>((resolve) => release.push(resolve));
    });
    return { batches, release, outbox };
  };
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  test("sends what comes in one turn together, in order", async () => {
    const { batches, outbox } = collect();
    for (const n of [1, 2, 3]) outbox.send(n);
    await turn();
    expect(batches).toEqual([[1, 2, 3]]);
  });

  test("gathers while two batches are under way, and goes on when one is there, also when it failed", async () => {
    const { batches, release, outbox } = collect();
    for (const n of [1, 2, 3, 4]) {
      outbox.send(n);
      await turn();
    }
    expect(batches).toEqual([[1], [2]]);
    release[0]?.();
    await turn();
    expect(batches).toEqual([[1], [2], [3, 4]]);
  });

  test("splits what is too much for one batch", async () => {
    const { batches, outbox } = collect();
    const large = "x".repeat(3_000_000);
    outbox.send(large);
    outbox.send(large);
    await turn();
    expect(batches.map((batch) => batch.length)).toEqual([1, 1]);
  });
});

describe("the DevTools pipe", () => {
  const open = () => {
    const input = new PassThrough();
    const output = new PassThrough();
    return { input, output, pipe: new DevToolsPipe(input, output) };
  };

  test("puts messages together that come in pieces, and takes several at once", async () => {
    const { output, pipe } = open();
    const seen: string[] = [];
    pipe.on("Target.targetDestroyed", ({ targetId }) => seen.push(targetId));
    const text = (id: string) => `${JSON.stringify({ method: "Target.targetDestroyed", params: { targetId: id } })}\0`;
    const bytes = Buffer.from(text("ä") + text("b") + text("c"));
    for (let at = 0; at < bytes.length; at += 7) output.write(bytes.subarray(at, at + 7));
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(seen).toEqual(["ä", "b", "c"]);
  });

  test("rejects with the browser's words, and with its end", async () => {
    const { output, pipe } = open();
    const refused = pipe.send("Browser.getVersion");
    output.write(`{"id":1,"error":{"message":"no such thing"}}\0`);
    await expect(refused).rejects.toThrow("no such thing");
    const lost = pipe.send("Browser.getVersion");
    output.destroy();
    await expect(lost).rejects.toThrow("The browser is gone.");
    await expect(pipe.send("Browser.getVersion")).rejects.toThrow("The browser is gone.");
  });
});

describe("the window's files", () => {
  test.each([
    "https://example.org/index.html",
    "https://app.invalid/../../package.json",
    "https://app.invalid/..%2f..%2fpackage.json",
    "https://app.invalid/%2e%2e/main/host.js",
    "https://app.invalid/%00",
    "https://app.invalid/%",
    "https://app.invalid/nothing.js",
    "not a url",
  ])("%s is not one", async (url) => {
    expect(await rendererFile(url)).toBeNull();
  });

  test("come with a policy that allows the app's own scripts and nothing else", () => {
    expect(contentSecurityPolicy).toContain("default-src 'none'");
    expect(contentSecurityPolicy).toContain("connect-src 'none'");
    expect(contentSecurityPolicy).not.toMatch(/unsafe|https?:|\*/);
  });
});
