import type { Locator, Page } from "@playwright/test";

/** The finder, the dialog that asks before code runs, and a module's own screen. */
export class ModuleScreen {
  readonly page: Page;
  readonly dialog: Locator;
  readonly main: Locator;

  constructor(page: Page) {
    this.page = page;
    this.dialog = page.getByRole("dialog");
    this.main = page.getByRole("main");
  }

  async openFinder(): Promise<void> {
    await this.page.getByRole("button", { name: "+ Add a module" }).click();
    await this.main.getByText(/found, \d+ places looked at/).waitFor({ timeout: 60_000 });
  }

  async lookAt(path: string): Promise<void> {
    await this.main.getByRole("textbox", { name: "Path of the PKCS#11 library" }).fill(path);
    await this.main.getByRole("button", { name: "Look at it" }).click();
  }

  row(text: string): Locator {
    return this.main.getByRole("row").filter({ hasText: text });
  }
}
