import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import config from "../electron-builder.config.mjs";
import { appEntitlements, entitlementsFor, tokenHostEntitlements } from "./mac-entitlements.mjs";

const require = createRequire(import.meta.url);

/** electron-builder's own check against its schema, which it makes before it does anything. */
const validate = async (configuration: unknown): Promise<void> => {
  const inside = require.resolve("app-builder-lib/out/util/config/config.js");
  const { validateConfiguration } = require(inside);
  await validateConfiguration(configuration, { isEnabled: false, add: () => {} });
};

const bundle = "/tmp/Tokenglass.app/Contents";
const libraryValidation = "com.apple.security.cs.disable-library-validation";

test("electron-builder takes the configuration", async () => {
  await expect(validate(config)).resolves.toBeUndefined();
});

test("electron-builder's check would find a misspelt option", async () => {
  await expect(validate({ ...config, electronFuses: { runAsNodes: false } })).rejects.toThrow(
    "configuration.electronFuses should be",
  );
});

test("the fuses leave no way to run other code in the app's name", () => {
  expect(config.electronFuses).toEqual({
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    onlyLoadAppFromAsar: true,
    enableEmbeddedAsarIntegrityValidation: true,
    enableCookieEncryption: true,
    grantFileProtocolExtraPrivileges: false,
    loadBrowserProcessSpecificV8Snapshot: false,
  });
  expect(config.asar).toEqual({ smartUnpack: false });
});

test("on macOS only the token host's helper may load libraries that others have signed", () => {
  const parts = ["", " Helper", " Helper (Renderer)", " Helper (GPU)", " Helper (Plugin)"];
  const allowed = parts.filter((part) => {
    const file = part === "" ? "/tmp/Tokenglass.app" : `${bundle}/Frameworks/Tokenglass${part}.app`;
    return readFileSync(entitlementsFor(file), "utf8").includes(libraryValidation);
  });
  expect(allowed).toEqual([" Helper (Plugin)"]);
  expect(
    entitlementsFor(`${bundle}/Frameworks/Tokenglass Helper (Plugin).app/Contents/MacOS/Tokenglass Helper (Plugin)`),
  ).toBe(tokenHostEntitlements);
  expect(entitlementsFor(`${bundle}/Resources/app.asar.unpacked/node_modules/pkcs11js/build/Release/pkcs11.node`)).toBe(
    appEntitlements,
  );
});

test("without the signing hook no part would get the exception", () => {
  const { hardenedRuntime, entitlements, entitlementsInherit } = config.mac ?? {};
  expect(hardenedRuntime).toBe(true);
  for (const file of [entitlements, entitlementsInherit])
    expect(readFileSync(String(file), "utf8")).not.toContain(libraryValidation);
});

test("packages for the four systems' ways to install are made, from icons that are there", () => {
  expect([config.linux?.target, config.mac?.target, config.win?.target]).toEqual([
    ["deb", "AppImage"],
    ["dmg"],
    ["nsis"],
  ]);
  for (const icon of [config.linux?.icon, config.mac?.icon, config.win?.icon])
    expect(existsSync(String(icon))).toBe(true);
});

test("on Windows the program lies where only administrators may write", () => {
  expect(config.nsis).toMatchObject({ perMachine: true, oneClick: false });
});
