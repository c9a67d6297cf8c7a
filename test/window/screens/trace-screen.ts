import type { Locator, Page } from "@playwright/test";
import type { TraceTab } from "../../../renderer/trace/opened.ts";

/** Folder of the recordings of real programs. */
const recordings = new URL("../../fixtures/spy/", import.meta.url).pathname;

export const recording = (name: string): string => `${recordings}${name}.p11.jsonl`;

/** The trace screen: opening logs, and the tabs of an opened one. */
export class TraceScreen {
  readonly page: Page;
  readonly dialog: Locator;
  readonly list: Locator;
  readonly details: Locator;
  readonly filter: Locator;

  constructor(page: Page) {
    this.page = page;
    this.dialog = page.getByRole("dialog");
    this.list = page.getByRole("grid", { name: "Calls" });
    this.details = page.getByRole("complementary", { name: "Details" });
    this.filter = page.getByRole("combobox", { name: "Filter calls" });
  }

  async show(): Promise<void> {
    await this.page.getByRole("button", { name: /^Trace/ }).click();
    await this.page.locator(".trace").waitFor();
  }

  /** Opens a log by its path. */
  async open(path: string): Promise<void> {
    await this.show();
    await this.page.keyboard.press("Control+o");
    await this.dialog.getByRole("textbox", { name: "Or the path of a log" }).fill(path);
    await this.dialog.getByRole("button", { name: "Open", exact: true }).click();
    await this.page.getByRole("tablist", { name: "Trace", exact: true }).waitFor();
  }

  async tab(name: Capitalize<TraceTab>): Promise<void> {
    await this.page.getByRole("tablist", { name: "Trace", exact: true }).getByRole("tab", { name }).click();
  }

  /** What the tab in front shows. */
  panel(): Locator {
    return this.page.getByRole("tabpanel").last();
  }

  /** Rows of the login table. */
  logins(): Locator {
    return this.panel().locator(".login-line");
  }

  /** Rows that are in the document and have arrived. */
  rows(): Locator {
    return this.list.locator("[data-position]");
  }

  row(name: string | RegExp): Locator {
    return this.rows().filter({ hasText: name });
  }

  chip(name: string): Locator {
    return this.page.getByRole("group", { name: "Show" }).getByRole("button", { name });
  }

  /** "12 of 345 rows" below the list. */
  counts(): Locator {
    return this.page.locator(".calls-foot [role=status]");
  }

  async filterBy(text: string): Promise<void> {
    await this.page.keyboard.press("Control+f");
    await this.filter.fill(text);
  }
}
