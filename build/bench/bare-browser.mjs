import { spawn } from "node:child_process";

/**
 * Opens an empty app window in the bare browser and waits for its second frame, over the same kind of pipe as the app.
 * @param {string} browser path @param {string} profile folder, kept from run to run as the app's is
 * @returns {Promise<number>} milliseconds from the start of the process to the frame
 */
export const openBareWindow = async (browser, profile) => {
  const began = performance.now();
  const child = spawn(
    browser,
    [
      `--user-data-dir=${profile}`,
      "--app=data:text/html,<title>Empty</title>Empty",
      "--remote-debugging-pipe",
      "--no-first-run",
      "--no-default-browser-check",
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
    ],
    { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] },
  );
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const { send, on } = speak(
    /** @type {import("node:stream").Writable} */ (child.stdio[3]),
    /** @type {import("node:stream").Readable} */ (child.stdio[4]),
  );
  /** @type {Promise<string>} */
  const session = new Promise((resolve) => {
    on("Target.attachedToTarget", ({ sessionId, targetInfo }) => {
      if (targetInfo.type === "page") resolve(sessionId);
    });
  });
  await send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: false, flatten: true });
  const twoFrames =
    "new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(() => painted(document.title))))";
  // The first document may be replaced while it waits; then the next one is asked.
  for (;;) {
    const { result } = await send(
      "Runtime.evaluate",
      { expression: twoFrames, awaitPromise: true, returnByValue: true },
      await session,
    ).catch(() => ({ result: null }));
    if (result?.value === "Empty") break;
  }
  const milliseconds = performance.now() - began;
  await send("Browser.close").catch(() => {});
  await ended;
  return milliseconds;
};

/**
 * The DevTools protocol, as far as it is needed here.
 * @param {import("node:stream").Writable} input @param {import("node:stream").Readable} output
 */
const speak = (input, output) => {
  let nextId = 1;
  let rest = "";
  /** @type {Map<number, { resolve: (result: any) => void, reject: (error: Error) => void }>} */
  const waiting = new Map();
  /** @type {Map<string, (params: any) => void>} */
  const listeners = new Map();
  output.setEncoding("utf8").on("data", (/** @type {string} */ chunk) => {
    const messages = (rest + chunk).split("\0");
    rest = messages.pop() ?? "";
    for (const text of messages) {
      const { id, method, params, result, error } = JSON.parse(text);
      if (method) listeners.get(method)?.(params);
      else if (error) waiting.get(id)?.reject(new Error(error.message));
      else waiting.get(id)?.resolve(result);
    }
  });
  output.on("close", () => {
    for (const { reject } of waiting.values()) reject(new Error("The browser is gone."));
  });
  input.on("error", () => {});
  return {
    /** @param {string} method @param {object} [params] @param {string} [sessionId] @returns {Promise<any>} */
    send: (method, params, sessionId) =>
      new Promise((resolve, reject) => {
        waiting.set(nextId, { resolve, reject });
        input.write(`${JSON.stringify({ id: nextId++, method, params, sessionId })}\0`);
      }),
    /** @param {string} method @param {(params: any) => void} listener */
    on: (method, listener) => void listeners.set(method, listener),
  };
};
