import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeProfile, profileFolder } from "./browser-profile.ts";

test("the profile lies in the data folder, and in the snap's own folder for a browser from a snap", () => {
  expect(profileFolder("/opt/none/chrome", "/home/ada/.local/share/tokenglass")).toBe(
    "/home/ada/.local/share/tokenglass/browser-profile",
  );
  expect(profileFolder("/snap/bin/chromium", "/home/ada/.local/share/tokenglass", "/home/ada")).toBe(
    "/home/ada/snap/chromium/common/tokenglass-tokenglass",
  );
});

test("a new profile has the browser's password store switched off; one that is there is left alone", () => {
  const folder = mkdtempSync(join(tmpdir(), "tokenglass-profile-"));
  try {
    makeProfile(folder);
    const file = join(folder, "Default", "Preferences");
    expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({
      credentials_enable_service: false,
      profile: { password_manager_enabled: false },
    });
    const before = readFileSync(file);
    makeProfile(folder);
    expect(readFileSync(file)).toEqual(before);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
