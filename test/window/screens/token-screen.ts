import type { Locator, Page } from "@playwright/test";

/** PINs of the tokens in the specs. Their spelling is unique, so that a search for leaks can find them anywhere. */
export const pins = { so: "so-7391-canary", user: "user-4826-canary", newUser: "new-user-5512-canary" } as const;

/** One token's screen and its dialogs, as a user sees them. */
export class TokenScreen {
  readonly page: Page;
  readonly sidebar: Locator;
  readonly dialog: Locator;

  constructor(page: Page) {
    this.page = page;
    this.sidebar = page.getByRole("navigation", { name: "Modules and tokens" });
    this.dialog = page.getByRole("dialog");
  }

  title(): Locator {
    return this.page.getByRole("main").getByRole("heading", { level: 1 });
  }

  /** A text or PIN field of the open dialog, by its whole label. */
  field(label: string): Locator {
    return this.dialog.getByRole("textbox", { name: label, exact: true });
  }

  /** A module or token in the sidebar. */
  entry(name: string | RegExp): Locator {
    return this.sidebar.getByRole("treeitem", { name });
  }

  async open(token: string | RegExp): Promise<void> {
    await this.entry(token).click();
  }

  async menu(entry: string | RegExp): Promise<void> {
    await this.page.getByRole("button", { name: "PINs and token" }).click();
    await this.page.getByRole("menuitem", { name: entry }).click();
  }

  async initialise(label: string): Promise<void> {
    await this.page.getByRole("button", { name: "Initialise this token" }).click();
    await this.field("Label").fill(label);
    await this.field("SO PIN").fill(pins.so);
    await this.field("SO PIN again").fill(pins.so);
    await this.dialog.getByRole("button", { name: "Initialise", exact: true }).click();
    await this.dialog.waitFor({ state: "hidden" });
  }

  async setUserPin(): Promise<void> {
    await this.menu(/Set the user PIN/);
    await this.field("SO PIN").fill(pins.so);
    await this.field("New user PIN").fill(pins.user);
    await this.field("New user PIN again").fill(pins.user);
    await this.dialog.getByRole("button", { name: "Set user PIN" }).click();
    await this.dialog.waitFor({ state: "hidden" });
  }

  async logIn(pin: string = pins.user): Promise<void> {
    await this.page.getByRole("main").getByRole("button", { name: "Log in", exact: true }).first().click();
    await this.field("User PIN").fill(pin);
    await this.dialog.getByRole("button", { name: "Log in" }).click();
  }
}
