import type { Locator } from "@playwright/test";
import { ObjectsScreen } from "./objects-screen.ts";

/** The dialogs that ask for a certificate, as a user sees them. */
export class RequestScreen extends ObjectsScreen {
  /** A preset by its title. */
  preset(title: string): Locator {
    return this.dialog.locator(".radio-card").filter({ has: this.page.getByText(title, { exact: true }) });
  }

  /** What the preview says. */
  get preview(): Locator {
    return this.dialog.getByRole("region", { name: "What it will say" });
  }

  async open(summary: string): Promise<void> {
    await this.dialog.getByText(summary, { exact: true }).click();
  }

  /** Chooses in a list of the dialog by its label. */
  async choose(label: string, title: string): Promise<void> {
    await this.dialog.locator(".field").filter({ hasText: label }).getByRole("button").click();
    await this.page.getByRole("option", { name: title }).click();
  }

  checkbox(name: string | RegExp): Locator {
    return this.dialog.getByRole("checkbox", { name });
  }

  async pem(): Promise<string> {
    return (await this.dialog.locator("pre.saved-text").textContent()) ?? "";
  }
}
