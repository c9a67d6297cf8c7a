import { expect, type Locator, type Page } from "@playwright/test";
import type { TokenRef } from "../../../preload/contract/shared.ts";
import type { Tokenglass } from "../harness/window.ts";
import { pins } from "./token-screen.ts";

/** The objects of one token: table, inspector and dialogs, as a user sees them. */
export class ObjectsScreen {
  readonly page: Page;
  readonly grid: Locator;
  readonly filter: Locator;
  readonly count: Locator;
  readonly inspector: Locator;
  readonly dialog: Locator;
  readonly toasts: Locator;

  constructor(page: Page) {
    this.page = page;
    this.grid = page.getByRole("grid", { name: "Objects" });
    this.filter = page.getByRole("searchbox", { name: "Filter objects" });
    this.count = page.getByTestId("object-count");
    this.inspector = page.getByRole("complementary", { name: "Inspector" });
    this.dialog = page.getByRole("dialog");
    this.toasts = page.locator(".toasts");
  }

  /** Lines of objects that are in the document, in the order in which they are shown. */
  lines(): Locator {
    return this.grid.locator(".line.object");
  }

  line(text: string | RegExp): Locator {
    return this.lines().filter({ hasText: text });
  }

  /** The line of one object by its class word and whole label. */
  object(classWord: string, label: string): Locator {
    return this.lines()
      .filter({ has: this.page.getByRole("gridcell", { name: classWord, exact: true }) })
      .filter({ has: this.page.getByRole("gridcell", { name: label, exact: true }) });
  }

  chosen(): Locator {
    return this.grid.locator('[aria-selected="true"]');
  }

  /** Labels of the lines that are in the document. */
  labels(): Promise<string[]> {
    return this.grid.locator(".line.object .cell.label").allTextContents();
  }

  sortBy(column: string): Promise<void> {
    return this.grid.getByRole("columnheader", { name: column }).getByRole("button").click();
  }

  chip(name: RegExp | string): Locator {
    return this.page.getByRole("group", { name: "Show" }).getByRole("button", { name });
  }

  /** A text field of the open dialog, by its whole label. */
  field(label: string): Locator {
    return this.dialog.getByRole("textbox", { name: label, exact: true });
  }

  /** A button of the open dialog. */
  button(name: string | RegExp): Locator {
    return this.dialog.getByRole("button", { name, exact: typeof name === "string" });
  }

  async closeDialog(): Promise<void> {
    await this.button("Close").click();
    await this.dialog.waitFor({ state: "hidden" });
  }

  /** Where the "Saved" dialog says that the file is. */
  async savedPath(): Promise<string> {
    return ((await this.dialog.locator(".saved-path code").textContent()) ?? "").trim();
  }

  async more(entry: string | RegExp): Promise<void> {
    await this.page.getByRole("button", { name: "More tasks with objects" }).click();
    await this.page.getByRole("menuitem", { name: entry }).click();
  }

  async moreOfObject(entry: string | RegExp): Promise<void> {
    await this.inspector.getByRole("button", { name: "More for this object" }).click();
    await this.page.getByRole("menuitem", { name: entry }).click();
  }

  /** What the inspector says of an attribute. */
  attribute(name: string): Locator {
    return this.inspector.locator(".attribute").filter({ has: this.page.getByText(name, { exact: true }) });
  }

  async palette(command: string): Promise<void> {
    await this.page.keyboard.press("Control+k");
    await this.page.getByRole("combobox", { name: "Search commands" }).fill(command);
    await this.page.keyboard.press("Enter");
  }
}

/** A fresh token with {@link pins} in the embedded SoftHSM, shown in the window. */
export const openToken = async (
  { page, call }: Pick<Tokenglass, "page" | "call">,
  options: { label?: string; login?: boolean } = {},
): Promise<{ module: string; token: TokenRef }> => {
  const { label = "Objects", login = true } = options;
  const module = "demo";
  await expect.poll(async () => (await call("modules.list", {})).modules[0]?.state).toBe("ready");
  const { slots } = await call("tokens.slots", { module });
  const free = slots.find(({ token }) => token && !token.initialised)?.token;
  if (!free) throw new Error("SoftHSM shows no free slot");
  const { ref } = await call("tokens.initialise", { module, token: free.ref, label, soPin: pins.so });
  await call("tokens.setUserPin", { module, token: ref, soPin: pins.so, newPin: pins.user });
  if (login) await call("tokens.login", { module, token: ref, who: "user", pin: pins.user });
  await page.getByRole("treeitem", { name: label }).click();
  await page.getByRole("tab", { name: "Objects", selected: true }).waitFor();
  return { module, token: ref };
};
