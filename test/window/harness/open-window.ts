import type { Page } from "@playwright/test";

/** The app's window, whichever shell opened it. */
export interface OpenWindow {
  page: Page;
  /** Resolves when window and app have ended. */
  ended: Promise<void>;
  close(): Promise<void>;
}
