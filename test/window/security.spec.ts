import { readdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { askThroughPage, expect, test } from "./harness/window.ts";
import { pins, TokenScreen } from "./screens/token-screen.ts";

/** What the window can and cannot do, in every shell. SECURITY.md names these tests. */
test.use({ provokesErrors: true });

test("the window has no Node, and finds no more than the bridge", async ({ tokenglass: { page } }) => {
  const found = await page.evaluate(() => {
    const scope = globalThis as unknown as Record<string, object | undefined>;
    const names = ["process", "require", "module", "Buffer", "global", "electron", "ipcRenderer", "tokenglassAsk"];
    return {
      node: names.filter((name) => scope[name] !== undefined),
      bridge: Object.keys(scope.tokenglass ?? {}).sort(),
      replaced: Reflect.set(scope, "tokenglass", 1) && (scope.tokenglass as unknown) === 1,
    };
  });
  expect(found).toEqual({ node: [], bridge: ["call", "onMessage"], replaced: false });
});

test("no code from text, no inline script, no foreign script or style runs", async ({ tokenglass: { page } }) => {
  // From a timer: what a debugger evaluates itself is not bound by the policy.
  const outcome = await page.evaluate(
    () =>
      new Promise<Record<string, unknown>>((resolve) =>
        setTimeout(async () => {
          const scope = globalThis as unknown as Record<string, unknown>;
          const outcome: Record<string, unknown> = {};
          const attempt = (name: string, act: () => unknown) => {
            try {
              outcome[name] = act();
            } catch (thrown) {
              outcome[name] = (thrown as Error).name;
            }
          };
          // biome-ignore lint/security/noGlobalEval: that it does not work is what is tested
          attempt("eval", () => eval("1"));
          attempt("Function", () => new Function("return 1")());
          attempt("innerHTML", () => {
            document.createElement("div").innerHTML = "<img>";
            return "set";
          });
          const inline = document.createElement("script");
          attempt("inline", () => {
            inline.textContent = "globalThis.inlineRan = true";
            document.head.append(inline);
            return scope.inlineRan ?? "did not run";
          });
          const violations: string[] = [];
          document.addEventListener("securitypolicyviolation", (event) => violations.push(event.effectiveDirective));
          const style = document.createElement("link");
          style.rel = "stylesheet";
          style.href = "https://example.org/x.css";
          document.head.append(style);
          const image = new Image();
          image.src = "https://example.org/x.png";
          await new Promise((wait) => setTimeout(wait, 300));
          outcome.violations = violations.filter((directive) => directive !== "require-trusted-types-for").sort();
          resolve(outcome);
        }),
      ),
  );
  expect(outcome).toEqual({
    eval: "EvalError",
    Function: "EvalError",
    innerHTML: "TypeError",
    inline: "TypeError",
    violations: ["img-src", "style-src-elem"],
  });
});

test("nothing reaches a server: fetch, WebSocket, beacon, form, worker", async ({ tokenglass: { page } }) => {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(request.url ?? "");
    response.setHeader("access-control-allow-origin", "*");
    response.end("reached");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const outcome = await page.evaluate(async (to) => {
    const fails = (act: () => unknown) => {
      try {
        return act() === false ? "refused" : "accepted";
      } catch {
        return "refused";
      }
    };
    const fetched = await fetch(`http://${to}/fetch`, { mode: "no-cors" }).then(
      () => "accepted",
      () => "refused",
    );
    const socket = await new Promise((resolve) => {
      try {
        const opened = new WebSocket(`ws://${to}/socket`);
        opened.onopen = () => resolve("accepted");
        opened.onerror = () => resolve("refused");
      } catch {
        resolve("refused");
      }
    });
    navigator.sendBeacon(`http://${to}/beacon`, "x");
    const worker = fails(() => new Worker(URL.createObjectURL(new Blob(["1"]))));
    const form = document.createElement("form");
    form.action = `http://${to}/form`;
    document.body.append(form);
    form.submit();
    await new Promise((wait) => setTimeout(wait, 500));
    return { fetched, socket, worker };
  }, `127.0.0.1:${port}`);
  server.close();
  expect({ outcome, seen }).toEqual({
    outcome: { fetched: "refused", socket: "refused", worker: "refused" },
    seen: [],
  });
});

test("the window cannot be led away, and opens no other", async ({ tokenglass: { page, call } }) => {
  const at = page.url();
  for (const url of ["https://example.org/", "http://127.0.0.1:9/", "file:///etc/passwd", "mailto:a@example.org"]) {
    await page.evaluate((to) => void setTimeout(() => window.location.assign(to)), url);
    await page.waitForTimeout(300);
    await expect.poll(() => page.evaluate(() => location.href).catch(() => "")).toBe(at);
  }
  const opened = await page.evaluate(
    () =>
      new Promise((resolve) =>
        setTimeout(() => {
          const window1 = window.open("https://app.invalid/");
          const link = document.createElement("a");
          link.href = "https://app.invalid/";
          link.target = "_blank";
          document.body.append(link);
          link.click();
          resolve(window1 === null);
        }),
      ),
  );
  expect(opened).toBe(true);
  await page.waitForTimeout(500);
  expect(page.context().pages().length).toBe(1);
  expect((await call("app.info", {})).version).toBeTruthy();
});

test("about:blank is no way out: the window comes back to the app", async ({ tokenglass: { page, call } }) => {
  await page.evaluate(() => void setTimeout(() => window.location.assign("about:blank")));
  await page.waitForTimeout(500);
  await expect.poll(() => page.evaluate(() => location.href).catch(() => "")).toBe("https://app.invalid/");
  expect((await call("app.info", {})).version).toBeTruthy();
});

test("a frame has no bridge, and a foreign one does not load", async ({ tokenglass: { page } }) => {
  const outcome = await page.evaluate(async () => {
    const frame = document.createElement("iframe");
    document.body.append(frame);
    const inner = frame.contentWindow as unknown as Record<string, unknown>;
    const names = ["tokenglass", "tokenglassAsk", "tokenglassReceive"].filter((name) => inner[name] !== undefined);
    const foreign = document.createElement("iframe");
    foreign.src = "https://app.invalid/";
    document.body.append(foreign);
    await new Promise((wait) => setTimeout(wait, 500));
    const blocked = foreign.contentDocument === null || foreign.contentDocument.getElementById("root") === null;
    return { names, blocked };
  });
  expect(outcome).toEqual({ names: [], blocked: true });
});

test("the browser's binding is listened to from the page's own world only", async ({ tokenglass }) => {
  test.skip(tokenglass.shell !== "browser", "only the browser shell has a binding; Electron's check is a unit test");
  const { page, call } = tokenglass;
  const debug = await page.context().newCDPSession(page);
  const { frameTree } = await debug.send("Page.getFrameTree");
  const { executionContextId } = await debug.send("Page.createIsolatedWorld", { frameId: frameTree.frame.id });
  const ask = { kind: "call", reply: 1, id: 1, name: "app.setSettings", input: { pollSeconds: 59 } };
  const { result } = await debug.send("Runtime.evaluate", {
    expression: `tokenglassAsk(${JSON.stringify(JSON.stringify(ask))}), typeof tokenglassAsk`,
    contextId: executionContextId,
  });
  expect(result.value).toBe("function");
  await page.waitForTimeout(500);
  expect((await call("app.settings", {})).pollSeconds).not.toBe(59);
});

test("a hostile request is refused by the contract and harms nothing", async ({ tokenglass: { page, call } }) => {
  const hostile: [string, unknown][] = [
    ["constructor.constructor", {}],
    ["__proto__.toString", {}],
    ["tokens.login.extra", {}],
    ["modules.add", { path: "/x", environment: { "LD_PRELOAD=/x; ": "1" } }],
    ["modules.add", { path: "/x", unknown: true }],
    ["tokens.slots", { module: { $gt: "" } }],
    ["tokens.slots", null],
    ["files.save", { fileName: "x", content: "not base64!" }],
  ];
  for (const [name, input] of hostile)
    expect(await askThroughPage(page, name, input)).toMatchObject({ ok: false, error: { code: "INVALID_REQUEST" } });
  const outside = await askThroughPage(page, "files.save", {
    folder: join(tmpdir(), "tokenglass-no-such"),
    createFolder: true,
    fileName: "../../escaped.txt",
    content: "",
  });
  expect(outside).toMatchObject({ ok: true, value: { path: join(tmpdir(), "tokenglass-no-such", "escaped.txt") } });
  await rm(join(tmpdir(), "tokenglass-no-such"), { recursive: true });
  expect((await call("app.info", {})).version).toBeTruthy();
});

test("every file of the window comes with the policies", async ({ tokenglass: { page } }) => {
  const [response] = await Promise.all([page.waitForResponse((each) => each.url().endsWith("/")), page.reload()]);
  const headers = response.headers();
  expect(headers["content-security-policy"]).toContain("default-src 'none'");
  expect(headers["content-security-policy"]).toContain("require-trusted-types-for 'script'");
  expect(headers["permissions-policy"]).toContain("camera=()");
  expect(headers["x-content-type-options"]).toBe("nosniff");
});

test("permissions are denied without asking, and a download does not happen", async ({
  tokenglass: { page, dataFolder },
}) => {
  const outcome = await page.evaluate(async () => {
    const denied = (promise: Promise<unknown>) =>
      promise.then(
        () => "granted",
        () => "denied",
      );
    const { geolocation, mediaDevices, clipboard } = navigator;
    const asked = [
      denied(new Promise((_, reject) => geolocation.getCurrentPosition(() => {}, reject, { timeout: 2000 }))),
      denied(mediaDevices?.getUserMedia({ video: true }) ?? Promise.reject(new Error("none"))),
      denied(clipboard.readText()),
    ];
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(["downloaded"]));
    link.download = "tokenglass-downloaded.txt";
    document.body.append(link);
    link.click();
    await new Promise((wait) => setTimeout(wait, 500));
    return Promise.all(asked);
  });
  expect(outcome).toEqual(["denied", "denied", "denied"]);
  const files = await readdir(dataFolder, { recursive: true });
  expect(files.filter((name) => name.includes("tokenglass-downloaded"))).toEqual([]);
});

test("PINs typed into the window are in no file of the data folder or the browser's profile", async ({
  tokenglass,
}) => {
  const { page, dataFolder, close } = tokenglass;
  const token = new TokenScreen(page);
  await token.initialise("Canary");
  await token.setUserPin();
  await token.logIn("wrong-4477-canary");
  await expect(token.dialog.getByRole("alert")).toContainText("CKR_PIN_INCORRECT");
  await token.field("User PIN").pressSequentially(pins.user);
  await page.keyboard.press("Enter");
  await expect(page.locator(".work-head").getByText("logged in as user")).toBeVisible();
  await close();
  const names = (await readdir(dataFolder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  expect(names.length).toBeGreaterThan(10);
  for (const entry of names) {
    const bytes = await readFile(join(entry.parentPath, entry.name)).catch(() => Buffer.alloc(0));
    for (const pin of [...Object.values(pins), "wrong-4477-canary"])
      for (const encoding of ["latin1", "utf16le"] as const)
        expect(bytes.includes(Buffer.from(pin, encoding)), `${entry.parentPath}/${entry.name}`).toBe(false);
  }
});
