import type { Locator, Page } from "@playwright/test";

const folder = new URL("../../fixtures/certificates/", import.meta.url).pathname;

/** A file of test/fixtures/certificates. */
export const fixture = (name: string): string => `${folder}${name}`;

/** The certificate viewer as a user sees it. */
export class CertificatesScreen {
  readonly page: Page;
  readonly list: Locator;
  readonly dialog: Locator;
  readonly tree: Locator;

  constructor(page: Page) {
    this.page = page;
    this.list = page.getByRole("navigation", { name: "Opened certificates" });
    this.dialog = page.getByRole("dialog");
    this.tree = page.getByRole("tree", { name: "ASN.1 elements" });
  }

  async show(): Promise<void> {
    await this.page.getByRole("button", { name: /^Certificates/ }).click();
    await this.page.getByRole("tab", { name: "View", exact: true }).waitFor();
  }

  /** Opens files through the file dialog, from wherever the tab is. */
  async open(...paths: string[]): Promise<void> {
    if ((await this.list.count()) > 0) await this.page.keyboard.press("Control+o");
    const chooser = this.page.waitForEvent("filechooser");
    await this.page.getByRole("button", { name: "Choose files…" }).click();
    await (await chooser).setFiles(paths);
  }

  item(title: string): Locator {
    return this.page.getByRole("article", { name: title, exact: true });
  }

  async tab(name: "Fields" | "Names" | "TLS" | "ASN.1"): Promise<void> {
    await this.page.getByRole("tablist", { name: "Views" }).getByRole("tab", { name, exact: true }).click();
  }
}
