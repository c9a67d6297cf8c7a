import type { Locator, Page } from "@playwright/test";

/** The Trace place with nothing in front: recording controls, programs, the list of recordings. */
export class RecordingScreen {
  readonly page: Page;
  readonly main: Locator;
  readonly dialog: Locator;

  constructor(page: Page) {
    this.page = page;
    this.main = page.getByRole("main");
    this.dialog = page.getByRole("dialog");
  }

  async go(): Promise<void> {
    await this.page.getByRole("button", { name: /^Trace/ }).click();
    const recordings = this.page
      .getByRole("navigation", { name: "Opened traces" })
      .getByRole("button", { name: "Recordings" });
    if (await recordings.isVisible()) await recordings.click();
    await this.region("This app").waitFor();
  }

  /** A part of the screen, by its heading. */
  region(name: string): Locator {
    return this.page.getByRole("region", { name, exact: true });
  }

  /** In the frame, while the app records itself. */
  mark(): Locator {
    return this.page.locator(".recording-mark");
  }

  lines(): Locator {
    return this.region("Recordings")
      .getByRole("row")
      .filter({ has: this.page.getByRole("cell") });
  }

  async startOwn(): Promise<void> {
    await this.go();
    await this.main.getByRole("button", { name: "Record this app…" }).click();
    await this.dialog.getByRole("button", { name: "Start recording" }).click();
    await this.dialog.waitFor({ state: "hidden" });
    await this.mark().waitFor();
  }

  /** Types a command and runs it at level 0. */
  async run(command: string): Promise<void> {
    await this.main.getByRole("button", { name: "Run a command…" }).click();
    await this.dialog.getByRole("textbox", { name: "Command" }).fill(command);
    await this.dialog.getByRole("button", { name: "Run", exact: true }).click();
    await this.dialog.waitFor({ state: "hidden" });
  }
}
