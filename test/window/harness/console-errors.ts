import type { Page } from "@playwright/test";

/**
 * Errors that the window's console shows: what the page logs as an error, what the browser refused it (policy,
 * requests), from the page's very start, also if it was open before.
 * @returns a list that grows
 */
export const collectConsoleErrors = async (page: Page): Promise<string[]> => {
  const errors: string[] = [];
  const debug = await page.context().newCDPSession(page);
  debug.on("Log.entryAdded", ({ entry }) => {
    if (entry.level === "error") errors.push([entry.text, entry.url].filter(Boolean).join(" "));
  });
  debug.on("Runtime.consoleAPICalled", ({ type, args }) => {
    if (type === "error" || type === "assert")
      errors.push(args.map(({ value, description }) => value ?? description).join(" "));
  });
  // Both tell first what has been so far.
  await Promise.all([debug.send("Log.enable"), debug.send("Runtime.enable")]);
  return errors;
};
