import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";
import type { Bridge } from "../../../preload/contract/bridge.ts";
import type { ErrorData, Reply } from "../../../preload/contract/errors.ts";
import type { Input, Output, RequestName } from "../../../preload/contract/index.ts";
import { collectConsoleErrors } from "./console-errors.ts";
import { openInBrowser } from "./open-browser.ts";
import { openInElectron } from "./open-electron.ts";
import type { ShellName } from "./shells.ts";

export { expect };

/** What a spec gets: the real window of one shell, with a data folder of its own and the embedded SoftHSM. */
export interface Tokenglass {
  shell: ShellName;
  page: Page;
  dataFolder: string;
  /** Asks the app through the window's bridge and expects success. For arranging and for checking. */
  call<N extends RequestName>(name: N, input: Input<N>): Promise<Output<N>>;
  /** Asks and expects an error, which is returned. */
  fails<N extends RequestName>(name: N, input: Input<N>): Promise<ErrorData>;
  /** Closes the window; resolves when app and token hosts have ended. */
  close(): Promise<void>;
}

/**
 * `tokenglass` opens the window for one test. Page errors fail the test, and so does every error in the console: a
 * window that throws is broken even if the screen looks right. `provokesErrors` is for specs that try what the window
 * must refuse, which the console tells.
 */
export const test = base.extend<{ shell: ShellName; provokesErrors: boolean; tokenglass: Tokenglass }>({
  shell: ["browser", { option: true }],
  provokesErrors: [false, { option: true }],
  tokenglass: async ({ shell, provokesErrors }, use) => {
    const dataFolder = await mkdtemp(join(tmpdir(), "tokenglass-window-"));
    const window = await (shell === "browser" ? openInBrowser : openInElectron)(dataFolder);
    const errors: Error[] = [];
    window.page.on("pageerror", (error) => errors.push(error));
    const consoleErrors = await collectConsoleErrors(window.page);
    const ask = <N extends RequestName>(name: N, input: Input<N>) => askThroughPage(window.page, name, input);
    await use({
      shell,
      page: window.page,
      dataFolder,
      call: async (name, input) => {
        const reply = await ask(name, input);
        if (!reply.ok) throw new Error(`${name}: ${JSON.stringify(reply.error, null, 2)}`);
        return reply.value as never;
      },
      fails: async (name, input) => {
        const reply = await ask(name, input);
        if (reply.ok) throw new Error(`${name} was expected to fail`);
        return reply.error;
      },
      close: async () => {
        await window.close();
        await window.ended;
      },
    });
    await window.close();
    await rm(dataFolder, { recursive: true, force: true, maxRetries: 5 });
    expect(errors, "errors thrown in the page").toEqual([]);
    if (!provokesErrors) expect(consoleErrors, "errors in the window's console").toEqual([]);
  },
});

let nextId = 1_000_000;

/** One request through the bridge that the page itself uses. */
export const askThroughPage = (page: Page, name: string, input: unknown): Promise<Reply<unknown>> =>
  page.evaluate(
    ({ id, name, input }) =>
      (globalThis as unknown as { tokenglass: Bridge }).tokenglass.call(id, name as never, input),
    { id: nextId++, name, input },
  );

/** Expects no violation of WCAG 2.2 A and AA. Elements may be left out only with a reason in the spec. */
export const expectAccessible = async (page: Page): Promise<void> => {
  // Legacy mode runs axe in the window itself; otherwise it would need a second window, which the app refuses.
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode()
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
    .analyze();
  expect(
    violations.map(({ id, help, nodes }) => ({
      id,
      help,
      nodes: nodes.map(({ html, failureSummary }) => `${html}\n${failureSummary}`),
    })),
  ).toEqual([]);
};

const looks = {
  light: { colorScheme: "light", size: { width: 1280, height: 820 } },
  dark: { colorScheme: "dark", size: { width: 1280, height: 820 } },
  narrow: { colorScheme: "light", size: { width: 760, height: 820 } },
} as const;

/**
 * Writes test-results/screens/<name>-<light|dark|narrow>.png for people to look at, and checks accessibility in each
 * of the three looks. The window is left in the light one.
 */
export const screens = async (page: Page, name: string): Promise<void> => {
  for (const look of ["dark", "narrow", "light"] as const) {
    await page.emulateMedia({ colorScheme: looks[look].colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize(looks[look].size);
    await expectAccessible(page);
    await page.screenshot({ path: join(screensFolder, `${name}-${look}.png`), animations: "disabled" });
  }
};

const screensFolder = new URL("../../../test-results/screens", import.meta.url).pathname;
